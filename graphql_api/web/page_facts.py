"""What every page knows of the service: who operates it, and where the running source is."""

from contextvars import ContextVar
from dataclasses import dataclass, field

from graphql_api.web.operator import Operator
from graphql_api.web.page_branding import PageBranding


@dataclass(frozen=True, slots=True)
class PageFacts:
    """Facts of the service. `source_url` is empty where it is not known (AGPL, section 13)."""

    operator: Operator = field(default_factory=Operator)
    source_url: str = ""
    branding: PageBranding | None = None


_NONE = PageFacts()
FACTS: ContextVar[PageFacts] = ContextVar("page_facts", default=_NONE)

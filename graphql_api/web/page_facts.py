"""What every page knows of the service: who operates it, and where the running source is."""

from contextvars import ContextVar
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Receive, Scope, Send

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


@dataclass(frozen=True, slots=True)
class PageFactsMiddleware:
    """An ASGI application whose pages know the facts.

    It wraps the whole service, so that the makers of pages need not pass them on.
    """

    app: ASGIApp
    facts: PageFacts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        before = FACTS.set(self.facts)
        try:
            await self.app(scope, receive, send)
        finally:
            FACTS.reset(before)

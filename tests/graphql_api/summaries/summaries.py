"""How tests of summaries register sites, give consents and read."""

from typing import Any

from graphql_api.callers import sites
from graphql_api.serving import build_service
from graphql_api.storage.actors import Anonymous
from tests.conftest import Caller, Here

SUMMARY = """id sections expiresAt changedAt
  holder { civility { code label } lastName firstName }
  counts { rubric label count }
  currentPosts { fromSituation jobTitle employerName employerSiret department status filiere
    cadreEmplois grade category permanentJob since }
  trainingTitles { rubric title }
  competences { kind label domain selfLevel languageCode cefr lastUsed codes }
  authorisations { accreditationType title categories licenceCategory validUntil validity }
  experienceTitles { rubric title }"""
PAGE = f"""query($first: Int! = 50, $after: String, $since: DateTime) {{
  bookletSummaries(first: $first, after: $after, changedSince: $since) {{
    nodes {{ {SUMMARY} }} gone {{ id at reason }} pageInfo {{ hasNextPage endCursor }} asOf totalCount
  }}
}}"""
SECTIONS = [
    "HOLDER",
    "COUNTS",
    "CURRENT_POST",
    "TRAINING_TITLES",
    "COMPETENCES",
    "AUTHORISATIONS_STATUS",
    "EXPERIENCE_TITLES",
]
FIELDS = [
    "holder",
    "counts",
    "currentPosts",
    "trainingTitles",
    "competences",
    "authorisations",
    "experienceTitles",
]


def read(site: Caller, **variables: Any) -> Any:
    """A page as a site reads it."""
    return site.ask(PAGE, **variables)["bookletSummaries"]


def ids(page: Any) -> list[str]:
    """The summaries of a page, in its order."""
    return [one["id"] for one in page["nodes"]]


def gone(page: Any) -> list[tuple[str, str]]:
    """What a page says to forget, and why."""
    return [(one["id"], one["reason"]) for one in page["gone"]]


def registered(here: Here, code: str = "75") -> Caller:
    """The machine of a regional site that the operator registered."""
    service = build_service(here.deployment.settings, here.clock)
    try:
        with service.store.writing():
            client = sites.register(service.operation(Anonymous()), code).client_id
    finally:
        service.close()
    return here.machine(client)

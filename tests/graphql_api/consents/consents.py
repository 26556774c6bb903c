"""How tests of consents ask: documents with all that they select, terms, and what is stored."""

from datetime import timedelta
from typing import Any

from tests.conftest import Caller, Here
from tests.graphql_api.signing_rows import sign_rows
from tests.graphql_api.summaries.summaries import registered as registered

CONSENT = """id version site { code name kind } sections purpose { code label } purposeText
  noticeVersion noticeSha256 givenAt expiresAt endedAt endedBy"""
REFUSED = """... on Refusal { code message } ... on WrongState { state }
  ... on InvalidEntry { problems { path code message } } ... on NotFound { path }"""
CONFLICT = f"... on Conflict {{ currentVersion currentConsent {{ {CONSENT} }} }}"
OUTDATED = "... on OutdatedNotice { notice { version sha256 written } }"
NOTICE = """query($consent: ConsentInput!) { consentNotice(consent: $consent) {
  __typename ... on InvalidEntry { problems { path code message } }
  ... on ConsentNotice { version sha256 written text { version title source sections { heading paragraphs } } }
} }"""
GIVE = f"""mutation($consent: ConsentInput!, $notice: String!, $replaces: ID, $key: String) {{
  consentGive(consent: $consent, notice: $notice, replaces: $replaces, idempotencyKey: $key) {{
    __typename {REFUSED} {CONFLICT} {OUTDATED} ... on LimitReached {{ limit }}
    ... on ConsentAlreadyGiven {{ consent {{ {CONSENT} }} }}
    ... on ConsentGiven {{ consent {{ {CONSENT} }} }}
  }}
}}"""
NARROW = f"""mutation($id: ID!, $version: Int!, $sections: [SummarySection!]!, $key: String) {{
  consentNarrow(id: $id, version: $version, sections: $sections, idempotencyKey: $key) {{
    __typename {REFUSED} {CONFLICT} ... on ConsentNarrowed {{ consent {{ {CONSENT} }} }}
  }}
}}"""
RENEW = f"""mutation($id: ID!, $version: Int!, $on: Date!, $notice: String!, $key: String) {{
  consentRenew(id: $id, version: $version, expiresOn: $on, notice: $notice, idempotencyKey: $key) {{
    __typename {REFUSED} {CONFLICT} {OUTDATED} ... on ConsentRenewed {{ consent {{ {CONSENT} }} }}
  }}
}}"""
WITHDRAW = f"""mutation($id: ID!, $key: String) {{ consentWithdraw(id: $id, idempotencyKey: $key) {{
  __typename {REFUSED} ... on ConsentWithdrawn {{ consent {{ {CONSENT} }} }}
}} }}"""
CONSENTS = f"{{ booklet {{ consents {{ {CONSENT} }} }} }}"


def day(here: Here, days: int) -> str:
    """The day in France so many days from the service's today."""
    return (here.clock.today + timedelta(days=days)).isoformat()


def terms(here: Here, *sections: str, **more: Any) -> dict[str, Any]:
    """Terms that have no fault: for Nouvelle-Aquitaine, counts and competences, for 90 days."""
    said = {
        "site": "75",
        "sections": list(sections or ("COUNTS", "COMPETENCES")),
        "purpose": "CONSEIL_PARCOURS",
        "expiresOn": day(here, 90),
    }
    return said | more


def notice(caller: Caller, terms: dict[str, Any]) -> str:
    """The hash of the notice of these terms."""
    shown = caller.ask(NOTICE, consent=terms)["consentNotice"]
    assert shown["__typename"] == "ConsentNotice", shown
    return str(shown["sha256"])


def give(caller: Caller, terms: dict[str, Any], **more: Any) -> Any:
    """Read the notice and consent; whatever is answered."""
    return caller.do(GIVE, consent=terms, notice=notice(caller, terms), **more)


def given(
    here: Here, caller: Caller, *sections: str, replaces: str | None = None, **more: Any
) -> Any:
    """A consent, just given."""
    answer = give(caller, terms(here, *sections, **more), replaces=replaces)
    assert answer["__typename"] == "ConsentGiven", answer
    return answer["consent"]


def consents(caller: Caller) -> Any:
    """The consents of a booklet, as its owner sees them."""
    return caller.ask(CONSENTS)["booklet"]["consents"]


def rows(here: Here, table: str, *columns: str) -> list[tuple[Any, ...]]:
    """Columns of all rows of a table."""
    said = ", ".join(columns) or "*"
    found = here.deployment.store.database.execute_sql(
        f'SELECT {said} FROM "{table}" ORDER BY 1, 2'
    )
    return list(found.fetchall())


def kinds_of_events(here: Here) -> list[str]:
    """What happened, in the order of the chain."""
    return [row[1] for row in rows(here, "consent_event", "number", "kind")]


def change(here: Here, sql: str) -> int:
    """Change what is stored behind the service's back; how many rows."""
    changed = int(here.deployment.store.database.execute_sql(sql).rowcount)
    sign_rows(here.deployment.store)
    return changed

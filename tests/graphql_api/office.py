"""What the tests of codes and officers share: documents, officers, looks into the tables."""

from datetime import UTC, date, datetime
from typing import Any

from graphql_api.callers.officers import add_officer
from graphql_api.codes.codes import Batch, new_code
from graphql_api.storage.actors import Agent
from tests.conftest import Caller, Here

BORDEAUX = "21330063500017"
TOURS = "21370261600011"
OFFICER_SCOPE = "rh:codes"
ISSUE = """mutation($siret: String!, $count: Int!, $uses: Int! = 1, $until: Date) {
  codesIssue(siret: $siret, count: $count, uses: $uses, expiresOn: $until) {
    __typename ... on Refusal { code message }
    ... on InvalidEntry { problems { path code message } }
    ... on CodesIssued { batch siret expiresAt uses codes printableList }
  }
}"""
CODE_FIELDS = "id batch createdAt expiresAt used revoked"
LIST = f"""query($siret: String!, $first: Int! = 50, $after: String) {{
  authorizationCodes(siret: $siret, first: $first, after: $after) {{
    nodes {{ {CODE_FIELDS} }} endCursor
  }}
}}"""
REVOKE = f"""mutation($id: ID!) {{ codeRevoke(id: $id) {{
  __typename ... on Refusal {{ code message }} ... on NotFound {{ path }}
  ... on CodeRevoked {{ authorizationCode {{ {CODE_FIELDS} }} }}
}} }}"""
OFFICER_OF = "{ officerOf }"


def batch(**changes: Any) -> Batch:
    """A batch of two codes that were issued in Bordeaux, but for the changes."""
    facts = {"id": "b", "siret": BORDEAUX, "last_day": date(2027, 11, 1), "uses": 1}
    facts |= {"expires_at": datetime(2027, 11, 2, tzinfo=UTC), "codes": [new_code(), new_code()]}
    return Batch(**(facts | changes))


def officer(here: Here, name: str = "officer", siret: str = BORDEAUX) -> Caller:
    """Somebody whom the operator made an officer of a collectivité."""
    service = here.deployment.service
    who = Agent(here.deployment.settings.identity_issuer, name, frozenset())
    with service.store.writing():
        add_officer(service.operation(who), who, siret)
    return here.caller(name, OFFICER_SCOPE)


def issued(caller: Caller, count: int = 1, siret: str = BORDEAUX, **more: Any) -> Any:
    """A batch of codes that an officer has just made."""
    answer = caller.do(ISSUE, siret=siret, count=count, **more)
    assert answer["__typename"] == "CodesIssued", answer
    return answer


def listed(caller: Caller, siret: str = BORDEAUX, **more: Any) -> Any:
    """A page of a collectivité's codes."""
    return caller.ask(LIST, siret=siret, **more)["authorizationCodes"]


def codes_seen(caller: Caller, siret: str = BORDEAUX) -> list[Any]:
    """The first page of a collectivité's codes."""
    return list(listed(caller, siret, first=100)["nodes"])


def stored(here: Here) -> dict[str, list[Any]]:
    """Every row of every table, of both stores."""
    database, keys = here.deployment.store.database, here.deployment.key_store.database
    rows = {
        table: sorted(map(repr, database.execute_sql(f"SELECT * FROM {table}").fetchall()))
        for table in here.deployment.tables
    }
    rows["booklet_key"] = sorted(map(repr, keys.execute_sql("SELECT * FROM booklet_key")))
    return rows

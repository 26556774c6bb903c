"""What the tests of codes and officers share: documents, officers, looks into the tables."""

from datetime import UTC, date, datetime
from typing import Any

from graphql_api.callers.local_authorities import give_name
from graphql_api.callers.officers import add_officer
from graphql_api.codes import references
from graphql_api.codes.codes import Batch, new_code
from graphql_api.codes.outcomes import IssuedCode, LocalAuthority
from graphql_api.storage.actors import Agent, Anonymous
from tests.conftest import Caller, Here

BORDEAUX = "21330063500017"
BORDEAUX_CITY = LocalAuthority(siret=BORDEAUX, name="Ville de Bordeaux", label="Ville de Bordeaux")
TOURS = "21370261600011"
OFFICER_SCOPE = "rh:codes"
ISSUE = """mutation($siret: String!, $count: Int!, $uses: Int! = 1, $until: Date, $key: String) {
  codesIssue(siret: $siret, count: $count, uses: $uses, expiresOn: $until, idempotencyKey: $key) {
    __typename ... on Refusal { code message }
    ... on InvalidEntry { problems { path code message } } ... on CodesAlreadyIssued { batch }
    ... on CodesIssued {
      batch localAuthority { siret name label } expiresAt lastDay uses codes { reference code } printableList
    }
  }
}"""
CODE_FIELDS = "id reference batch createdAt expiresAt lastDay expired revoked"
LIST = f"""query($siret: String!, $first: Int! = 50, $after: String, $batch: ID) {{
  authorizationCodes(siret: $siret, first: $first, after: $after, batch: $batch) {{
    nodes {{ {CODE_FIELDS} }} pageInfo {{ hasNextPage endCursor }}
  }}
}}"""
FIND = f"""query($siret: String!, $reference: String!) {{
  authorizationCode(siret: $siret, reference: $reference) {{ {CODE_FIELDS} }}
}}"""
REVOKE_BATCH = """mutation($siret: String!, $id: ID!) {
  codeBatchRevoke(siret: $siret, id: $id) {
    __typename ... on Refusal { code message } ... on NotFound { path }
    ... on CodeBatchRevoked { codeBatch { id count revoked used } }
  }
}"""
BATCH = """query($siret: String!, $id: ID!) {
  codeBatch(siret: $siret, id: $id) { id count revoked used lastDay }
}"""
BATCHES = """query($siret: String!, $first: Int! = 50, $after: String) {
  codeBatches(siret: $siret, first: $first, after: $after) {
    nodes { id createdAt expiresAt lastDay expired uses count revoked used } pageInfo { hasNextPage endCursor }
  }
}"""
REVOKE = f"""mutation($siret: String!, $reference: String!) {{
  codeRevoke(siret: $siret, reference: $reference) {{
  __typename ... on Refusal {{ code message }} ... on NotFound {{ path }}
  ... on CodeRevoked {{ authorizationCode {{ {CODE_FIELDS} }} }}
  }}
}}"""
OFFICER_OF = "{ officerOf { siret } }"

_COLUMNS = {"codes": "code", "references": "reference"}


def made() -> IssuedCode:
    """A code with its reference, as they come from issuing."""
    return IssuedCode(reference=references.draw(), code=new_code())


def batch(**changes: Any) -> Batch:
    """A batch of two codes that were issued in Bordeaux, but for the changes."""
    facts = {"id": "b", "local_authority": BORDEAUX_CITY, "last_day": date(2027, 11, 1), "uses": 1}
    facts |= {"expires_at": datetime(2027, 11, 2, tzinfo=UTC), "codes": [made(), made()]}
    return Batch(**(facts | changes))


def officer(here: Here, name: str = "officer", siret: str = BORDEAUX) -> Caller:
    """Somebody whom the operator made an officer of a collectivité."""
    service = here.deployment.service
    who = Agent(here.deployment.settings.identity_issuer, name, frozenset())
    with service.store.writing():
        add_officer(service.operation(who), who, siret)
    return here.caller(name, OFFICER_SCOPE)


def named(here: Here, name: str, siret: str = BORDEAUX) -> None:
    """Call a collectivité by a name, as the operator does."""
    service = here.deployment.service
    with service.store.writing():
        give_name(service.operation(Anonymous()), siret, name)


def issued(caller: Caller, count: int = 1, siret: str = BORDEAUX, **more: Any) -> Any:
    """A batch that an officer has just made: the codes alone, and their references."""
    answer = caller.do(ISSUE, siret=siret, count=count, **more)
    assert answer["__typename"] == "CodesIssued", answer
    made = answer["codes"]
    return answer | {name: [one[key] for one in made] for name, key in _COLUMNS.items()}


def offices(caller: Caller) -> list[str]:
    """The collectivités for which somebody is an officer."""
    return [one["siret"] for one in caller.ask(OFFICER_OF)["officerOf"]]


def revoked(caller: Caller, reference: str, siret: str = BORDEAUX) -> Any:
    """What somebody is answered who revokes a code."""
    return caller.do(REVOKE, siret=siret, reference=reference)


def listed(caller: Caller, siret: str = BORDEAUX, **more: Any) -> Any:
    """A page of a collectivité's codes."""
    return caller.ask(LIST, siret=siret, **more)["authorizationCodes"]


def batches_seen(caller: Caller, siret: str = BORDEAUX) -> list[Any]:
    """The first page of a collectivité's batches."""
    return list(caller.ask(BATCHES, siret=siret, first=100)["codeBatches"]["nodes"])


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

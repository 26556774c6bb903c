"""How tests read the journal, and what strangers ask for."""

from typing import Any

from graphql_api.callers.access_log import NO_BOOKLET
from tests.conftest import Caller, Here
from tests.graphql_api.documents import whole

JOURNAL = """query($first: Int! = 50, $after: String) { booklet {
  accessRecords(first: $first, after: $after) {
    nodes { id at who what outcome sentence times } pageInfo { hasNextPage endCursor }
  }
} }"""
BOOKLET = "query($id: ID!) { booklet(id: $id) { id } }"
DOSSIER = "query($id: ID!) { sharedDossier(id: $id) { title } }"
TITLE = "Livret individuel de formation"


def journal(caller: Caller, **page: Any) -> Any:
    """The journal of a caller's booklet, newest first."""
    return caller.ask(JOURNAL, **page)["booklet"]["accessRecords"]["nodes"]


def rows(here: Here) -> int:
    """How many records are stored, of all booklets; those of ids that nothing has do not count."""
    counted = here.deployment.store.database.execute_sql(
        f"SELECT count(*) FROM access_record WHERE booklet <> '{NO_BOOKLET}'"
    )
    return int(counted.fetchone()[0])


def ids_of(caller: Caller) -> tuple[str, str]:
    """A caller's booklet and its built-in dossier."""
    seen = whole(caller)
    return seen["id"], seen["dossiers"][0]["id"]

"""What the tests of closing share: documents, a full booklet, and where to look for what is left."""

from typing import Any

from graphql_api.booklets.booklets import require_open_row
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.storage.actors import Agent, PrintJob
from graphql_api.storage.communicated import reminder_repository
from graphql_api.storage.store import Store
from tests.conftest import Caller, Deployment, Here
from tests.graphql_api.canaries import sow
from tests.graphql_api.consents.consents import given, registered
from tests.graphql_api.documents import whole
from tests.graphql_api.share_links import share_links

KEY_TABLES = ("booklet_key",)
LEFT_BEHIND = ("tombstone", "summary_stone", "consent_event")  # of a booklet with a live consent
WORDS = "FERMER MON LIVRET"
ACCOUNT_WORDS = "SUPPRIMER MON COMPTE"
REFUSED = """... on Refusal { code message } ... on RecentSignInRequired { maxAge }
  ... on InvalidEntry { problems { path code message } }"""
CLOSE = f"""mutation($words: String!) {{ bookletClose(confirmation: $words) {{
  __typename {REFUSED} ... on WrongState {{ state }}
  ... on BookletClosed {{ receipt {{ number closedAt entriesDeleted }} }}
}} }}"""
CLOSE_ACCOUNT = f"""mutation($words: String!) {{ accountClose(confirmation: $words) {{
  __typename {REFUSED}
  ... on AccountClosed {{ closedAt bookletReceipt {{ number closedAt entriesDeleted }} }}
}} }}"""
DOSSIER = "query($id: ID!) { sharedDossier(id: $id) { title holder { lastName } } }"


def close(caller: Caller, words: str = WORDS) -> Any:
    return caller.do(CLOSE, words=words)


def close_account(caller: Caller, words: str = ACCOUNT_WORDS) -> Any:
    return caller.do(CLOSE_ACCOUNT, words=words)


def full_booklet(here: Here, name: str = "owner") -> Caller:
    """An agent whose booklet has something in every table, the journal and kept answers included."""
    caller = here.caller(name)
    if not here.nobody().ask("{ sites { code } }")["sites"]:
        registered(here)
    here.deployment.copies.of(("full", name), here.clock(), lambda: _fill(here, name))
    return caller


def _fill(here: Here, name: str) -> None:
    caller, _ = sow(here, name)
    given(here, caller, replaces=given(here, caller)["id"])
    assert share_links.reader(here, share_links.issued(caller)).has_opened()
    _want_reminders(here, caller)
    reader = print_job(here, caller)
    assert reader.ask(DOSSIER, id=whole(caller)["dossiers"][0]["id"])["sharedDossier"]


def _want_reminders(here: Here, caller: Caller) -> None:
    """Say yes to reminders, as if the agent had an address."""
    service = here.deployment.service
    op = service.operation(Agent(OWN_ISSUER, caller.name, frozenset()))
    with service.store.writing():
        row, sealer = require_open_row(op)
        reminder_repository.enable(op, sealer, row.id)


def print_job(here: Here, caller: Caller) -> Caller:
    """The print workshop, with a token for the caller's first dossier."""
    booklet = whole(caller)
    credentials = here.deployment.service.credentials
    token = credentials.print_token(booklet["id"], booklet["dossiers"][0]["id"])
    assert isinstance(credentials.actor(f"Bearer {token}"), PrintJob)
    return Caller(here.client, token, "print")


def rows(store: Store, table: str) -> list[tuple[Any, ...]]:
    """All rows of a table."""
    return list(store.database.execute_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall())


def tables_with_rows_of(deployment: Deployment, booklet: str) -> set[str]:
    """The tables of both stores in which the id of a booklet turns up, in whatever column."""
    return {
        table
        for store in (deployment.store, deployment.key_store)
        for table in store.database.get_tables()
        if any(booklet in row for row in rows(store, table))
    }


def everything(deployment: Deployment) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of both stores, to compare before and after."""
    return {
        table: rows(store, table)
        for store, tables in (
            (deployment.store, deployment.tables),
            (deployment.key_store, KEY_TABLES),
        )
        for table in tables
    }


def check_untouched(deployment: Deployment, others: dict[str, list[tuple[Any, ...]]]) -> None:
    """All rows of others are there, and none besides but what a closing leaves to outlive it."""
    for table, kept in everything(deployment).items():
        left = [row for row in kept if row not in others[table]]
        assert [row for row in kept if row in others[table]] == others[table], table
        assert len(left) == (table in LEFT_BEHIND), (table, left)


def put_back(deployment: Deployment, backup: dict[str, list[tuple[Any, ...]]]) -> None:
    """Restore a backup of the data, and of the data only."""
    store = deployment.store
    mark = "?" if store.is_sqlite else "%s"
    for table in deployment.tables:
        store.database.execute_sql(f'DELETE FROM "{table}"')
        for row in backup[table]:
            marks = ", ".join([mark] * len(row))
            store.database.execute_sql(f'INSERT INTO "{table}" VALUES ({marks})', row)


def destroyed(deployment: Deployment, booklet: str) -> bool:
    """What the tombstone of a booklet says of its key."""
    found = [row for row in rows(deployment.store, "tombstone") if row[0] == booklet]
    assert len(found) == 1
    return bool(found[0][2])

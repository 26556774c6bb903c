"""The access log: what anyone but its owner reads of a booklet, or is refused.

An operation collects the accesses to record, and its answer leaves once they are committed: no log,
no answer. An id that nothing has leaves no trace, and is answered like one that is not the caller's.
"""

import re

from peewee import DatabaseError

from graphql_api.storage import access_record_repository
from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob
from graphql_api.storage.booklet_repository import dossier_context, sealer_of
from graphql_api.storage.encryption import Sealer
from graphql_api.storage.operation import Access, Operation
from graphql_api.storage.people import person_of
from graphql_api.storage.store import StoreUnavailableError
from graphql_api.storage.tables import BookletTable, DossierTable
from schema.sharing.access_record import Accessed, Accessor, AccessOutcome

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_ACCESSOR: dict[type[Actor], Accessor] = {
    Anonymous: Accessor.NOT_SIGNED_IN,
    Agent: Accessor.SOMEBODY_ELSE,
    Machine: Accessor.SOMEBODY_ELSE,
    PrintJob: Accessor.PRINT_WORKSHOP,
}
_OWNER = {
    Accessed.BOOKLET: BookletTable.select(BookletTable.id, BookletTable.person)
    .where(BookletTable.id == "id")
    .tuples(),
    Accessed.DOSSIER: DossierTable.select(DossierTable.booklet, BookletTable.person)
    .join(BookletTable, on=(BookletTable.id == DossierTable.booklet))
    .where(DossierTable.id == "id")
    .tuples(),
}


def record(op: Operation, what: Accessed, id: str, outcome: AccessOutcome) -> None:
    """Collect an access to record, unless nothing has that id or the owner is who reads.

    What is printed for the owner is read by the owner.
    """
    if isinstance(op.actor, PrintJob) and op.actor.for_owner and outcome is AccessOutcome.READ:
        return
    if not _ID.fullmatch(id):  # every id is made here, in this form
        return
    rows = op.store.rows_of(f"owner of {what.name}", _OWNER[what], id)
    if rows and rows[0][1] != person_of(op):
        op.accesses.add(Access(rows[0][0], what.name, id, outcome.name))


def flush(op: Operation) -> None:
    """Insert the collected accesses, in the current transaction. Raises `StoreUnavailableError`."""
    try:
        for booklet in sorted({access.booklet for access in op.accesses}):
            _insert(op, booklet, sorted(one for one in op.accesses if one.booklet == booklet))
    except DatabaseError as error:
        raise StoreUnavailableError(type(error).__name__) from error
    op.accesses.clear()


def lock_booklet(op: Operation, booklet: str) -> bool:
    """Lock the row of a booklet until this operation ends; False when there is none."""
    query = BookletTable.select(BookletTable.id).where(BookletTable.id == booklet)
    return op.store.row((query if op.store.is_sqlite else query.for_update()).tuples()) is not None


def _insert(op: Operation, booklet: str, accesses: list[Access]) -> None:
    sealer = sealer_of(op, booklet) if lock_booklet(op, booklet) else None
    if sealer is None:  # closed meanwhile: there is nobody left to tell
        return
    for access in accesses:
        what = Accessed[access.what]
        title = _title(op, sealer, access) if what is Accessed.DOSSIER else None
        outcome = AccessOutcome[access.outcome]
        who = _ACCESSOR[type(op.actor)]
        access_record_repository.insert(op, sealer, booklet, who, what, outcome, title)
    access_record_repository.prune(op, [booklet])


def _title(op: Operation, sealer: Sealer, access: Access) -> str | None:
    query = DossierTable.select(DossierTable.version, DossierTable.sealed).where(
        DossierTable.booklet == access.booklet, DossierTable.id == access.id
    )
    found = op.store.row(query.tuples())
    if found is None:
        return None
    title: str = sealer.open(dossier_context(access.id, found[0]), found[1])["title"]
    return title

"""The access log: what anyone but its owner reads of a booklet, or is refused.

An operation collects the accesses to record, and its answer leaves once they are committed: no log,
no answer. An id that nothing has is answered like one that is not the caller's, after the same
statements: nobody tells them apart by the time of the answer. What is written for it names a
booklet that nobody has, and the sweep deletes it.
"""

import re
from datetime import timedelta

from peewee import DatabaseError

from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.communicated import access_record_repository
from graphql_api.storage.content.booklet_rows import sealer_of
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.content.dossier_names import dossier_names
from graphql_api.storage.keys.encryption import Sealer, new_key
from graphql_api.storage.operation import Access, Operation
from graphql_api.storage.people import person_of
from graphql_api.storage.store import Store
from graphql_api.storage.tables import AccessRecordTable, BookletTable, DossierIndexTable
from schema.sharing.access_record import Accessed, Accessor, AccessOutcome

# Stand for the booklet of an id that nothing has, and for its key.
NO_BOOKLET = "00000000-0000-4000-8000-000000000000"
NO_SEALER = Sealer(NO_BOOKLET, new_key())
_HOUR = timedelta(hours=1)
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
    Accessed.DOSSIER: DossierIndexTable.select(DossierIndexTable.booklet, BookletTable.person)
    .join(BookletTable, on=(BookletTable.id == DossierIndexTable.booklet))
    .where(DossierIndexTable.id == "id")
    .tuples(),
}


def record(op: Operation, what: Accessed, id: str, outcome: AccessOutcome) -> None:
    """Collect an access to record, unless the owner is who reads.

    What is printed for the owner is read by the owner.
    """
    if isinstance(op.actor, PrintJob) and op.actor.for_owner and outcome is AccessOutcome.READ:
        return
    if not _ID.fullmatch(id):  # every id is made here, in this form
        return
    rows = op.store.rows_of(f"owner of {what.name}", _OWNER[what], id)
    booklet, person = rows[0] if rows else (NO_BOOKLET, None)
    if person_of(op) != person or not rows:
        op.accesses.add(Access(booklet, what.name, id, outcome.name))


def flush(op: Operation) -> None:
    """Insert the collected accesses, in the current transaction. Raises `StoreUnavailableError`.

    In the order of booklets, which are locked. Each access costs the same statements, so that those
    of a document do not tell which of its ids are somebody's.
    """
    try:
        for access in sorted(op.accesses):
            _insert(op, access)
    except DatabaseError as error:
        raise op.store.unavailable(error) from error
    op.accesses.clear()


def delete_old_refusals_of_nothing(store: Store, now_us: int) -> int:
    """Delete what was written for ids that nothing has, once its hour is over; return how many."""
    of_nothing = AccessRecordTable.booklet == NO_BOOKLET
    old = AccessRecordTable.at <= now_us - _HOUR // timedelta(microseconds=1)
    return delete_in_batches(store, AccessRecordTable, of_nothing, old)


def lock_booklet(op: Operation, booklet: str) -> bool:
    """Lock the row of a booklet until this operation ends; False when there is none."""
    query = BookletTable.select(BookletTable.id).where(BookletTable.id == booklet)
    return op.store.row((query if op.store.is_sqlite else query.for_update()).tuples()) is not None


def _insert(op: Operation, access: Access) -> None:
    booklet = access.booklet if lock_booklet(op, access.booklet) else NO_BOOKLET
    try:
        sealer = sealer_of(op, access.booklet)
    except DamagedKeyError:  # nothing can be written for its owner, nor was anything read
        sealer = None
    if sealer is None or booklet == NO_BOOKLET:  # or closed meanwhile: there is nobody to tell
        booklet, sealer = NO_BOOKLET, NO_SEALER
    what = Accessed[access.what]
    title = _title(op, sealer, booklet, access.id) if what is Accessed.DOSSIER else None
    outcome = AccessOutcome[access.outcome]
    who = _ACCESSOR[type(op.actor)]
    access_record_repository.insert(op, sealer, booklet, who, what, outcome, title)
    access_record_repository.prune(op, [booklet])


def _title(op: Operation, sealer: Sealer, booklet: str, dossier: str) -> str | None:
    names = dossier_names(op, sealer, booklet, dossier)
    return names.title if names else None

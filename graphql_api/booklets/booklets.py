"""The caller's booklet: loading it, requiring a state of it, counting the writes to it.

A booklet belongs to one person; anybody else is told that there is none.
"""

from typing import Any

from graphql_api.storage.booklet_repository import (
    BookletRow,
    LoadedBooklet,
    booklet_of,
    load,
    row_of_caller,
    sealer_of,
)
from graphql_api.storage.encryption import Sealer
from graphql_api.storage.operation import AnswerSlot, Operation
from graphql_api.storage.tables import BookletTable, ConsentTable
from schema import texts
from schema.booklet import Booklet
from schema.description.refusals import BookletState, OutdatedCharter, Refused, WrongState


def load_own(op: Operation) -> LoadedBooklet | None:
    """Load the caller's own booklet; None when there is none."""
    row = row_of_caller(op)
    return load(op, row) if row else None


def require_open(op: Operation) -> LoadedBooklet:
    """Load the caller's open booklet, to write to it.

    Refused with `WrongState` in any other state, and with `OutdatedCharter` until a new version of
    the charter is accepted.
    """
    row = row_of_caller(op)
    loaded = load(op, row) if row and row.state is BookletState.OPEN else None
    if loaded is None:
        raise Refused(WrongState(state=row.state if row else BookletState.NONE))
    check_charter(loaded.row)
    op.answer_slot = AnswerSlot(loaded.id, loaded.sealer)
    return loaded


def require_open_row(op: Operation) -> tuple[BookletRow, Sealer]:
    """The row and the sealer of the caller's open booklet, for what needs no more of it.

    Refused with `WrongState` in any other state.
    """
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row and row.state is BookletState.OPEN else None
    if row is None or sealer is None:
        raise Refused(WrongState(state=row.state if row else BookletState.NONE))
    op.answer_slot = AnswerSlot(row.id, sealer)
    return row, sealer


def check_charter(row: BookletRow) -> None:
    """Refuse with `OutdatedCharter` when the accepted charter is not the one in force."""
    if row.charter_version != texts.CHARTER.version:
        raise Refused(OutdatedCharter(version=texts.CHARTER.version))


def get(op: Operation, id: str | None = None) -> Booklet | None:
    """The caller's booklet; None when there is none, or when `id` is not its id."""
    loaded = load_own(op)
    if loaded is None or (id is not None and id != loaded.id):
        return None
    return booklet_of(op, loaded)


def bump_version(op: Operation, loaded: LoadedBooklet, **columns: Any) -> None:
    """Count a write to a booklet, and write these columns of its row.

    Sites with a live consent will find its summary changed. The consents are written first: a
    reader of summaries locks the consent, then what the summary is made of.
    """
    if loaded.row.is_consented:
        live = (ConsentTable.booklet == loaded.id, ConsentTable.expires_at > op.now_us)
        op.store.run(ConsentTable.update(changed_at=op.now_us).where(*live))
    op.store.run(
        BookletTable.update(
            version=BookletTable.version + 1, updated_at=op.now_us, **columns
        ).where(BookletTable.id == loaded.id)
    )


def reload(op: Operation, loaded: LoadedBooklet) -> Booklet:
    """The booklet as this operation has left it."""
    row = row_of_caller(op)
    now = load(op, row) if row else None
    return booklet_of(op, now or loaded)

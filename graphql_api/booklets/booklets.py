"""The caller's booklet: loading it, requiring a state of it.

A booklet belongs to one person; anybody else is told that there is none.
"""

from graphql_api.storage.content.booklet_repository import booklet_of, find, load
from graphql_api.storage.content.booklet_rows import BookletRow, row_of_caller, sealer_of
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import AnswerSlot, Operation
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
    loaded = find(op, row) if row and row.state is BookletState.OPEN else None
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
    row = row_of_caller(op)
    found = find(op, row) if row and id in (None, row.id) else None
    return None if found is None else booklet_of(op, found)


def reload(op: Operation, loaded: LoadedBooklet) -> Booklet:
    """The booklet as this operation has left its rows."""
    row = row_of_caller(op)
    now = find(op, row) if row else None
    return booklet_of(op, now or loaded)

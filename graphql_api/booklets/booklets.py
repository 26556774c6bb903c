"""The caller's booklet: loading it, requiring a state of it, counting the writes to it.

A booklet belongs to one person; anybody else is told that there is none.
"""

from typing import Any

from graphql_api.storage.booklet_repository import Head, Held, booklet_of, own_head, take
from graphql_api.storage.operation import AnswerPlace, Operation
from graphql_api.storage.tables import BookletTable, ConsentTable
from schema import texts
from schema.booklet import Booklet
from schema.description.refusals import BookletState, OutdatedCharter, Refused, WrongState


def load_own(op: Operation) -> Held | None:
    """Load the caller's own booklet; None when there is none."""
    head = own_head(op)
    return take(op, head) if head else None


def require_open(op: Operation) -> Held:
    """Load the caller's open booklet, to write to it.

    Refused with `WrongState` in any other state, and with `OutdatedCharter` until a new version of
    the charter is accepted.
    """
    head = own_head(op)
    held = take(op, head) if head and head.state is BookletState.OPEN else None
    if held is None:
        raise Refused(WrongState(state=head.state if head else BookletState.NONE))
    check_charter(held.head)
    op.kept = AnswerPlace(held.id, held.vault)
    return held


def check_charter(head: Head) -> None:
    """Refuse with `OutdatedCharter` when the accepted charter is not the one in force."""
    if head.charter_version != texts.CHARTER.version:
        raise Refused(OutdatedCharter(version=texts.CHARTER.version))


def get(op: Operation, id: str | None = None) -> Booklet | None:
    """The caller's booklet; None when there is none, or when `id` is not its id."""
    held = load_own(op)
    if held is None or (id is not None and id != held.id):
        return None
    return booklet_of(op, held)


def bump_version(op: Operation, held: Held, **columns: Any) -> None:
    """Count a write to a booklet, and write these columns of its row.

    Sites with a live consent will find its summary changed. The consents are written first: a
    reader of summaries locks the consent, then what the summary is made of.
    """
    if held.head.is_consented:
        live = (ConsentTable.booklet == held.id, ConsentTable.expires_at > op.moment)
        op.store.run(ConsentTable.update(changed_at=op.moment).where(*live))
    op.store.run(
        BookletTable.update(
            version=BookletTable.version + 1, updated_at=op.moment, **columns
        ).where(BookletTable.id == held.id)
    )


def reload(op: Operation, held: Held) -> Booklet:
    """The booklet as this operation has left it."""
    head = own_head(op)
    now = take(op, head) if head else None
    return booklet_of(op, now or held)

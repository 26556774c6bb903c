"""Finding the caller's booklet and counting the writes to it.

A booklet belongs to one person; whoever else asks is told that there is none.
"""

from typing import Any

from graphql_api.storage.booklet_repository import Head, Held, booklet_of, own_head, take
from graphql_api.storage.operation import AnswerPlace, Operation
from graphql_api.storage.tables import BookletTable, ConsentTable
from schema import texts
from schema.booklet import Booklet
from schema.description.refusals import BookletState, OutdatedCharter, Refused, WrongState


def own(op: Operation) -> Held | None:
    """The caller's own booklet, or None."""
    head = own_head(op)
    return take(op, head) if head else None


def own_open(op: Operation) -> Held:
    """The caller's open booklet, to write to; refused in any other state.

    Refused with `OutdatedCharter` until a new version of the charter is accepted.
    """
    head = own_head(op)
    held = take(op, head) if head and head.state is BookletState.OPEN else None
    if held is None:
        raise Refused(WrongState(state=head.state if head else BookletState.NONE))
    check_charter(held.head)
    op.kept = AnswerPlace(held.id, held.vault)
    return held


def check_charter(head: Head) -> None:
    """Ask for the charter in force, when another version was accepted."""
    if head.charter_version != texts.CHARTER.version:
        raise Refused(OutdatedCharter(version=texts.CHARTER.version))


def read(op: Operation, id: str | None) -> Booklet | None:
    """The caller's booklet; None when there is none, or when `id` is another's."""
    held = own(op)
    if held is None or (id is not None and id != held.id):
        return None
    return booklet_of(op, held)


def touch(op: Operation, held: Held, **columns: Any) -> None:
    """Count a write to a booklet; sites with a live consent will find its summary changed.

    The consents come first: whoever reads a summary holds the consent, then what it is made of.
    """
    if held.head.is_consented:
        live = (ConsentTable.booklet == held.id, ConsentTable.expires_at > op.moment)
        op.store.run(ConsentTable.update(changed_at=op.moment).where(*live))
    op.store.run(
        BookletTable.update(
            version=BookletTable.version + 1, updated_at=op.moment, **columns
        ).where(BookletTable.id == held.id)
    )


def again(op: Operation, held: Held) -> Booklet:
    """The booklet as it is after what this operation wrote."""
    head = own_head(op)
    now = take(op, head) if head else None
    return booklet_of(op, now or held)

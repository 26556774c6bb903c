"""The verb of damaged parts: their owner removes one for good."""

from graphql_api.booklets.booklets import load_own, reload
from graphql_api.storage.content.booklet_repository import booklet_of, damaged_parts
from graphql_api.storage.content.booklet_writer import count_write
from graphql_api.storage.content.damage import refuse_if_damaged
from graphql_api.storage.content.damage_removal import REMOVALS, UNDER_THE_HEAD
from graphql_api.storage.operation import AnswerSlot, Operation
from schema.booklet import Booklet
from schema.damage import StoredKind
from schema.description.refusals import BookletState, NotFound, Refused, WrongState


def remove(op: Operation, kind: StoredKind, id: str) -> Booklet:
    """Remove a part that does not open, with the links that it had; return the booklet.

    Without its identity a booklet waits for a new one, and communicates nothing. The dossier of the
    whole booklet is made anew. Refused with `NotFound` for what opens, or is not there, with
    `Damaged` for what stands under a damaged head, which is removed first, and with `WrongState`
    when there is no booklet.
    """
    loaded = load_own(op)
    if loaded is None:
        raise Refused(WrongState(state=BookletState.NONE))
    op.answer_slot = AnswerSlot(loaded.id, loaded.sealer)
    damaged = damaged_parts(op, loaded, booklet_of(op, loaded))
    remove_part = REMOVALS.get(kind)
    if remove_part is None or not any(part.kind is kind and part.id == id for part in damaged):
        raise Refused(NotFound(path="id"))
    if kind in UNDER_THE_HEAD:
        refuse_if_damaged(op, loaded.id, StoredKind.HEAD, loaded.id)
    del op.damaged[loaded.id, kind, id]
    remove_part(op, loaded, id)
    count_write(op, loaded)
    return reload(op, loaded)

"""The verbs of dossiers: what is communicated of a booklet."""

from graphql_api.actors import PrintJob
from graphql_api.booklets import own_head
from graphql_api.operation import Operation
from graphql_api.shelf import Held, head_by_id, take
from schema.booklet import tied
from schema.dossier import SharedDossier, shared_dossier
from schema.refusals import BookletState


def read(op: Operation, id: str) -> SharedDossier | None:
    """A dossier of the caller's booklet, or the one that a print job is for; None otherwise."""
    held = _reachable(op, id)
    if held is None or held.identity is None or held.head.charter_version is None:
        return None
    dossier = next((one for one in held.dossiers if one.id == id), None)
    if dossier is None:
        return None
    return shared_dossier(
        dossier,
        held.identity,
        held.situation,
        tied(list(held.entries), held.links, held.evidence),
        charter_version=held.head.charter_version,
        as_of=op.today,
    )


def _reachable(op: Operation, id: str) -> Held | None:
    if isinstance(op.actor, PrintJob):
        head = head_by_id(op, op.actor.booklet) if op.actor.dossier == id else None
    else:
        head = own_head(op)
    return take(op, head) if head and head.state is BookletState.OPEN else None

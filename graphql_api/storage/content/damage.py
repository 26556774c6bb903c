"""Setting aside what does not open, so that the rest of a booklet reads and nothing overwrites it.

Whoever opens a sealed value catches `UNREADABLE` and calls `set_aside`: the part is absent from what
was read, and known to the operation. A verb asks `refuse_if_damaged` before it says that something
is not there, or writes in its place.
"""

import logging

from strawberry import ID

from graphql_api.engine.encoding import PublicError
from graphql_api.storage.keys.encryption import DecryptionError
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import StoreUnavailableError
from schema.damage import DAMAGED, HOLDING, Damaged, DamagedPart, StoredKind
from schema.description.refusals import Refused
from schema.description.rubric import RubricName

_log = logging.getLogger(__name__)

# What opens, but is no content of its kind, is as damaged as what does not open.
UNREADABLE = (DecryptionError, KeyError, TypeError, ValueError, AttributeError)
_KEY = (
    "La clé de ce livret est endommagée : rien ne peut en être lu ni écrit. Demandez à l’exploitant "
    "du service de la restaurer depuis une sauvegarde ; le livret peut aussi être fermé."
)
_ANSWER = (
    "La réponse gardée pour cette demande est endommagée : la demande n’est pas refaite. "
    "Relisez votre livret, puis envoyez-la sous une autre clé d’idempotence s’il le faut."
)


class NewerShapeError(StoreUnavailableError):
    """A stored value has a shape that only a newer program knows: this one is to be upgraded."""


class DamagedKeyError(PublicError):
    """The key of a booklet does not open, and so nothing of the booklet."""

    def __init__(self) -> None:
        super().__init__(_KEY, DAMAGED)


def check_shape(kind: StoredKind, id: str, shape: int, known: int) -> None:
    """Raise `NewerShapeError` for a shape beyond the newest that the program knows."""
    if shape > known:
        _log.error(
            "%s %s has shape %d, newer than %d: upgrade the program", kind.name, id, shape, known
        )
        raise NewerShapeError(f"shape {shape}")


def set_aside(
    op: Operation, booklet: str, kind: StoredKind, id: str, rubric: str | None = None
) -> None:
    """Leave a part out of what the operation reads; it is logged by kind and id, once."""
    key = (booklet, kind, id)
    if key not in op.damaged:
        known = rubric if rubric in RubricName.__members__ else None
        op.damaged[key] = DamagedPart(
            kind=kind, id=ID(id), rubric=RubricName[known] if known else None
        )
        _log.error("damaged: %s %s", kind.name, id, extra={"event": "damaged"})


def parts_of(op: Operation, booklet: str) -> list[DamagedPart]:
    """What the operation has set aside of a booklet so far, by kind and id."""
    found = [part for (owner, _, _), part in op.damaged.items() if owner == booklet]
    kinds = list(StoredKind)
    return sorted(found, key=lambda part: (kinds.index(part.kind), part.id))


def refuse_if_damaged(op: Operation, booklet: str, kind: StoredKind, id: str) -> None:
    """Refuse with `Damaged` what would need or overwrite a part that was set aside.

    A part that stands in a section is as damaged as its section.
    """
    part = op.damaged.get((booklet, kind, id)) or next(
        (
            op.damaged[booklet, holding, booklet]
            for holding in HOLDING.get(kind, ())
            if (booklet, holding, booklet) in op.damaged
        ),
        None,
    )
    if part is None:
        return
    if kind is StoredKind.ANSWER:
        raise Refused(Damaged(part=part, message=_ANSWER))
    raise Refused(Damaged(part=part))

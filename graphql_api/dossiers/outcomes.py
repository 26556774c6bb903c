"""What the mutations of dossiers answer."""

from typing import Annotated

import strawberry

from graphql_api.booklets.outcomes import booklet_field
from graphql_api.operations.mutation_support import union_of
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import Damaged
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidEntry,
    LimitReached,
    NotFound,
    OutdatedCharter,
    WrongState,
)
from schema.dossiers.dossier import Dossier


@strawberry.type(description="The dossier was saved.")
class DossierSaved:
    """The dossier at its new version."""

    dossier: Dossier = strawberry.field(description="The dossier as it is now, with its warnings.")
    booklet: Booklet = booklet_field()


@strawberry.type(description="The dossier was removed; the entries that it communicated stay.")
class DossierRemoved:
    """What is left."""

    id: strawberry.ID = strawberry.field(description="The id that no longer exists.")
    booklet: Booklet = booklet_field()


DossierSaveResult = Annotated[
    DossierSaved
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("dossierSave"),
]
DossierRemoveResult = Annotated[
    DossierRemoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("dossierRemove"),
]

"""What the mutations of drafts answer."""

from typing import Annotated

import strawberry

from graphql_api.operations.mutation_support import union_of
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
from schema.entries.draft import Draft


@strawberry.type(description="The draft was saved, as it was sent.")
class DraftSaved:
    """The draft at its new version."""

    draft: Draft = strawberry.field(description="The draft as it is now.")


@strawberry.type(description="The draft was deleted.")
class DraftDeleted:
    """What is left."""

    id: strawberry.ID = strawberry.field(description="The id that no longer exists.")


DraftSaveResult = Annotated[
    DraftSaved
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("draftSave"),
]
DraftDeleteResult = Annotated[
    DraftDeleted
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("draftDelete"),
]

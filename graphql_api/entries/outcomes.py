"""What the mutations of entries answer: the entry and the booklet as they are now, or a refusal."""

from typing import Annotated

import strawberry

from graphql_api.booklets.outcomes import booklet_field
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.description.refusals import (
    IdempotencyMismatch,
    InvalidEntry,
    LimitReached,
    NotFound,
    OutdatedCharter,
    WrongState,
)
from schema.entries.entries import Entry


def _entry() -> Entry:
    field: Entry = strawberry.field(description="The entry as it is now, with its warnings.")
    return field


@strawberry.type(description="The entry was added.")
class EntryAdded:
    """The new entry."""

    entry: Entry = _entry()
    booklet: Booklet = booklet_field()


@strawberry.type(description="The entry was revised.")
class EntryRevised:
    """The entry at its new version."""

    entry: Entry = _entry()
    booklet: Booklet = booklet_field()


@strawberry.type(description="The entry was removed, with its ties.")
class EntryRemoved:
    """What is left."""

    id: strawberry.ID = strawberry.field(description="The id that no longer exists.")
    booklet: Booklet = booklet_field()


@strawberry.type(description="The entry has its new place.")
class EntryMoved:
    """The entry at its new place."""

    entry: Entry = _entry()
    booklet: Booklet = booklet_field()


@strawberry.type(
    name="TieWritten",
    description="The tie is as was asked; the entry is the competence or the attachment.",
)
class LinkSaved:
    """The owner of the link, at its new version."""

    entry: Entry = _entry()
    booklet: Booklet = booklet_field()


EntryAddResult = Annotated[
    EntryAdded | InvalidEntry | OutdatedCharter | LimitReached | WrongState | IdempotencyMismatch,
    strawberry.union("EntryAddResult", description="What entryAdd answers."),
]
EntryReviseResult = Annotated[
    EntryRevised
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryReviseResult", description="What entryRevise answers."),
]
EntryRemoveResult = Annotated[
    EntryRemoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryRemoveResult", description="What entryRemove answers."),
]
EntryMoveResult = Annotated[
    EntryMoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("EntryMoveResult", description="What entryMove answers."),
]
LinkResult = Annotated[
    LinkSaved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch,
    strawberry.union("TieResult", description="What linking and unlinking answer."),
]

"""What the mutations of entries answer: the entry and the booklet as they are now, or a refusal."""

from typing import Annotated

import strawberry

from graphql_api.booklets.outcomes import booklet_field
from graphql_api.operations.mutation_support import union_of
from schema.booklet import Booklet
from schema.conflict import Conflict
from schema.damage import Damaged
from schema.description.bounds import MAX_ADDED, at_most
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


@strawberry.type(description="The entries were added, all of them.")
class EntriesAdded:
    """The new entries."""

    entries: list[Entry] = strawberry.field(
        description=f"The entries as they are now, in the order sent; {at_most(MAX_ADDED)}."
    )
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
    description="The ties are as was asked; the entry is the competence or the attachment or, where all ties of an entry were set, that entry.",
)
class LinkSaved:
    """The owner of the link, or the entry whose links were set, at its new version."""

    entry: Entry = _entry()
    booklet: Booklet = booklet_field()


EntryAddResult = Annotated[
    EntryAdded
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("entryAdd"),
]
EntriesAddResult = Annotated[
    EntriesAdded
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("entriesAdd"),
]
EntryReviseResult = Annotated[
    EntryRevised
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("entryRevise"),
]
EntryRemoveResult = Annotated[
    EntryRemoved
    | InvalidEntry
    | OutdatedCharter
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("entryRemove"),
]
EntryMoveResult = Annotated[
    EntryMoved
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("entryMove"),
]
LinkResult = Annotated[
    LinkSaved
    | InvalidEntry
    | OutdatedCharter
    | LimitReached
    | Conflict
    | NotFound
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    strawberry.union("TieResult", description="What linking and unlinking answer."),
]

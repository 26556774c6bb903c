"""What the mutation of the record answers."""

from typing import Annotated

import strawberry

from graphql_api.booklets.outcomes import booklet_field
from graphql_api.operations.mutation_support import union_of
from schema.booklet import Booklet
from schema.damage import Damaged
from schema.description.refusals import (
    BookletNotEmpty,
    IdempotencyMismatch,
    InvalidEntry,
    LimitReached,
    OutdatedCharter,
    WrongState,
)


@strawberry.type(description="The record was brought in, whole, or would be.")
class BookletImported:
    """The booklet holds what the record holds."""

    booklet: Booklet = booklet_field()


BookletImportResult = Annotated[
    BookletImported
    | InvalidEntry
    | BookletNotEmpty
    | OutdatedCharter
    | LimitReached
    | WrongState
    | IdempotencyMismatch
    | Damaged,
    union_of("bookletImport"),
]

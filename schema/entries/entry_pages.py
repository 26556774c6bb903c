"""Pages of entries: a connection that is read on by a cursor, or by numbers."""

from collections.abc import Sequence

import strawberry
from strawberry.exceptions import StrawberryGraphQLError

from schema.description.connection import Connection, page_of, page_size
from schema.entries.entries import Entry


@strawberry.type(description="A page of entries.")
class EntryConnection(Connection[Entry]):
    """The entries of a page, and how many there are on all pages."""

    total_count: int = strawberry.field(description="How many entries there are on all pages.")


def page_of_entries(
    entries: Sequence[Entry], first: int, after: str | None, offset: int
) -> EntryConnection:
    """The page of `first` entries that follow a cursor, or the beginning, once `offset` are passed over.

    Raises `StrawberryGraphQLError` for an offset below 0, and for a cursor of no entry among these.
    """
    if offset < 0:
        raise _refused("offset", "Int cannot represent a number below 0", "BAD_USER_INPUT")
    start = offset if after is None else offset + _place(entries, after) + 1
    most, before = page_size(first), entries[:start]
    found = entries[start : start + most + 1]
    page = page_of(found, most, before[-1].id if before else None, lambda entry: entry.id)
    return EntryConnection(edges=page.edges, page_info=page.page_info, total_count=len(entries))


def _place(entries: Sequence[Entry], cursor: str) -> int:
    for place, entry in enumerate(entries):
        if entry.id == cursor:
            return place
    raise _refused("after", "String cannot represent a cursor of this list", "INVALID_CURSOR")


def _refused(argument: str, why: str, code: str) -> StrawberryGraphQLError:
    return StrawberryGraphQLError(
        f"Argument '{argument}' has invalid value: {why}", extensions={"code": code}
    )

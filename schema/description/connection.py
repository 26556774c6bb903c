"""Pages of long lists, in one form: Relay's connection specification, with `nodes` as a shorthand.

A connection is read forward: `first` items after the cursor `after`. `edges` and `pageInfo` are what
clients of Relay expect; `nodes` are the items without their cursors.
"""

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import strawberry
from strawberry.relay import PageInfo

from schema.description.bounds import MAX_PAGE, at_most

Node = TypeVar("Node")


@strawberry.type(description="An item of a page, with its place in the list.")
class Edge(Generic[Node]):
    """What a cursor leads to."""

    cursor: str = strawberry.field(
        description="Its place: give it as `after` for what follows. Opaque; of this list only."
    )
    node: Node = strawberry.field(description="The item.")


@strawberry.type(description="A page of a list.")
class Connection(Generic[Node]):
    """The items of a page, and whether others follow."""

    edges: list[Edge[Node]] = strawberry.field(
        description=f"The items with their cursors; {at_most(MAX_PAGE)}."
    )
    page_info: PageInfo = strawberry.field(
        description="Whether there is a next page: ask for it with `endCursor` as `after`."
    )

    @strawberry.field(description=f"The items; {at_most(MAX_PAGE)}.")
    def nodes(self) -> list[Node]:
        return [edge.node for edge in self.edges]


def page_size(first: int) -> int:
    """How many items a page has that was asked for with `first`: at most `MAX_PAGE`."""
    return max(0, min(first, MAX_PAGE))


def page_of(
    found: Sequence[Node], most: int, after: str | None, cursor: Callable[[Node], str]
) -> Connection[Node]:
    """The page of at most `most` items; one more that was found says that others follow.

    `after` is the cursor of the page before, and `cursor` gives that of an item.
    """
    edges = [Edge(cursor=cursor(node), node=node) for node in found[:most]]
    return Connection(
        edges=edges,
        page_info=PageInfo(
            has_next_page=len(found) > most > 0,
            has_previous_page=after is not None and bool(found),
            start_cursor=edges[0].cursor if edges else None,
            end_cursor=edges[-1].cursor if edges else None,
        ),
    )

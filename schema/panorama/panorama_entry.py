"""How a figure of the panorama names an entry, and gives it.

A panorama gives each reader the entries in that reader's own type (`Node`): `Entry` to the owner,
`SharedEntry` to the reader of a dossier. `Show` makes one of the other; it is called only for what
a query selects.
"""

from collections.abc import Callable
from typing import Generic, TypeVar

import strawberry

from schema.entries.entries import Entry

Node = TypeVar("Node")
Show = Callable[[Entry], Node]


def itself(entry: Entry) -> Entry:
    """The entry, for its owner."""
    return entry


@strawberry.type(description="An entry that the panorama names.")
class PanoramaEntry(Generic[Node]):
    """A reference with the words to show."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French; empty when undated.")
    source: strawberry.Private[Entry]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The entry itself.")
    def node(self) -> Node:
        return self.show(self.source)


def panorama_entry(entry: Entry, show: Show[Node]) -> PanoramaEntry[Node]:
    """The reference to an entry, with its headline and dates."""
    return PanoramaEntry(
        entry=entry.id,
        headline=entry.described_by.headline(entry),
        when=entry.period.in_french(),
        source=entry,
        show=show,
    )

"""How a figure of the panorama names an entry."""

import strawberry

from schema.entries.entries import Entry


@strawberry.type(description="An entry that the panorama names.")
class PanoramaEntry:
    """A reference with the words to show."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French; empty when undated.")


def panorama_entry(entry: Entry) -> PanoramaEntry:
    """The reference to an entry, with its headline and dates."""
    rubric = entry.described_by
    return PanoramaEntry(
        entry=entry.id, headline=rubric.headline(entry), when=rubric.period(entry).in_french()
    )

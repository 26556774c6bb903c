"""The order of entries in a booklet."""

from collections.abc import Iterable

from schema.description.dates import newest_first
from schema.entries.entries import Entry
from schema.rubrics import RUBRICS

_PLACE = {rubric.name: place for place, rubric in enumerate(RUBRICS)}


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the guide's order of rubrics, then newest first or in their owner's order."""

    def place(entry: Entry) -> tuple[int, tuple[int, int, int], int, str]:
        rubric = entry.described_by
        when = (0, 0, 0) if rubric.owner_ordered else newest_first(rubric.period(entry))
        return (_PLACE[entry.rubric], when, entry.rank, entry.id)

    return sorted(entries, key=place)

"""The order of entries in a booklet."""

from collections.abc import Iterable

from schema.description.dates import newest_first
from schema.entries.entries import Entry
from schema.rubrics import RUBRICS

# Counts the changes of this order: what was stored under another number is sorted anew.
ORDER = 1
_PLACE = {rubric.name: place for place, rubric in enumerate(RUBRICS)}


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the guide's order of rubrics, then newest first or in their owner's order.

    Of what goes on at once, a main post comes before a side one.
    """

    def place(entry: Entry) -> tuple[int, tuple[int, ...], int, str]:
        rubric = entry.described_by
        if rubric.owner_ordered:
            return (_PLACE[entry.rubric], (), entry.rank, entry.id)
        period = rubric.period(entry)
        group, *when = newest_first(period)
        precedence = rubric.precedence(entry) if period.ongoing else (0, False)
        return (_PLACE[entry.rubric], (group, *precedence, *when), entry.rank, entry.id)

    return sorted(entries, key=place)

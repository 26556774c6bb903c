"""The order of entries in a booklet."""

from bisect import insort
from collections.abc import Iterable

from schema.description.dates import newest_first
from schema.entries.entries import Entry
from schema.rubrics import RUBRICS

# Counts the changes of this order: what was stored under another number is sorted anew.
ORDER = 1
_PLACES = {rubric.name: place for place, rubric in enumerate(RUBRICS)}


def sort_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Entries in the guide's order of rubrics, then newest first or in their owner's order.

    Of what goes on at once, a main post comes before a side one.
    """
    return sorted(entries, key=_place)


def insert_entries(sorted_entries: Iterable[Entry], others: Iterable[Entry]) -> list[Entry]:
    """Sorted entries with others in their places, of which few are looked at."""
    entries = list(sorted_entries)
    for one in others:
        insort(entries, one, key=_place)
    return entries


def _place(entry: Entry) -> tuple[int, tuple[int, ...], int, str]:
    rubric = entry.described_by
    if rubric.owner_ordered:
        return (_PLACES[entry.rubric], (), entry.rank, entry.id)
    period = entry.period
    group, *when = newest_first(period)
    precedence = rubric.precedence(entry) if period.ongoing else (0, False)
    return (_PLACES[entry.rubric], (group, *precedence, *when), entry.rank, entry.id)

"""Long lists by pages: `?page=2`, or the page of an element, `?voir=…`."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

PAGE, SHOWN = "page", "voir"
# Of more pages than this, a pager shows the first, the last, and those around the present one.
_ALL_SHOWN = 9
_AROUND = 2


@dataclass(frozen=True, slots=True)
class PageOfList:
    """The items of a page, its number from 1, and how many pages there are."""

    items: Sequence[Any]
    number: int
    count: int

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages to which a pager leads: of many, not all."""
        if self.count <= _ALL_SHOWN:
            return list(range(1, self.count + 1))
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        return sorted({1, self.count} | {one for one in near if 1 <= one <= self.count})


def page_of_list(items: Sequence[Any], size: int, number: str, shown: str = "") -> PageOfList:
    """The page of that number, or of the item of that id; the first for a number that is none."""
    count = max(-(-len(items) // size), 1)
    wanted = int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 1
    for place, item in enumerate(items):
        if shown and item["id"] == shown:
            wanted = place // size + 1
    at = min(max(wanted, 1), count)
    return PageOfList(items[(at - 1) * size : at * size], at, count)

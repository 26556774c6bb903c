"""Long lists by pages: `?page=2`, or the page of an element, `?voir=…`."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
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
    size: int

    @property
    def offset(self) -> int:
        """How many items come before it."""
        return (self.number - 1) * self.size

    @property
    def numbers(self) -> list[int]:
        """The numbers of the pages to which a pager leads: of many, not all."""
        if self.count <= _ALL_SHOWN:
            return list(range(1, self.count + 1))
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        return sorted({1, self.count} | {one for one in near if 1 <= one <= self.count})


def page_of_list(items: Sequence[Any], size: int, number: str) -> PageOfList:
    """The page of that number; the first for a number that is none."""
    page = page_at(len(items), size, page_number(number))
    return replace(page, items=items[page.offset : page.offset + size])


def page_at(total: int, size: int, number: int) -> PageOfList:
    """The page of that number of so many items, or the last, without its items."""
    count = max(-(-total // size), 1)
    return PageOfList((), min(number, count), count, size)


def page_number(written: str) -> int:
    """The number of a page, as an address says it; the first for what is no number of a page."""
    is_number = written.isascii() and written.isdigit() and len(written) < 5
    return max(int(written), 1) if is_number else 1

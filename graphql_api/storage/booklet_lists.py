"""Lists of what belongs to a booklet, read in one round trip: with the first, the others that will be.

What will be asked for is known from the document (`booklets/needed_lists`). A list that is not
foreseen is read when it is asked for, by a statement of its own.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from graphql_api.storage.store import Asked, Store

_Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class BookletList:
    """A constant query of rows of one booklet: its parameters are the booklet's id, then `params`."""

    name: str
    query: Any = field(compare=False)  # Peewee's queries have no types
    params: tuple[int, ...] = ()

    def of(self, booklet: str) -> Asked:
        """The query for that booklet."""
        return self.name, self.query, (booklet, *self.params)


class ListsAhead:
    """The lists that an operation will ask for, and the rows of those that were read ahead."""

    __slots__ = ("_expected", "_rows", "foreseen")

    def __init__(self, foreseen: frozenset[BookletList] = frozenset()) -> None:
        """`foreseen` are those of the document; none is read ahead until `expect` says so."""
        self.foreseen = foreseen
        self._expected: frozenset[BookletList] = frozenset()
        self._rows: dict[tuple[str, BookletList], _Rows] = {}

    def expect(self) -> None:
        """Read those that are foreseen with what is read next: nothing is written until then."""
        self._expected = self.foreseen

    def forget(self) -> None:
        """Read nothing ahead any more: another transaction may find other rows."""
        self._expected = frozenset()
        self._rows.clear()

    def rows(self, store: Store, booklet: str, which: BookletList) -> _Rows:
        """The rows of a list, read ahead or now; asked for again, it is read again."""
        ahead = self._rows.pop((booklet, which), None)
        if ahead is not None:
            return ahead
        self._expected -= {which}
        return self.read_with(store, booklet, which.of(booklet))

    def rows_of_each(self, store: Store, booklet: str, *lists: BookletList) -> list[_Rows]:
        """The rows of each of several lists, in one round trip at most."""
        self._expected |= {one for one in lists if (booklet, one) not in self._rows}
        return [self.rows(store, booklet, one) for one in lists]

    def read_with(self, store: Store, booklet: str, asked: Asked) -> _Rows:
        """The rows of a query; the lists of the booklet that are expected are read along with it."""
        expected: Sequence[BookletList] = sorted(
            self._expected, key=lambda one: (one.name, one.params)
        )
        self._expected = frozenset()
        found, *others = store.rows_of_each(asked, *(one.of(booklet) for one in expected))
        for one, rows in zip(expected, others, strict=True):
            self._rows[booklet, one] = rows
        return found

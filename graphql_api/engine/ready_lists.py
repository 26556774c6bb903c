"""Lists whose answer to one selection is known already, as JSON.

A compiled selection takes the JSON as it is; for any other the items are made, and completed like
those of any list.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import orjson

from schema.kept_property import kept_property


class ReadyList(Sequence[Any]):
    """A list of objects, with its JSON for a selection: the names of their fields, between spaces."""

    def __init__(self, selection: str, json: bytes, make: Callable[[bytes], list[Any]]) -> None:
        """`make` gives the items from the JSON, once they are asked for."""
        self.selection = selection
        self._json = json
        self._make = make

    @property
    def encoded(self) -> orjson.Fragment:
        """The list as an answer to its selection has it."""
        return orjson.Fragment(self._json)

    @kept_property
    def _items(self) -> list[Any]:
        return self._make(self._json)

    def __getitem__(self, index: Any) -> Any:
        return self._items[index]

    def __iter__(self) -> Iterator[Any]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

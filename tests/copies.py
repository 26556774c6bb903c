"""Copies of what many tests begin with: written through the API once, then put back row by row.

Three mutations over HTTP open a booklet, and half of the tests begin with one. The first test that
asks for a booklet opens it like everybody; its rows are put back for the next tests, whose stores
were emptied in between. Where the copy would not be the same booklet, it is written anew.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, TypeVar

import peewee

from graphql_api.storage.store import Store

Rows = dict[str, list[tuple[Any, ...]]]
Value = TypeVar("Value")

_LONGEST = timedelta(minutes=20)


@dataclass(frozen=True)
class _Copy:
    at: datetime
    added: Sequence[Rows]
    value: Any


class Copies:
    """What was once written to the two stores of a deployment, by its name."""

    def __init__(self, store: Store, key_store: Store) -> None:
        self._stores = (store, key_store)
        self._kept: dict[object, _Copy] = {}

    def of(self, name: object, now: datetime, write: Callable[[], Value]) -> Value:
        """Do what `write` does, and return what it returned: a value, no token and no client.

        `now` is the time of the service: what was written long before, or later, is not copied.
        """
        kept = self._kept.get(name)
        if kept is None or not timedelta() <= now - kept.at < _LONGEST:
            return self._written(name, now, write)
        return copy.deepcopy(kept.value) if self._put(kept) else write()

    def _written(self, name: object, now: datetime, write: Callable[[], Value]) -> Value:
        before = [_rows(store) for store in self._stores]
        value = write()
        after = [_rows(store) for store in self._stores]
        added = [_added(*one) for one in zip(before, after, strict=True)]
        begins = not before[0]["consent_event"]  # the links of a chain hold in their place only
        only_added = begins and all(
            len(was.get(table, ())) + len(new[table]) == len(rows)
            for was, new, each in zip(before, added, after, strict=True)
            for table, rows in each.items()
        )
        if only_added:
            self._kept[name] = _Copy(now, added, copy.deepcopy(value))
        return value

    def _put(self, kept: _Copy) -> bool:
        """Put the rows back, unless one of them is there or something was closed."""
        store, key_store = self._stores
        try:
            with store.writing():
                if store.database.execute_sql("SELECT 1 FROM tombstone").fetchone():
                    return False
                _insert(store, kept.added[0])
                with key_store.writing():
                    _insert(key_store, kept.added[1])
        except peewee.IntegrityError:
            return False
        return True


def _rows(store: Store) -> Rows:
    return {
        table: list(store.database.execute_sql(f'SELECT * FROM "{table}"').fetchall())
        for table in store.database.get_tables()
        if table != "store_mark"  # which counts by itself
    }


def _added(before: Rows, after: Rows) -> Rows:
    return {
        table: [row for row in rows if row not in before[table]] for table, rows in after.items()
    }


def _insert(store: Store, rows: Rows) -> None:
    mark = "?" if store.is_sqlite else "%s"
    for table, added in rows.items():
        if added:
            one = f"({', '.join([mark] * len(added[0]))})"
            values = ", ".join([one] * len(added))
            flat = [value for row in added for value in row]
            store.database.execute_sql(f'INSERT INTO "{table}" VALUES {values}', flat)

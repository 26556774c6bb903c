"""The keys that the master key wraps: their tables in the key store, and how a new one is inserted."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import IntegrityError, Table

from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.store_marks import check_master_key, read_mark
from graphql_api.storage.store import Store


@dataclass(frozen=True, slots=True)
class WrappedTable:
    """A table of wrapped keys: its column of names, and what stands before a name when wrapped."""

    table_name: str
    column: str
    prefix: str = ""

    @property
    def table(self) -> Any:  # Peewee's tables have no types
        """The table, to build queries of."""
        return Table(self.table_name, (self.column, "wrapped"))


WRAPPED_TABLES = (
    WrappedTable("booklet_key", "booklet"),
    WrappedTable("account_key", "account", "account|"),
    WrappedTable("service_key", "name", "service|"),
)


def insert_wrapped(
    key_store: Store,
    master_key: MasterKeys,
    name: str,
    key: bytes,
    insert: Callable[[bytes], Any],
) -> None:
    """Insert a new key, wrapped under the master key that the mark names, and commit it.

    `insert` makes the statement of the wrapped key. Raises `StoreMismatchError` when the master key
    was rotated and this process does not know the new one.
    """
    try:
        _insert(key_store, insert(master_key.wrap(name, key)))
    except IntegrityError:  # the trigger's: the mark names another master key since
        mark = read_mark(key_store)
        if mark is None:
            raise
        check_master_key(mark, master_key)
        _insert(key_store, insert(master_key.wrap(name, key)))


def _insert(key_store: Store, statement: Any) -> None:
    with key_store.writing():
        key_store.run(statement)


def wrapped_after(
    key_store: Store, which: WrappedTable, last: str, most: int
) -> list[tuple[str, bytes]]:
    """The names and wrapped keys that follow a name, in order."""
    table = which.table
    named = getattr(table, which.column)
    query = table.select(named, table.wrapped).where(named > last).order_by(named).limit(most)
    return [(name, bytes(wrapped)) for name, wrapped in key_store.rows(query.tuples())]


def replace_wrapped(
    key_store: Store, which: WrappedTable, name: str, old: bytes, new: bytes
) -> bool:
    """Put a key that was wrapped anew in the place of the old; False when it is gone or changed."""
    table = which.table
    unchanged = (getattr(table, which.column) == name) & (table.wrapped == old)
    return key_store.run(table.update({table.wrapped: new}).where(unchanged)) == 1

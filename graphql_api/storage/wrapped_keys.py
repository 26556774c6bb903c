"""The tables of the key store whose keys are wrapped by the master key, and how each is named."""

from dataclasses import dataclass
from typing import Any

from peewee import Table

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

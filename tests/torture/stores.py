"""Empty stores on a kind of database, and what a schema is, to compare before and after."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from graphql_api.storage.store import Store

Create = Callable[[str], str]


def empty_pair(folder: Path, create: Create | None, name: str) -> tuple[str, str]:
    """The addresses of two empty databases, made on PostgreSQL where `create` is given."""
    names = (f"{name}-data", f"{name}-keys")
    if create is not None:
        return create(names[0]), create(names[1])
    return (f"sqlite:///{folder}/{names[0]}.db", f"sqlite:///{folder}/{names[1]}.db")


@contextmanager
def opened(*urls: str) -> Iterator[list[Store]]:
    """The stores at these addresses, connected until the block ends."""
    stores = [Store(url) for url in urls]
    try:
        for store in stores:
            store.connect()
        yield stores
    finally:
        for store in stores:
            store.close()


def schema_of(store: Store) -> list[tuple[Any, ...]]:
    """Every table with its columns and indexes, but the one in which migrations are noted."""
    database = store.database
    return [
        (
            table,
            [(one.name, one.data_type, one.null) for one in database.get_columns(table)],
            sorted((one.name, one.columns, one.unique) for one in database.get_indexes(table)),
        )
        for table in sorted(database.get_tables())
        if table != "schema_migration"
    ]


def applied(store: Store) -> frozenset[str]:
    """The names of the migrations that a store says were applied."""
    if "schema_migration" not in store.database.get_tables():
        return frozenset()
    return frozenset(
        row[0] for row in store.database.execute_sql("SELECT name FROM schema_migration")
    )

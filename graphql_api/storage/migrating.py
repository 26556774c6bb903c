"""Bringing the two stores to the present shape: `playhouse.migrations` under a lock."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from peewee import DatabaseError
from playhouse.migrations import Runner

from graphql_api.storage.postgresql import WITHOUT_TIME_LIMIT, setting_locally
from graphql_api.storage.store import Store, StoreUnavailableError

_ADVISORY_LOCK = 0x4C495652
_HERE = Path(__file__).parent


def migrate(store: Store, key_store: Store, *, home: Path = _HERE) -> list[str]:
    """Apply the pending migrations to both stores, and return their names.

    Each migration is one transaction, however long it takes. Two processes that start at once wait
    for each other. `home` holds the two folders of migrations. Raises `StoreUnavailableError`.
    """
    return [
        *migrate_one(store, home / "migrations"),
        *migrate_one(key_store, home / "key_migrations"),
    ]


def is_current(store: Store, key_store: Store, *, home: Path = _HERE) -> bool:
    """Whether no migration is pending. Raises `StoreUnavailableError`."""
    pairs = ((store, "migrations"), (key_store, "key_migrations"))
    return all(not pending(one, home / folder) for one, folder in pairs)


def pending(store: Store, folder: Path) -> list[Any]:
    """The migrations of a folder that were not applied to a store. Raises `StoreUnavailableError`."""
    with store.reading():
        return [one for one in Runner(store.database, str(folder)).status() if not one.applied]


def migrations_of(store: Store, folder: Path) -> tuple[list[str], list[str]]:
    """The names of the migrations of a folder that were applied, and of those that are pending.

    Call it in a transaction of the store, which may hold the migrations of another folder too.
    """
    here = {file.stem for file in folder.glob("*.py")}
    found = [one for one in Runner(store.database, str(folder)).status() if one.name in here]
    applied = [one.name for one in found if one.applied]
    return applied, [one.name for one in found if not one.applied]


def applied_names(store: Store) -> set[str]:
    """The names of all migrations that a store has, of whatever folder, in its transaction."""
    return set(Runner(store.database, str(_HERE)).applied())


def migrate_within(store: Store, folder: Path, target: str | None = None) -> None:
    """Apply the pending migrations of a folder, up to one, in the transaction that has begun."""
    Runner(store.database, str(folder)).up(target)


def migrate_one(store: Store, folder: Path) -> list[str]:
    """Apply the pending migrations of one folder to one store, and return their names."""
    try:
        with locked(store):
            applied: list[str] = Runner(store.database, str(folder)).up()
    finally:
        store.disconnect()
    return [f"{folder.name}/{name}" for name in applied]


def _connect(store: Store) -> None:
    try:
        store.connect()
    except DatabaseError as error:
        raise StoreUnavailableError(type(error).__name__) from error


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Hold the lock of migrations; the caller disconnects the store afterwards."""
    if not store.is_sqlite:
        _connect(store)
        with _locked_postgresql(store), store.database.without_time_limit():
            yield
        return
    try:
        file = Path(f"{store.database.database}.migrating").open("w")  # noqa: SIM115 - closed below
    except OSError as error:
        raise StoreUnavailableError(type(error).__name__) from error
    with file:
        fcntl.flock(file, fcntl.LOCK_EX)
        _connect(store)
        store.database.connection().set_progress_handler(None, 0)  # no statement is stopped
        yield


@contextmanager
def _locked_postgresql(store: Store) -> Iterator[None]:
    """Hold the lock by a transaction of its own, which a pooler leaves on its connection."""
    holder = Store(store.url, name=store.name, pooled=store.is_pooled)
    try:
        with holder.writing():
            holder.database.execute_sql(*setting_locally(WITHOUT_TIME_LIMIT))
            holder.database.execute_sql("SELECT pg_advisory_xact_lock(%s)", (_ADVISORY_LOCK,))
            yield
    finally:
        holder.close()

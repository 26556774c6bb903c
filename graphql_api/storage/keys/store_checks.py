"""Whether two stores belong together and the master key is theirs: checked at every start.

Nothing is written here, and no file is made.
"""

from pathlib import Path
from typing import Any

from graphql_api.storage.keys.encryption import DecryptionError, unwrap
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import DATA_MARK, find_service_key
from graphql_api.storage.keys.store_marks import (
    KNOWN_VALUE,
    Mismatch,
    StoreMark,
    StoreMismatchError,
    check_master_key,
    is_absent,
    mark_name,
    read_mark,
)
from graphql_api.storage.store import Store

# What has a key, and where.
_PAIRS = (("booklet", "booklet_key", "booklet"), ("idp_account", "account_key", "account"))
_SAMPLE = 1_000


def check_stores(store: Store, key_store: Store, master_key: MasterKeys) -> bool:
    """Whether both stores are marked and belong together; False when they have still to be marked.

    Raises `StoreMismatchError` when they or the master key do not belong together, and
    `StoreUnavailableError`. Writes nothing, and makes no file.
    """
    if are_same_database(store, key_store):
        raise StoreMismatchError(Mismatch.SAME_DATABASE)
    data, keys = read_mark(store), read_mark(key_store)
    if data is None or keys is None:
        _check_unmarked(store, key_store, data, keys)
        return False
    if data.store_id != keys.store_id:
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    check_master_key(keys, master_key)
    try:
        service_key = find_service_key(key_store, master_key, DATA_MARK)
        opened = service_key and unwrap(service_key, mark_name(data.store_id), data.sealed)
    except DecryptionError:
        opened = None
    if opened != KNOWN_VALUE:
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    master_key.are_checked = True
    return True


def require_checked(store: Store, key_store: Store, master_key: MasterKeys) -> None:
    """Check two stores as `check_stores` does, unless this process has found them to be right.

    Whoever makes a key asks: a service may have started before its databases did.
    """
    if not master_key.are_checked:
        check_stores(store, key_store, master_key)


def are_same_database(store: Store, key_store: Store) -> bool:
    """Whether two stores are one database, however their addresses are written."""
    if store.is_sqlite != key_store.is_sqlite:
        return False
    return bool(_identity(store) == _identity(key_store))


def has_rows(store: Store, *tables: str) -> bool:
    """Whether one of these tables exists and holds anything. Raises `StoreUnavailableError`."""
    if is_absent(store):
        return False
    with store.reading():
        there = set(store.database.get_tables()) & set(tables)
        return any(
            store.database.execute_sql(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - names of ours
            for table in there
        )


def holds_data(store: Store) -> bool:
    """Whether somebody has a booklet or an account here, which needs a key."""
    return has_rows(store, *(table for table, _, _ in _PAIRS))


def holds_keys(key_store: Store) -> bool:
    """Whether a booklet or an account has a key here."""
    return has_rows(key_store, *(keys for _, keys, _ in _PAIRS))


def _check_unmarked(
    store: Store, key_store: Store, data: StoreMark | None, keys: StoreMark | None
) -> None:
    """Raise unless the stores can be marked: both empty, or both full."""
    if (data is not None or holds_data(store)) and not holds_keys(key_store) and keys is None:
        raise StoreMismatchError(Mismatch.EMPTY_KEY_STORE)
    if data is not None:
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    if holds_keys(key_store) and not holds_data(store):
        raise StoreMismatchError(Mismatch.EMPTY_DATA)
    if holds_data(store) and not _share_keys(store, key_store):
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)


def _share_keys(store: Store, key_store: Store) -> bool:
    """Whether one of the first booklets, or of the first accounts, has its key in a key store."""
    return any(
        set(_first(store, table, "id")) & set(_first(key_store, keys, column))
        for table, keys, column in _PAIRS
        if has_rows(store, table) and has_rows(key_store, keys)
    )


def _first(store: Store, table: str, column: str) -> list[str]:
    with store.reading():
        found = store.database.execute_sql(
            f"SELECT {column} FROM {table} ORDER BY {column} LIMIT {_SAMPLE}"  # noqa: S608 - names of ours
        )
        return [id for (id,) in found.fetchall()]


def _identity(store: Store) -> Any:
    """What two connections to one database have in common, and to two databases never have."""
    if store.is_sqlite:
        path = Path(store.database.database)
        found = path.stat() if path.exists() else None
        return (found.st_dev, found.st_ino) if found else path.resolve()
    with store.reading():
        return store.database.execute_sql(
            "SELECT oid, pg_postmaster_start_time() FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()

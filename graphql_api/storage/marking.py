"""Marking two stores that have no mark yet: new ones, and those that were in use before marks.

The key store is marked first, the data last, and what a crash leaves between is continued. The keys
of stores in use told no master key before: they are wrapped anew, so that each does.
"""

import uuid

from graphql_api.storage.encryption import DecryptionError, unwrap, unwrap_without_id, wrap
from graphql_api.storage.service_keys import DATA_MARK, service_key
from graphql_api.storage.store import Store
from graphql_api.storage.store_marks import (
    KNOWN_VALUE,
    Mismatch,
    StoreMark,
    StoreMismatchError,
    check_master_key,
    check_stores,
    has_rows,
    mark_name,
    read_mark,
)
from graphql_api.storage.tables import StoreMarkTable
from graphql_api.storage.wrapped_keys import (
    WRAPPED_TABLES,
    WrappedTable,
    replace_wrapped,
    wrapped_after,
)

_BATCH = 500


def check_before_migrating(store: Store, key_store: Store, master_key: bytes) -> None:
    """Raise `StoreMismatchError` when these stores must not be migrated; writes nothing."""
    if check_stores(store, key_store, master_key):
        return
    keys = read_mark(key_store)
    if keys is not None:
        check_master_key(keys, master_key)
    else:
        _check_some_keys(key_store, master_key)


def mark_stores(store: Store, key_store: Store, master_key: bytes) -> None:
    """Mark two migrated stores, unless they are. Call it under the lock of migrations.

    Raises `StoreMismatchError` when they or the master key do not belong together.
    """
    check_before_migrating(store, key_store, master_key)
    keys = read_mark(key_store)
    if keys is None:
        _wrap_anew(key_store, master_key)
        keys = _write(key_store, str(uuid.uuid4()), master_key)
    if read_mark(store) is None:
        _write(store, keys.store_id, service_key(key_store, master_key, DATA_MARK))


def _write(store: Store, store_id: str, key: bytes) -> StoreMark:
    mark = StoreMark(store_id, 0, wrap(key, mark_name(store_id), KNOWN_VALUE))
    with store.writing():
        store.run(StoreMarkTable.insert(store_id=store_id, serial=mark.serial, sealed=mark.sealed))
    return mark


def _check_some_keys(key_store: Store, master_key: bytes) -> None:
    """Raise unless one of the first keys of a store without mark opens; damaged ones may be there."""
    opened = [
        _opened(master_key, which, name, wrapped) is not None
        for which in WRAPPED_TABLES
        if has_rows(key_store, which.table_name)
        for name, wrapped in _read(key_store, which, "")
    ]
    if opened and not any(opened):
        raise StoreMismatchError(Mismatch.WRONG_MASTER_KEY)


def _wrap_anew(key_store: Store, master_key: bytes) -> None:
    """Wrap every key so that it tells its master key; a damaged one stays as it is."""
    for which in WRAPPED_TABLES:
        last = ""
        while rows := _read(key_store, which, last):
            with key_store.writing():
                for name, wrapped in rows:
                    key = _opened(master_key, which, name, wrapped)
                    if key is not None:
                        new = wrap(master_key, which.prefix + name, key)
                        replace_wrapped(key_store, which, name, wrapped, new)
            last = rows[-1][0]


def _read(key_store: Store, which: WrappedTable, last: str) -> list[tuple[str, bytes]]:
    with key_store.reading():
        return wrapped_after(key_store, which, last, _BATCH)


def _opened(master_key: bytes, which: WrappedTable, name: str, wrapped: bytes) -> bytes | None:
    """A key, whether it tells its master key already or not yet; None when it does not open."""
    for read in (unwrap, unwrap_without_id):
        try:
            return read(master_key, which.prefix + name, wrapped)
        except DecryptionError:
            continue
    return None

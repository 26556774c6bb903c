"""Marking two stores that have no mark yet: new ones, and those that were in use before marks.

The key store is marked first, the data last, and what a crash leaves between is continued. The keys
of stores in use told no master key before: they are wrapped anew, so that each does.
"""

import uuid
from collections.abc import Callable

from graphql_api.storage.keys.encryption import DecryptionError, wrap
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import DATA_MARK, NAMES, service_key
from graphql_api.storage.keys.store_checks import check_stores, has_rows
from graphql_api.storage.keys.store_marks import (
    KNOWN_VALUE,
    Mismatch,
    StoreMark,
    StoreMismatchError,
    check_master_key,
    mark_name,
    read_mark,
)
from graphql_api.storage.keys.wrapped_keys import (
    WRAPPED_TABLES,
    WrappedTable,
    replace_wrapped,
    wrapped_after,
)
from graphql_api.storage.store import Store
from graphql_api.storage.tables import StoreMarkTable

_BATCH = 500


def _nothing() -> None:
    """Do nothing: the data need nothing for their first mark."""


def check_before_migrating(store: Store, key_store: Store, master_key: MasterKeys) -> None:
    """Raise `StoreMismatchError` when these stores must not be migrated; writes nothing."""
    if check_stores(store, key_store, master_key):
        return
    keys = read_mark(key_store)
    if keys is not None:
        check_master_key(keys, master_key)
    else:
        _check_some_keys(key_store, master_key)


def mark_stores(
    store: Store, key_store: Store, master_key: MasterKeys, adopt: Callable[[], None] = _nothing
) -> None:
    """Mark two migrated stores, unless they are. Call it under the lock of migrations.

    `adopt` does in the data what their first mark asks for, once the service keys are there; when
    a crash interrupts it, it is called again. Raises `StoreMismatchError` when they or the master key do not belong together.
    """
    check_before_migrating(store, key_store, master_key)
    keys = read_mark(key_store)
    if keys is None:
        _wrap_anew(key_store, master_key)
        store_id = str(uuid.uuid4())
        sealed = master_key.wrap(mark_name(store_id), KNOWN_VALUE)
        keys = _write(key_store, StoreMark(store_id, 0, sealed))
    for name in NAMES:
        service_key(key_store, master_key, name)
    if read_mark(store) is None:
        adopt()
        key = service_key(key_store, master_key, DATA_MARK)
        sealed = wrap(key, mark_name(keys.store_id), KNOWN_VALUE)
        _write(store, StoreMark(keys.store_id, 0, sealed))


def _write(store: Store, mark: StoreMark) -> StoreMark:
    with store.writing():
        store.run(
            StoreMarkTable.insert(store_id=mark.store_id, serial=mark.serial, sealed=mark.sealed)
        )
    return mark


def _check_some_keys(key_store: Store, master_key: MasterKeys) -> None:
    """Raise unless one of the first keys of a store without mark opens; damaged ones may be there."""
    opened = [
        _opened(master_key, which, name, wrapped) is not None
        for which in WRAPPED_TABLES
        if has_rows(key_store, which.table_name)
        for name, wrapped in _read(key_store, which, "")
    ]
    if opened and not any(opened):
        raise StoreMismatchError(Mismatch.WRONG_MASTER_KEY)


def _wrap_anew(key_store: Store, master_key: MasterKeys) -> None:
    """Wrap every key so that it tells its master key; a damaged one stays as it is."""
    for which in WRAPPED_TABLES:
        last = ""
        while rows := _read(key_store, which, last):
            with key_store.writing():
                for name, wrapped in rows:
                    key = _opened(master_key, which, name, wrapped)
                    if key is not None:
                        new = master_key.wrap(which.prefix + name, key)
                        replace_wrapped(key_store, which, name, wrapped, new)
            last = rows[-1][0]


def _read(key_store: Store, which: WrappedTable, last: str) -> list[tuple[str, bytes]]:
    with key_store.reading():
        return wrapped_after(key_store, which, last, _BATCH)


def _opened(master_key: MasterKeys, which: WrappedTable, name: str, wrapped: bytes) -> bytes | None:
    """A key, whether it tells its master key already or not yet; None when it does not open."""
    for read in (master_key.unwrap, master_key.unwrap_without_id):
        try:
            return read(which.prefix + name, wrapped)
        except DecryptionError:
            continue
    return None

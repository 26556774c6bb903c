"""Rotating the master key: all keys are wrapped anew, while the service goes on.

Every process is given both master keys first. The mark of the key store is put under the new one,
and from then on the triggers take no key under the old; then each key is wrapped anew, some hundred
in a transaction. A key is whole before and after, so that whoever is interrupted anywhere begins
again, and what is done already stays done.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from peewee import SQL, fn

from graphql_api.storage.keys.encryption import KEY_ID_LENGTH, DecryptionError
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.store_marks import check_master_key, mark_name, read_mark
from graphql_api.storage.keys.wrapped_keys import (
    WRAPPED_TABLES,
    WrappedTable,
    replace_wrapped,
    wrapped_after,
)
from graphql_api.storage.store import Store
from graphql_api.storage.tables import StoreMarkTable

BATCH = 500


@dataclass(frozen=True, slots=True)
class RotationState:
    """How many keys the current master key wraps, how many the one before, and how many another."""

    current: int
    previous: int
    others: int
    is_begun: bool

    @property
    def is_done(self) -> bool:
        """Whether the current master key is all that is needed."""
        return self.is_begun and self.previous == self.others == 0


def rotate_master_key(
    key_store: Store, master_key: MasterKeys, progress: Callable[[int], None]
) -> RotationState:
    """Wrap every key under the current master key; return how they are wrapped then.

    `progress` is told how many keys were looked at since it was told last. A key that opens under
    neither master key is left as it is. Raises `StoreMismatchError` and `StoreUnavailableError`.
    """
    _begin(key_store, master_key)
    for which in WRAPPED_TABLES:
        last = ""
        while rows := _read(key_store, which, last):
            _wrap_anew(key_store, master_key, which, rows)
            progress(len(rows))
            last = rows[-1][0]
    return rotation_state(key_store, master_key)


def rotation_state(key_store: Store, master_key: MasterKeys) -> RotationState:
    """How the keys of a store are wrapped. Raises `StoreUnavailableError`."""
    mark = read_mark(key_store)
    counts: dict[bytes, int] = {}
    with key_store.reading():
        for which in WRAPPED_TABLES:
            id = fn.SUBSTR(which.table.wrapped, 1, KEY_ID_LENGTH)
            query = which.table.select(id, fn.COUNT(which.table.wrapped)).group_by(SQL("1"))
            for found, count in key_store.rows(query.tuples()):
                counts[bytes(found)] = counts.get(bytes(found), 0) + count
    current = counts.pop(master_key.current_id, 0)
    previous = counts.pop(master_key.previous_id, 0) if master_key.previous_id else 0
    is_begun = mark is not None and mark.sealed[:KEY_ID_LENGTH] == master_key.current_id
    return RotationState(current, previous, sum(counts.values()), is_begun)


def _begin(key_store: Store, master_key: MasterKeys) -> None:
    """Put the mark under the current master key; new keys follow it from then on."""
    with key_store.writing():
        # The lock of the triggers: no key under the old one is written after this commit.
        key_store.run(StoreMarkTable.update(serial=StoreMarkTable.serial))
        mark = read_mark(key_store)
        if mark is None:
            return
        check_master_key(mark, master_key)
        if mark.sealed[:KEY_ID_LENGTH] == master_key.current_id:
            return
        name = mark_name(mark.store_id)
        sealed = master_key.wrap_under_current(name, master_key.unwrap(name, mark.sealed))
        key_store.run(StoreMarkTable.update(sealed=sealed))
    master_key.follow(sealed)


def _read(key_store: Store, which: WrappedTable, last: str) -> list[tuple[str, bytes]]:
    with key_store.reading():
        return wrapped_after(key_store, which, last, BATCH)


def _wrap_anew(
    key_store: Store,
    master_key: MasterKeys,
    which: WrappedTable,
    rows: Iterable[tuple[str, bytes]],
) -> None:
    old = [row for row in rows if row[1][:KEY_ID_LENGTH] != master_key.current_id]
    if not old:
        return
    with key_store.writing():
        for name, wrapped in old:
            try:
                key = master_key.unwrap(which.prefix + name, wrapped)
            except DecryptionError:
                continue
            anew = master_key.wrap_under_current(which.prefix + name, key)
            replace_wrapped(key_store, which, name, wrapped, anew)

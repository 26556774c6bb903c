"""Tombstones: what was closed, by its id, and whether its key is destroyed already.

A tombstone has a key destroyed, so that each is authenticated: one that the service did not write
destroys nothing. Before the first start that signs them there is no key to tell by, and all count.
"""

from collections.abc import Mapping
from typing import Any

from graphql_api.storage.keys.authenticated_rows import TOMBSTONES, NeverSignedError
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ErasedBookletTable


def bury(store: Store, id: str, closed_at: int) -> None:
    """Write the tombstone of a booklet or an account, whose key is still to be destroyed."""
    values = _signed(store, {"booklet": id, "closed_at": closed_at, "key_destroyed": False})
    store.run(
        ErasedBookletTable.insert(values).on_conflict(
            # of a closing before a backup of the data was restored, or one that is not authentic
            conflict_target=[ErasedBookletTable.booklet],
            update={name: value for name, value in values.items() if name != "booklet"},
        )
    )


def bury_without_key(store: Store, id: str, closed_at: int) -> None:
    """Write the tombstone of what has no key any more; one that is there stays."""
    values = _signed(store, {"booklet": id, "closed_at": closed_at, "key_destroyed": True})
    store.run(ErasedBookletTable.insert(values).on_conflict_ignore())


def buried(store: Store) -> dict[str, int]:
    """When each was closed, in microseconds, by its id. Call it in a transaction."""
    return _genuine(store, ErasedBookletTable.select(*TOMBSTONES.columns))


def buried_with_key(store: Store) -> dict[str, int]:
    """When each was closed whose key may still be there, by its id. Call it in a transaction."""
    query = ErasedBookletTable.select(*TOMBSTONES.columns)
    return _genuine(store, query.where(~ErasedBookletTable.key_destroyed))


def mark(store: Store, id: str, *, key_destroyed: bool) -> None:
    """Write on a tombstone whether the key is destroyed."""
    update = ErasedBookletTable.update(key_destroyed=key_destroyed)
    store.run(update.where(ErasedBookletTable.booklet == id))


def _genuine(store: Store, query: Any) -> dict[str, int]:
    rows = store.rows(query.tuples())
    if rows and not _are_signed(store):
        return {id: closed_at for id, closed_at, _ in rows}
    return {one["booklet"]: one["closed_at"] for one in TOMBSTONES.genuine(store, rows)}


def _signed(store: Store, values: Mapping[str, Any]) -> dict[str, Any]:
    return TOMBSTONES.signed(store, values) if _are_signed(store) else dict(values)


def _are_signed(store: Store) -> bool:
    """Whether there is a key; after a restore of older data and keys `migrate` makes it, and signs."""
    try:
        store.row_key(TOMBSTONES.key)
    except NeverSignedError:
        return False
    return True

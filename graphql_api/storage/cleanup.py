"""Cleaning up: what a crash left between the two stores, and consents that have expired."""

import time

from graphql_api.storage import consent_repository
from graphql_api.storage.closings import BOOKLET, record_closing
from graphql_api.storage.erasing import mark_key_destroyed
from graphql_api.storage.store import Store
from graphql_api.storage.store_marks import count_changes
from graphql_api.storage.tables import BookletKeyTable, BookletTable, ErasedBookletTable

LONGEST_OPERATION_SECONDS = 30.0


def finish_interrupted_closings(store: Store, key_store: Store) -> int:
    """Destroy the keys that closed booklets still have, and return how many closings that finished.

    A closing that is under way is not disturbed: it does the same. Raises `StoreUnavailableError`.
    """
    with store.reading():
        query = ErasedBookletTable.select(
            ErasedBookletTable.booklet, ErasedBookletTable.closed_at
        ).where(~ErasedBookletTable.key_destroyed)
        unfinished = store.rows(query.tuples())
    for booklet, closed_at in unfinished:
        with key_store.writing():
            key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))
            record_closing(key_store, BOOKLET, booklet, closed_at)
        mark_key_destroyed(store, booklet)
    return len(unfinished)


def end_expired_consents(store: Store, now_us: int) -> int:
    """End the consents that have expired, delete those that ended long ago; return how many ended.

    No site reads by an expired consent meanwhile. Raises `StoreUnavailableError`.
    """
    ended = consent_repository.end_expired(store, now_us)
    consent_repository.delete_old(store, now_us)
    return ended


def find_orphan_keys(store: Store, key_store: Store) -> list[str]:
    """The ids of booklets that have a key and no row, since a crash interrupted their opening.

    A key is inserted just before its booklet, and is without one for a moment: only keys count
    that are still alone after longer than any operation takes.
    """
    candidates = _keys(key_store) - _booklets(store)
    if not candidates:
        return []
    time.sleep(LONGEST_OPERATION_SECONDS)
    return sorted((candidates & _keys(key_store)) - _booklets(store))


def destroy_orphan_keys(store: Store, key_store: Store, booklets: list[str]) -> None:
    """Destroy the keys of booklets that were never there, and count them in the data."""
    destroyed = destroy_keys(key_store, booklets)
    with store.writing():
        count_changes(store, 2 * destroyed)


def destroy_keys(key_store: Store, booklets: list[str]) -> int:
    """Destroy the keys of these booklets, so that nothing of them can be opened ever after.

    Returns how many had one.
    """
    with key_store.writing():
        return sum(
            key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))
            for booklet in booklets
        )


def _keys(key_store: Store) -> set[str]:
    with key_store.reading():
        return {
            booklet
            for (booklet,) in key_store.rows(
                BookletKeyTable.select(BookletKeyTable.booklet).tuples()
            )
        }


def _booklets(store: Store) -> set[str]:
    with store.reading():
        return {booklet for (booklet,) in store.rows(BookletTable.select(BookletTable.id).tuples())}

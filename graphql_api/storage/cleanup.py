"""Sweeping up: what a crash left between the two stores, and consents that have expired."""

import time

from graphql_api.storage import consent_repository
from graphql_api.storage.erasing import mark_destroyed
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletKeyTable, BookletTable, ErasedBookletTable

LONGEST_OPERATION_SECONDS = 30.0


def finish_closings(store: Store, key_store: Store) -> int:
    """Destroy the keys of closed booklets that are still there; how many closings were unfinished.

    A closing that is under way is not disturbed: it comes to the same. Raises `StoreUnavailable`.
    """
    with store.reading():
        query = ErasedBookletTable.select(ErasedBookletTable.booklet).where(
            ~ErasedBookletTable.key_destroyed
        )
        unfinished = [booklet for (booklet,) in store.rows(query.tuples())]
    for booklet in unfinished:
        destroy_keys(key_store, [booklet])
        mark_destroyed(store, booklet)
    return len(unfinished)


def end_consents(store: Store, moment: int) -> int:
    """End the consents that have expired, and forget those that ended long ago; how many ended.

    They are live for nobody meanwhile. Raises `StoreUnavailable`.
    """
    ended = consent_repository.expire(store, moment)
    consent_repository.forget(store, moment)
    return ended


def orphan_keys(store: Store, key_store: Store) -> list[str]:
    """The booklets that have a key and nothing else: what a crash left of their beginning.

    A key is made just before its booklet, so that it looks like an orphan for a moment: only those
    count that still do after longer than any operation takes.
    """
    candidates = _keys(key_store) - _booklets(store)
    if not candidates:
        return []
    time.sleep(LONGEST_OPERATION_SECONDS)
    return sorted((candidates & _keys(key_store)) - _booklets(store))


def destroy_keys(key_store: Store, booklets: list[str]) -> None:
    """Destroy the keys of these booklets, which nothing will open ever after."""
    with key_store.writing():
        for booklet in booklets:
            key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))


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

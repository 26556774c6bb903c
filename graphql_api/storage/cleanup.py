"""Cleaning up what a crash left between the two stores."""

from typing import Any

from peewee import Table

from graphql_api.storage.closings import ACCOUNT, BOOKLET, record_closing
from graphql_api.storage.erasing import mark_key_destroyed
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletKeyTable
from graphql_api.storage.tombstones import buried_with_key

LONGEST_OPERATION_SECONDS = 30.0
_ACCOUNT_KEY: Any = Table("account_key", ("account",))  # Peewee's tables have no types


def finish_interrupted_closings(store: Store, key_store: Store) -> int:
    """Destroy the keys that closed booklets and accounts still have; return how many closings that
    finished.

    A closing that is under way is not disturbed: it does the same. A tombstone that the service did
    not write destroys nothing. Raises `StoreUnavailableError`.
    """
    with store.reading():
        unfinished = buried_with_key(store)
    for booklet, closed_at in unfinished.items():
        with key_store.writing():
            key_store.run(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))
            had = key_store.run(_ACCOUNT_KEY.delete().where(_ACCOUNT_KEY.account == booklet))
            record_closing(key_store, ACCOUNT if had else BOOKLET, booklet, closed_at)
        mark_key_destroyed(store, booklet)
    return len(unfinished)

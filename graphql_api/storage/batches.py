"""Deleting many rows in batches, each in a transaction of its own, so that no writer waits long."""

from typing import Any

from peewee import Tuple

from graphql_api.storage.store import Store

BATCH = 500


def delete_in_batches(store: Store, table: Any, *where: Any) -> int:
    """Delete the rows of a table where all that holds; return how many.

    Call it outside of transactions. Two at once share the work. Raises `StoreUnavailableError`.
    """
    columns = table._meta.get_primary_keys()
    key: Any = columns[0] if len(columns) == 1 else Tuple(*columns)
    some = table.select(*columns).where(*where).limit(BATCH)
    deleted = 0
    while True:
        with store.writing():
            done = store.run(table.delete().where(key.in_(some)))
        deleted += done
        if done < BATCH:
            return deleted

"""Closings, as the key store records them: what was closed, by its id, and when.

They are written in the transaction that destroys the key, and outlive every backup of the data: a
restore of the data brings back rows of what was closed since, and learns here which. Ids are
random, so that a closing tells nothing of anybody.
"""

from peewee import fn

from graphql_api.storage.store import Store
from graphql_api.storage.tables import ClosingTable

BOOKLET, ACCOUNT, PERSON = "booklet", "account", "person"


def record_closing(key_store: Store, kind: str, id: str, at: int) -> None:
    """Record, in the caller's write transaction, that something was closed; the first time stays."""
    row = ClosingTable.insert(kind=kind, id=id, closed_at=at)
    key_store.run(row.on_conflict_ignore())


def closings_of(key_store: Store, kind: str) -> dict[str, int]:
    """When each of a kind was closed, by its id. Call it in a transaction of the key store."""
    query = ClosingTable.select(ClosingTable.id, ClosingTable.closed_at)
    return dict(key_store.rows(query.where(ClosingTable.kind == kind).tuples()))


def count_closings(key_store: Store, since: int) -> int:
    """How many booklets were closed since a time. Call it in a transaction of the key store."""
    query = ClosingTable.select(fn.COUNT(ClosingTable.id)).where(
        ClosingTable.kind == BOOKLET, ClosingTable.closed_at >= since
    )
    ((count,),) = key_store.rows(query.tuples())
    return int(count)


def forget_closings(key_store: Store, before: int) -> int:
    """Delete the closings from before a time, once no backup of the data is that old."""
    with key_store.writing():
        return key_store.run(ClosingTable.delete().where(ClosingTable.closed_at < before))

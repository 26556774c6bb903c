"""Erasing a booklet: its rows in every table, and its key.

A delete alone is not a deletion. On SQLite the pragma `secure_delete` overwrites what a row held,
and truncating the log takes away the old pages; the key store needs both most, for a key that is
left in a file still opens every backup. PostgreSQL keeps old rows in its log and in its replicas,
and backups keep them everywhere: there, only the destruction of the key deletes, at once.

Two stores cannot commit at once. The data are deleted first, with a tombstone that says that the
key is still to be destroyed; then the key is, which needs no room on the disk any more; then the
tombstone is marked. What a crash leaves between these, `cleanup` finishes.
"""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from peewee import DatabaseError, Model, ModelBase

from graphql_api.storage import tables
from graphql_api.storage.closings import BOOKLET, PERSON, record_closing
from graphql_api.storage.former_content.former_tables import erase_former_rows
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletTable,
    ErasedBookletTable,
    KnownHeadTable,
    SetAsideTable,
)
from graphql_api.storage.tombstones import bury, mark


def _with(column: str) -> list[Any]:
    """The models of all tables that have a column, in the order of `tables.py`."""
    models: list[Any] = [each for each in vars(tables).values() if isinstance(each, ModelBase)]
    return [model for model in models if model is not Model and column in model._meta.fields]


# Found, not listed: a table added later is not forgotten.
TABLES_OF_A_BOOKLET = tuple(
    model
    for model in _with("booklet")
    if model not in (ErasedBookletTable, BookletKeyTable, KnownHeadTable)
)
TABLES_OF_A_PERSON = tuple(model for model in _with("person") if model is not BookletTable)


def erase_booklet(op: Operation, booklet: str) -> None:
    """Delete everything of a booklet.

    Call it once nothing can refuse any more: the destruction of the key is prepared in
    `op.after_commit`, and follows the commit of the data. A key store that does not answer, or
    has no room to delete a key, raises here, while everything can still be undone.
    """
    erase_rows(op, booklet)
    bury(op.store, booklet, op.now_us)
    # Entered first, so that it is left after the commit of the key store.
    op.after_commit.enter_context(marking_key_destroyed(op.store, booklet))
    destroy_key(op, booklet)


def erase_rows(op: Operation, booklet: str) -> None:
    """Delete every row of a booklet but its tombstone."""
    op.store.write(BookletTable.delete().where(BookletTable.id == booklet))  # first: it is the lock
    for table in TABLES_OF_A_BOOKLET:
        op.store.write(table.delete().where(table.booklet == booklet))
    erase_former_rows(op.store, booklet)


def erase_set_aside_of(op: Operation, person: str) -> None:
    """Erase the booklets of a person that were set aside for want of their keys."""
    query = SetAsideTable.select(SetAsideTable.booklet).where(SetAsideTable.person == person)
    for (booklet,) in op.store.rows(query.tuples()):
        erase_booklet(op, booklet)


def destroy_key(op: Operation, booklet: str) -> None:
    """Destroy the key of a booklet as soon as the data are committed; raises now if it cannot.

    The key store records the closing, for restores of the data.
    """
    op.after_commit.enter_context(op.key_store.writing())
    op.key_store.write(BookletKeyTable.delete().where(BookletKeyTable.booklet == booklet))
    record_closing(op.key_store, BOOKLET, booklet, op.now_us)
    op.key_store.take_room()


def record_closed_person(op: Operation, person: str) -> None:
    """Have the key store record that a person left, as soon as the data are committed."""
    op.after_commit.enter_context(op.key_store.writing())
    record_closing(op.key_store, PERSON, person, op.now_us)
    op.key_store.take_room()


def mark_key_destroyed(store: Store, booklet: str) -> None:
    """Write on the tombstone of a booklet that its key is destroyed."""
    with store.writing():
        mark(store, booklet, key_destroyed=True)


@contextmanager
def marking_key_destroyed(store: Store, booklet: str) -> Iterator[None]:
    """Mark the tombstone once data and key are gone; if that fails, `cleanup` does it later."""
    yield
    with suppress(StoreUnavailableError, DatabaseError):
        mark_key_destroyed(store, booklet)
        store.truncate_log()

"""The rows of the journal: sealed with the booklet's key, kept for a while, read page by page."""

import re
import uuid
from datetime import timedelta

from graphql_api.operation import Operation, from_microseconds
from graphql_api.tables import AccessRecord as AccessRow
from graphql_api.vault import BookletVault, Place
from schema.access_record import (
    Accessed,
    Accessor,
    AccessOutcome,
    AccessRecord,
    AccessRecordConnection,
    access_record,
)

KEPT = timedelta(days=365)
MOST_KEPT = 1_000
MOST_LISTED = 100
_CURSOR = re.compile(r"(\d{1,18})-([0-9a-f-]{36})", re.ASCII)
_MICROSECONDS_KEPT = KEPT // timedelta(microseconds=1)


def insert(
    op: Operation,
    vault: BookletVault,
    booklet: str,
    who: Accessor,
    what: Accessed,
    outcome: AccessOutcome,
    title: str | None,
) -> None:
    """Write a record."""
    id = str(uuid.uuid4())
    content = {"who": who.name, "what": what.name, "outcome": outcome.name, "title": title}
    sealed = vault.seal(_place(id), content)
    op.store.run(AccessRow.insert(booklet=booklet, id=id, at=op.moment, sealed=sealed))


def prune(op: Operation, booklet: str) -> None:
    """Drop what is older than twelve months, and the oldest beyond 1,000."""
    older = AccessRow.alias()
    beyond = (
        older.select(older.id)
        .where(older.booklet == booklet)
        .order_by(older.at.desc(), older.id.desc())
        .offset(MOST_KEPT)
    )
    stale = (AccessRow.at <= op.moment - _MICROSECONDS_KEPT) | AccessRow.id.in_(beyond)
    op.store.run(AccessRow.delete().where(AccessRow.booklet == booklet, stale))


def page(
    op: Operation, booklet: str, vault: BookletVault, first: int, after: str | None
) -> AccessRecordConnection:
    """The newest records, or those that follow a cursor; a cursor of another form leads nowhere."""
    most = max(0, min(first, MOST_LISTED))
    query = AccessRow.select(AccessRow.id, AccessRow.at, AccessRow.sealed).where(
        AccessRow.booklet == booklet, AccessRow.at > op.moment - _MICROSECONDS_KEPT
    )
    if after is not None:
        cursor = _CURSOR.fullmatch(after)
        if cursor is None:
            return AccessRecordConnection(nodes=[], end_cursor=None)
        at, id = int(cursor[1]), cursor[2]
        query = query.where((AccessRow.at < at) | ((AccessRow.at == at) & (AccessRow.id < id)))
    newest = query.order_by(AccessRow.at.desc(), AccessRow.id.desc()).limit(most + 1)
    rows = op.store.rows(newest.tuples())
    last = rows[most - 1] if len(rows) > most > 0 else None
    return AccessRecordConnection(
        nodes=[_opened(vault, *row) for row in rows[:most]],
        end_cursor=f"{last[1]}-{last[0]}" if last else None,
    )


def _opened(vault: BookletVault, id: str, at: int, sealed: bytes) -> AccessRecord:
    content = vault.open(_place(id), sealed)
    return access_record(
        id,
        from_microseconds(at),
        Accessor[content["who"]],
        Accessed[content["what"]],
        AccessOutcome[content["outcome"]],
        content["title"],
    )


def _place(id: str) -> Place:
    return Place("access_record", id, 0)

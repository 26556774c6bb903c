"""The rows of the access log: sealed with the booklet's key, kept for a year, read page by page.

Of the refusals of an hour the first have a row each, and one row counts the rest, so that nobody
pushes anything out of the log by asking again and again. What was read stays a year in any case.
"""

import re
import uuid
from collections.abc import Collection, Iterable
from datetime import timedelta
from functools import lru_cache
from typing import Any

from peewee import Select, fn

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.content.damage import UNREADABLE, set_aside
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, SummaryRead, from_microseconds
from graphql_api.storage.store import Store, parameter
from graphql_api.storage.tables import AccessRecordTable
from schema.damage import StoredKind
from schema.description.connection import Connection, Edge, page_of, page_size
from schema.sharing.access_record import (
    MAX_REFUSAL_RECORDS,
    REFUSALS_OF_AN_HOUR,
    Accessed,
    Accessor,
    AccessOutcome,
    AccessRecord,
    RefusalReason,
    access_record,
    counted_refusals,
)

RETENTION = timedelta(days=365)
_CURSOR = re.compile(r"(\d{1,18})-([0-9a-f-]{36})", re.ASCII)
_RETENTION_US = RETENTION // timedelta(microseconds=1)
_HOUR_US = timedelta(hours=1) // timedelta(microseconds=1)
_NEWEST = AccessRecordTable.select(
    AccessRecordTable.id, AccessRecordTable.at, AccessRecordTable.sealed, AccessRecordTable.times
).order_by(AccessRecordTable.at.desc(), AccessRecordTable.id.desc())
_FIRST_PAGE = _NEWEST.where(AccessRecordTable.booklet == "booklet").limit("most").tuples()
_COUNTED: dict[str, Any] = {"who": None, "what": None, "outcome": AccessOutcome.REFUSED.name}


def insert(
    op: Operation,
    sealer: Sealer,
    booklet: str,
    who: Accessor,
    what: Accessed,
    outcome: AccessOutcome,
    title: str | None,
    link: tuple[str, str] | None = None,
    refusal: RefusalReason | None = None,
) -> None:
    """Insert a record; `link` are the id and the name of the share link that was followed.

    `refusal` is why that link did not serve.

    Call it with the booklet's row locked: a refusal is counted with those of the same hour.
    """
    content = {"who": who.name, "what": what.name, "outcome": outcome.name, "title": title}
    if link is not None:
        content |= {"link_id": link[0], "link": link[1]}
    if refusal is not None:
        content["refusal"] = refusal.name
    if outcome is AccessOutcome.REFUSED:
        _insert_refusal(op, sealer, booklet, content)
    else:
        _insert(op, [(booklet, *_sealed(sealer, content))])


def sealed_site_read(sealer: Sealer, site: str) -> tuple[str, bytes]:
    """The record of a summary that a site read: its id, and its content sealed.

    So nobody waits for the sealing: `insert_site_reads` inserts it, in a write transaction.
    """
    who, what, outcome = Accessor.REGIONAL_SITE, Accessed.SUMMARY, AccessOutcome.READ
    content = {"who": who.name, "what": what.name, "outcome": outcome.name, "title": None}
    return _sealed(sealer, content | {"site": site})


def insert_site_reads(op: Operation, read: Iterable[SummaryRead]) -> None:
    """Insert, for each summary that a site read, the record of it."""
    _insert(op, [(one.booklet, *one.record) for one in read])


def prune(op: Operation, booklets: Collection[str]) -> None:
    """Delete the records older than twelve months, and the oldest refusals beyond their bound."""
    of_these = AccessRecordTable.booklet.in_(list(booklets))
    is_refusal = AccessRecordTable.hour.is_null(False)
    full = (  # few are, and counting costs much less than numbering
        AccessRecordTable.select(AccessRecordTable.booklet)
        .where(of_these, is_refusal)
        .group_by(AccessRecordTable.booklet)
        .having(fn.COUNT(AccessRecordTable.id) > MAX_REFUSAL_RECORDS)
    )
    number = fn.ROW_NUMBER().over(
        partition_by=[AccessRecordTable.booklet],
        order_by=[AccessRecordTable.at.desc(), AccessRecordTable.id.desc()],
    )
    numbered = (
        AccessRecordTable.select(AccessRecordTable.id, number.alias("number"))
        .where(AccessRecordTable.booklet.in_(full), is_refusal)
        .alias("numbered")
    )
    beyond = Select([numbered], [numbered.c.id]).where(numbered.c.number > MAX_REFUSAL_RECORDS)
    stale = (AccessRecordTable.at <= op.now_us - _RETENTION_US) | AccessRecordTable.id.in_(beyond)
    op.store.run(AccessRecordTable.delete().where(of_these, stale))


def delete_old(store: Store, now_us: int) -> int:
    """Delete the records of more than twelve months ago; return how many."""
    old = AccessRecordTable.at <= now_us - _RETENTION_US
    return delete_in_batches(store, AccessRecordTable, old)


def newest(first: int) -> BookletList:
    """The rows of the first page of a journal, and of one record more."""
    return BookletList("newest access records", _FIRST_PAGE, (page_size(first) + 1,))


def page(
    op: Operation, booklet: str, sealer: Sealer, first: int, after: str | None
) -> Connection[AccessRecord]:
    """The newest records that open, or those after a cursor; after a malformed cursor there are none."""
    most = page_size(first)
    if after is None:
        found = op.lists.rows(op.store, booklet, newest(first))
    elif cursor := _CURSOR.fullmatch(after):
        at, id = int(cursor[1]), cursor[2]
        is_after = (AccessRecordTable.at < at) | (
            (AccessRecordTable.at == at) & (AccessRecordTable.id < id)
        )
        of_booklet = _NEWEST.where(AccessRecordTable.booklet == booklet, is_after)
        found = op.store.rows(of_booklet.limit(most + 1).tuples())
    else:
        found = []
    since = op.now_us - _RETENTION_US
    rows = page_of([row for row in found if row[1] > since], most, after, _cursor)
    return Connection(
        edges=[
            Edge(cursor=edge.cursor, node=record)
            for edge in rows.edges
            if (record := _opened(op, sealer, booklet, edge.node))
        ],
        page_info=rows.page_info,
    )


def _cursor(row: tuple[Any, ...]) -> str:
    id, at, *_ = row
    return f"{at}-{id}"


def _insert(op: Operation, records: Iterable[tuple[str, str, bytes]]) -> None:
    """Insert records of booklets: whose, their ids and their sealed content."""
    rows = [
        {"booklet": booklet, "id": id, "at": op.now_us, "sealed": sealed, "times": 1}
        for booklet, id, sealed in records
    ]
    op.store.write_each("access records", _inserted, rows)


@lru_cache(maxsize=16)  # most pages are full: the queries of all sizes are not kept
def _inserted(many: int) -> Any:
    """The query that inserts so many records."""
    names = ("booklet", "id", "at", "sealed", "times")
    return AccessRecordTable.insert_many([{name: parameter(name) for name in names}] * many)


def _sealed(sealer: Sealer, content: dict[str, Any]) -> tuple[str, bytes]:
    """The id of a new record, and its content sealed."""
    id = str(uuid.uuid4())
    return id, sealer.seal(_seal_context(id), content)


def _insert_refusal(op: Operation, sealer: Sealer, booklet: str, content: dict[str, Any]) -> None:
    """Insert a refusal, or count it with the others of its hour; two statements in either case."""
    hour = op.now_us // _HOUR_US
    of_hour = AccessRecordTable.select(fn.COUNT(AccessRecordTable.id)).where(
        AccessRecordTable.booklet == booklet, AccessRecordTable.hour == hour
    )
    written = (op.store.row(of_hour.tuples()) or (0,))[0]
    id = str(uuid.uuid4())
    if written >= REFUSALS_OF_AN_HOUR:
        id, content = str(uuid.uuid5(uuid.UUID(booklet), str(hour))), _COUNTED
    row = AccessRecordTable.insert(
        booklet=booklet,
        id=id,
        at=op.now_us,
        sealed=sealer.seal(_seal_context(id), content),
        hour=hour,
        times=1,
    )
    op.store.run(
        row.on_conflict(
            conflict_target=[AccessRecordTable.booklet, AccessRecordTable.id],
            update={AccessRecordTable.times: AccessRecordTable.times + 1},
        )
    )


def _opened(
    op: Operation, sealer: Sealer, booklet: str, row: tuple[Any, ...]
) -> AccessRecord | None:
    """The record of a row; None, and set aside, when it does not open."""
    try:
        return _record(sealer, *row)
    except UNREADABLE:
        set_aside(op, booklet, StoredKind.ACCESS_RECORD, row[0])
        return None


def _record(sealer: Sealer, id: str, at: int, sealed: bytes, times: int) -> AccessRecord:
    content = sealer.open(_seal_context(id), sealed)
    if content["who"] is None:
        return counted_refusals(id, from_microseconds(at), times)
    return access_record(
        id,
        from_microseconds(at),
        Accessor[content["who"]],
        Accessed[content["what"]],
        AccessOutcome[content["outcome"]],
        content["title"],
        content.get("site"),
        content.get("link"),
        content.get("link_id"),
        RefusalReason.__members__.get(content.get("refusal", "")),
    )


def _seal_context(id: str) -> SealContext:
    return SealContext("access_record", id, 0)

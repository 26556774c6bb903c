"""The rows of the access log: sealed with the booklet's key, kept for a year, read page by page."""

import re
import uuid
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

from peewee import Select, fn

from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, from_microseconds, to_microseconds
from graphql_api.storage.tables import AccessRecordTable
from schema.description.connection import Connection, page_of, page_size
from schema.sharing.access_record import (
    MAX_ACCESS_RECORDS,
    Accessed,
    Accessor,
    AccessOutcome,
    AccessRecord,
    access_record,
)

RETENTION = timedelta(days=365)
_CURSOR = re.compile(r"(\d{1,18})-([0-9a-f-]{36})", re.ASCII)
_RETENTION_US = RETENTION // timedelta(microseconds=1)


def insert(
    op: Operation,
    sealer: Sealer,
    booklet: str,
    who: Accessor,
    what: Accessed,
    outcome: AccessOutcome,
    title: str | None,
    link: tuple[str, str] | None = None,
) -> None:
    """Insert a record; `link` are the id and the name of the share link that was followed."""
    content = {"who": who.name, "what": what.name, "outcome": outcome.name, "title": title}
    if link is not None:
        content |= {"link_id": link[0], "link": link[1]}
    _insert(op, {booklet: sealer}, content)


def insert_site_reads(op: Operation, read: Mapping[str, Sealer], site: str) -> None:
    """Insert, for each of these booklets, the record that a site read its summary."""
    who, what, outcome = Accessor.REGIONAL_SITE, Accessed.SUMMARY, AccessOutcome.READ
    content = {"who": who.name, "what": what.name, "outcome": outcome.name, "title": None}
    _insert(op, read, content | {"site": site})


def prune(op: Operation, booklets: Collection[str]) -> None:
    """Delete the records older than twelve months, and the oldest of a booklet beyond its bound."""
    of_these = AccessRecordTable.booklet.in_(list(booklets))
    full = (  # few are, and counting costs much less than numbering
        AccessRecordTable.select(AccessRecordTable.booklet)
        .where(of_these)
        .group_by(AccessRecordTable.booklet)
        .having(fn.COUNT(AccessRecordTable.id) > MAX_ACCESS_RECORDS)
    )
    number = fn.ROW_NUMBER().over(
        partition_by=[AccessRecordTable.booklet],
        order_by=[AccessRecordTable.at.desc(), AccessRecordTable.id.desc()],
    )
    numbered = (
        AccessRecordTable.select(AccessRecordTable.id, number.alias("number"))
        .where(AccessRecordTable.booklet.in_(full))
        .alias("numbered")
    )
    beyond = Select([numbered], [numbered.c.id]).where(numbered.c.number > MAX_ACCESS_RECORDS)
    stale = (AccessRecordTable.at <= op.now_us - _RETENTION_US) | AccessRecordTable.id.in_(beyond)
    op.store.run(AccessRecordTable.delete().where(of_these, stale))


def page(
    op: Operation, booklet: str, sealer: Sealer, first: int, after: str | None
) -> Connection[AccessRecord]:
    """The newest records, or those after a cursor; after a malformed cursor there are none."""
    most = page_size(first)
    query = AccessRecordTable.select(
        AccessRecordTable.id, AccessRecordTable.at, AccessRecordTable.sealed
    ).where(AccessRecordTable.booklet == booklet, AccessRecordTable.at > op.now_us - _RETENTION_US)
    if after is not None:
        cursor = _CURSOR.fullmatch(after)
        if cursor is None:
            return page_of([], most, after, _cursor)
        at, id = int(cursor[1]), cursor[2]
        query = query.where(
            (AccessRecordTable.at < at)
            | ((AccessRecordTable.at == at) & (AccessRecordTable.id < id))
        )
    newest = query.order_by(AccessRecordTable.at.desc(), AccessRecordTable.id.desc()).limit(
        most + 1
    )
    found = [_opened(sealer, *row) for row in op.store.rows(newest.tuples())]
    return page_of(found, most, after, _cursor)


def _cursor(record: AccessRecord) -> str:
    return f"{to_microseconds(record.at)}-{record.id}"


def _insert(op: Operation, sealers: Mapping[str, Sealer], content: dict[str, Any]) -> None:
    rows = []
    for booklet, sealer in sealers.items():
        id = str(uuid.uuid4())
        rows.append((booklet, id, op.now_us, sealer.seal(_seal_context(id), content)))
    columns = [
        AccessRecordTable.booklet,
        AccessRecordTable.id,
        AccessRecordTable.at,
        AccessRecordTable.sealed,
    ]
    op.store.run(AccessRecordTable.insert_many(rows, columns))


def _opened(sealer: Sealer, id: str, at: int, sealed: bytes) -> AccessRecord:
    content = sealer.open(_seal_context(id), sealed)
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
    )


def _seal_context(id: str) -> SealContext:
    return SealContext("access_record", id, 0)

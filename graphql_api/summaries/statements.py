"""The statements of a page of summaries: as many for one booklet as for a hundred.

The SQL that reads also checks that the consents are live, and checks it again once they are locked.
"""

from contextlib import suppress
from typing import Any

from peewee import SQL, Value, fn

from graphql_api.storage.content.booklet_rows import opened_key
from graphql_api.storage.content.booklet_statements import KEYS
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.keys.authenticated_rows import CONSENTS
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletKeyTable,
    ConsentTable,
    SummaryTombstoneTable,
)
from schema.sharing.consent import ConsentEnd

SummaryKey = tuple[int, str, str]
_STILL_READ = ""


def consents_after(op: Operation, site: str, id: str, most: int) -> list[SummaryKey]:
    """The live consents for a site whose id follows, in the order of their ids."""
    query = (
        ConsentTable.select(ConsentTable.changed_at, ConsentTable.id, Value(_STILL_READ))
        .where(_live(op, site), ConsentTable.id > id)
        .order_by(ConsentTable.id)
        .limit(most)
    )
    return op.store.rows(query.tuples())


def changes_after(op: Operation, site: str, at: int, id: str, most: int) -> list[SummaryKey]:
    """The changes after a time, oldest first: when, of which summary, and how it ended if it did.

    A consent that has expired counts as ended from that moment on, whether it was swept or not.
    """
    live = _following(
        ConsentTable.select(ConsentTable.changed_at.alias("at"), ConsentTable.id, Value(_STILL_READ).alias("end"))
        .where(_live(op, site))
        .order_by(ConsentTable.changed_at, ConsentTable.id),
        ConsentTable.changed_at, ConsentTable.id, at, id, most,
    )  # fmt: skip
    expired = _following(
        ConsentTable.select(ConsentTable.expires_at, ConsentTable.id, Value(ConsentEnd.EXPIRED.name))
        .where(ConsentTable.site == site, ConsentTable.expires_at <= op.now_us)
        .order_by(ConsentTable.expires_at, ConsentTable.id),
        ConsentTable.expires_at, ConsentTable.id, at, id, most,
    )  # fmt: skip
    ended = _following(
        SummaryTombstoneTable.select(SummaryTombstoneTable.at, SummaryTombstoneTable.id, SummaryTombstoneTable.reason)
        .where(SummaryTombstoneTable.site == site)
        .order_by(SummaryTombstoneTable.at, SummaryTombstoneTable.id),
        SummaryTombstoneTable.at, SummaryTombstoneTable.id, at, id, most,
    )  # fmt: skip
    query = (live | expired | ended).order_by(SQL("1"), SQL("2")).limit(most)
    return op.store.rows(query.tuples())


def lock_sections(op: Operation, site: str, ids: list[str]) -> dict[str, str]:
    """The sections of those of these consents that are live, locked until the operation ends.

    On SQLite nobody else writes anyway. On PostgreSQL every write to a consented booklet, or its
    closing, writes to its consents before anything else that is read here, or with it.
    """
    query = ConsentTable.select(ConsentTable.id, ConsentTable.sections).where(
        _live(op, site), ConsentTable.id.in_(ids)
    )
    shared: Any = "FOR SHARE"  # Peewee takes the words; its stubs know of True alone
    rows = op.store.rows((query if op.store.is_sqlite else query.for_update(shared)).tuples())
    return dict(rows)


def live_consents(op: Operation, site: str, ids: list[str]) -> list[tuple[Any, ...]]:
    """Those of these consents that are live: id, sections, when it expires and changed, booklet."""
    query = ConsentTable.select(
        ConsentTable.id,
        ConsentTable.sections,
        ConsentTable.expires_at,
        ConsentTable.changed_at,
        ConsentTable.booklet,
        *CONSENTS.columns,
    ).where(_live(op, site), ConsentTable.id.in_(ids))
    covered = len(CONSENTS.columns)
    return [
        row[:-covered]
        for row in op.store.rows(query.tuples())
        if CONSENTS.is_genuine(op.store, row[-covered:])
    ]


def sealers_of(op: Operation, booklets: list[str]) -> dict[str, Sealer]:
    """The sealers of booklets; one whose key was destroyed, or does not open, has none."""
    query = KEYS.where(BookletKeyTable.booklet.in_(booklets))
    with op.key_store.reading():
        rows = op.key_store.rows(query.tuples())
    sealers = {}
    for row in rows:
        with suppress(DamagedKeyError):
            sealers[row[0]] = opened_key(op, *row)
    return sealers


def count(op: Operation, site: str) -> int:
    """How many summaries a site may read now."""
    row = op.store.row(ConsentTable.select(fn.COUNT(SQL("*"))).where(_live(op, site)).tuples())
    return int(row[0]) if row else 0


def _live(op: Operation, site: str) -> Any:
    return (ConsentTable.site == site) & (ConsentTable.expires_at > op.now_us)


def _following(query: Any, times: Any, ids: Any, at: int, id: str, most: int) -> Any:
    """What comes after a place; written so that both databases walk along the index."""
    return query.where(times >= at, (times > at) | (ids > id)).limit(most)

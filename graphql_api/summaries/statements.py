"""The statements of a page of summaries: as many for one booklet as for a hundred.

The SQL that reads also checks that the consents are live, and checks it again once they are locked.
"""

from contextlib import suppress
from functools import lru_cache
from typing import Any, NamedTuple

from peewee import JOIN, SQL, fn

from graphql_api.storage.content.booklet_rows import opened_key
from graphql_api.storage.content.booklet_statements import KEYS
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.keys.authenticated_rows import CONSENTS
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletSectionTable,
    ConsentTable,
    KeptSummaryTable,
    SummaryTombstoneTable,
)
from schema.sharing.consent import ConsentEnd, SummarySection

SummaryKey = tuple[int, str, str]  # how it ended is an empty text for what is still read
_FEW_SIZES = lru_cache(maxsize=16)  # most pages are full: the queries of all sizes are not kept


class LiveConsent(NamedTuple):
    """A live consent, the head of its booklet as it is stored, and the summary that is kept.

    Without a head, or without a kept summary, these are None. `kept_of` says of what it was made.
    """

    id: str
    booklet: str
    version: int
    sections: str
    expires_at: int
    changed_at: int
    head_version: int | None
    head: bytes | None
    kept_of: str | None
    kept: bytes | None


_LIVE = (ConsentTable.site == "site", ConsentTable.expires_at > 0)  # parameters of constant queries
_CONSENTS_AFTER = (
    ConsentTable.select(ConsentTable.changed_at, ConsentTable.id, SQL("''"))
    .where(*_LIVE, ConsentTable.id > "id")
    .order_by(ConsentTable.id)
    .limit(1)
    .tuples()
)


def _following(table: Any, time: Any, end: Any, *which: Any) -> Any:
    """What comes after a place; written so that both databases walk along the index."""
    return (
        table.select(time, table.id, end)
        .where(*which, time >= 0, (time > 0) | (table.id > "id"))
        .order_by(time, table.id)
        .limit(1)
    )


_STONE = SummaryTombstoneTable
_CHANGED = _following(ConsentTable, ConsentTable.changed_at, SQL("''"), *_LIVE)
_EXPIRED = _following(
    ConsentTable,
    ConsentTable.expires_at,
    SQL(f"'{ConsentEnd.EXPIRED.name}'"),
    *(ConsentTable.site == "site", ConsentTable.expires_at <= 0),
)
_ENDED = _following(_STONE, _STONE.at, _STONE.reason, _STONE.site == "site")
_CHANGES_AFTER = (_CHANGED | _EXPIRED | _ENDED).order_by(SQL("1"), SQL("2")).limit(1).tuples()
_PLACES = [CONSENTS.fields.index(name) for name in LiveConsent._fields[:5]]


def consents_after(op: Operation, site: str, id: str, most: int) -> list[SummaryKey]:
    """The live consents for a site whose id follows, in the order of their ids."""
    return op.store.rows_of("consents after", _CONSENTS_AFTER, site, op.now_us, id, most)


def changes_after(op: Operation, site: str, at: int, id: str, most: int) -> list[SummaryKey]:
    """The changes after a time, oldest first: when, of which summary, and how it ended if it did.

    A consent that has expired counts as ended from that moment on, whether it was swept or not.
    """
    place = (at, at, id, most)
    of_consents, of_stones = (site, op.now_us, *place), (site, *place)
    asked = (*of_consents, *of_consents, *of_stones, most)  # those that live, those that expired
    return op.store.rows_of("changes after", _CHANGES_AFTER, *asked)


@lru_cache(maxsize=256)  # there are few choices, and each is read many times
def sections_named(codes: str) -> tuple[SummarySection, ...]:
    """The sections of a consent, of the codes that its row has."""
    return tuple(SummarySection(code) for code in codes.split())


def lock_consents(op: Operation, site: str, ids: list[str]) -> dict[str, tuple[str, int]]:
    """The sections, and when it last changed, of those of these consents that are live.

    They are locked until the operation ends. On SQLite nobody else writes anyway. On PostgreSQL
    every write to a consented booklet, or its closing, writes to its consents before anything else
    that is read here, or with it.
    """
    query = _locking(len(ids), is_sqlite=op.store.is_sqlite)
    rows = op.store.rows_of(f"{len(ids)} consents to lock", query, site, op.now_us, *ids)
    return {id: (sections, changed_at) for id, sections, changed_at in rows}


def live_consents(op: Operation, site: str, ids: list[str]) -> list[LiveConsent]:
    """Those of these consents that are live, each with the head of its booklet and what is kept."""
    name = f"{len(ids)} live consents"
    rows = op.store.rows_of(name, _live_consents(len(ids)), site, op.now_us, *ids)
    covered = len(CONSENTS.columns)
    return [
        LiveConsent(*(row[place] for place in _PLACES), *row[covered:])
        for row in rows
        if CONSENTS.is_genuine(op.store, row[:covered])
    ]


def sealers_of(op: Operation, booklets: list[str]) -> dict[str, Sealer]:
    """The sealers of booklets; one whose key was destroyed, or does not open, has none."""
    rows = op.key_store.look_up(f"{len(booklets)} keys", _keys(len(booklets)), *booklets)
    sealers = {}
    for row in rows:
        with suppress(DamagedKeyError):
            sealers[row[0]] = opened_key(op, *row)
    return sealers


def count(op: Operation, site: str) -> int:
    """How many summaries a site may read now."""
    row = op.store.row(ConsentTable.select(fn.COUNT(SQL("*"))).where(_live(op, site)).tuples())
    return int(row[0]) if row else 0


@_FEW_SIZES
def _live_consents(many: int) -> Any:
    head, kept = BookletSectionTable, KeptSummaryTable
    is_head = (head.booklet == ConsentTable.booklet) & (head.section == SQL("'HEAD'"))
    is_kept = (kept.booklet == ConsentTable.booklet) & (kept.consent == ConsentTable.id)
    columns = (ConsentTable.changed_at, head.version, head.sealed, kept.made_of, kept.sealed)
    return (
        ConsentTable.select(*CONSENTS.columns, *columns)
        .join(head, JOIN.LEFT_OUTER, on=is_head)
        .join(kept, JOIN.LEFT_OUTER, on=is_kept, src=ConsentTable)
        .where(*_LIVE, ConsentTable.id.in_(["id"] * many))
        .tuples()
    )


@_FEW_SIZES
def _locking(many: int, *, is_sqlite: bool) -> Any:
    columns = (ConsentTable.id, ConsentTable.sections, ConsentTable.changed_at)
    query = ConsentTable.select(*columns).where(*_LIVE, ConsentTable.id.in_(["id"] * many))
    shared: Any = "FOR SHARE"  # Peewee takes the words; its stubs know of True alone
    return (query if is_sqlite else query.for_update(shared)).tuples()


@_FEW_SIZES
def _keys(many: int) -> Any:
    return KEYS.where(BookletKeyTable.booklet.in_(["id"] * many)).tuples()


def _live(op: Operation, site: str) -> Any:
    return (ConsentTable.site == site) & (ConsentTable.expires_at > op.now_us)

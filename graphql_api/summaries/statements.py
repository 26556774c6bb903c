"""The statements of a page of summaries: as many for one booklet as for a hundred.

The SQL that reads also checks that the consents are live, and checks it again once they are locked.
"""

from contextlib import suppress
from functools import lru_cache
from operator import itemgetter
from typing import Any, NamedTuple

from peewee import JOIN, SQL, Select, fn

from graphql_api.callers import sites
from graphql_api.storage.content.booklet_rows import opened_key
from graphql_api.storage.content.booklet_statements import KEYS
from graphql_api.storage.content.damage import DamagedKeyError
from graphql_api.storage.keys.authenticated_rows import CONSENTS
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Asked
from graphql_api.storage.tables import (
    BookletKeyTable,
    BookletSectionTable,
    ConsentTable,
    KeptSummaryTable,
    SiteTable,
    SummaryTombstoneTable,
)
from schema.sharing.consent import ConsentEnd, SummarySection

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


class PageRow(NamedTuple):
    """A place of a page: when, of which summary, and how it ended: an empty text if it did not.

    `consent` is None then, and for one that is not genuine.
    """

    at: int
    id: str
    end: str
    consent: LiveConsent | None


Page = tuple[str | None, list[PageRow]]  # of which site; None for a machine that is that of none

_LIVE = (ConsentTable.site == "site", ConsentTable.expires_at > 0)  # parameters of constant queries
# The site of a machine, which is read and examined beside: rows for another are not looked at.
_SITE = SiteTable.select(SiteTable.id).where(
    SiteTable.client == "client", SiteTable.disabled_at.is_null()
)
_OF_SITE = ConsentTable.site == _SITE
_STONE = SummaryTombstoneTable
_NOTHING = SQL("''")
_PLACES = [CONSENTS.fields.index(name) for name in LiveConsent._fields[:5]]
_COVERED = len(CONSENTS.columns)


def consents_after(op: Operation, client: str, id: str, most: int) -> Page:
    """The site of a machine, and the live consents for it whose id follows, in the order of ids."""
    asked = (client, op.now_us, id)
    site, rows = _page(op, client, (f"{most} consents after", _consents_after(most), asked))
    return site, sorted(rows, key=itemgetter(1))


def changes_after(op: Operation, client: str, at: int, id: str, most: int) -> Page:
    """The site of a machine, and the changes for it after a time, oldest first.

    A consent that has expired counts as ended from that moment on, whether it was swept or not.
    """
    place = (at, at, id)
    of_consents, of_stones = (client, op.now_us, *place), (client, *place)
    asked = (*of_consents, *of_consents, *of_stones)  # those that live, those that expired
    site, rows = _page(op, client, (f"{most} changes after", _changes_after(most), asked))
    return site, sorted(rows, key=itemgetter(0, 1))


def _page(op: Operation, client: str, asked: Asked) -> Page:
    of_site, rows = op.store.rows_of_each(sites.site_query(client), asked)
    site = sites.site_in(op, of_site)
    if site is None:
        return None, []
    return site, [PageRow(at, id, end, _live_consent(op, row)) for at, id, end, *row in rows]


def _live_consent(op: Operation, row: list[Any]) -> LiveConsent | None:
    covered = row[:_COVERED]
    if covered[0] is None or not CONSENTS.is_genuine(op.store, covered):
        return None
    return LiveConsent(*(covered[place] for place in _PLACES), *row[_COVERED:])


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
def _consents_after(most: int) -> Any:
    found = (
        ConsentTable.select(*_place(ConsentTable, ConsentTable.changed_at))
        .where(_OF_SITE, ConsentTable.expires_at > 0, ConsentTable.id > "id")
        .order_by(ConsentTable.id)
        .limit(_literal(most))
    ).alias("place")
    return _with_consents(found)


@_FEW_SIZES
def _changes_after(most: int) -> Any:
    table, expired = ConsentTable, SQL(f"'{ConsentEnd.EXPIRED.name}'")
    live, past = table.expires_at > 0, table.expires_at <= 0
    each = (
        _following(most, _place(table, table.changed_at), _OF_SITE, live),
        _following(most, _place(table, table.expires_at, expired), _OF_SITE, past),
        _following(most, _place(_STONE, _STONE.at, _STONE.reason), _STONE.site == _SITE),
    )
    union = (each[0] | each[1] | each[2]).order_by(SQL("1"), SQL("2"))
    found = union.limit(_literal(most)).alias("place")
    return _with_consents(found)


def _following(most: int, place: tuple[Any, ...], *which: Any) -> Any:
    """What comes after a place; written so that both databases walk along the index."""
    time, id = place[0].unalias(), place[1]
    return (
        id.model.select(*place)
        .where(*which, time >= 0, (time > 0) | (id > "id"))
        .order_by(time, id)
        .limit(_literal(most))
    )


def _place(table: Any, time: Any, end: Any = _NOTHING) -> tuple[Any, ...]:
    """The columns of a place; of one that ended the booklet is not named, so that nothing is read."""
    booklet = table.booklet if end is _NOTHING else _NOTHING
    return time.alias("at"), table.id, end.alias("ended"), booklet.alias("booklet")


def _with_consents(found: Any) -> Any:
    """These places, each with its live consent, the head of the booklet and what is kept.

    Their order is that of chance: SQLite takes a tenth longer to sort what was read.
    """
    head, kept = BookletSectionTable, KeptSummaryTable
    is_its_own = (ConsentTable.booklet == found.c.booklet) & (ConsentTable.id == found.c.id)
    is_head = (head.booklet == ConsentTable.booklet) & (head.section == SQL("'HEAD'"))
    is_kept = (kept.booklet == ConsentTable.booklet) & (kept.consent == ConsentTable.id)
    place = (found.c.at, found.c.id, found.c.ended)
    columns = (ConsentTable.changed_at, head.version, head.sealed, kept.made_of, kept.sealed)
    return (
        Select([found], [*place, *CONSENTS.columns, *columns])
        .join(ConsentTable, JOIN.LEFT_OUTER, on=is_its_own)
        .join(head, JOIN.LEFT_OUTER, on=is_head)
        .join(kept, JOIN.LEFT_OUTER, on=is_kept)
        .tuples()
    )


def _literal(most: int) -> Any:
    """A number that PostgreSQL knows when it plans: of a parameter it would expect any."""
    return SQL(str(most))


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

"""The statements of a page of summaries: as many for one booklet as for a hundred.

Whether a consent lets a site read is asked in the same SQL that reads, and once more after nobody
can change the answer any more.
"""

from collections.abc import Iterable
from typing import Any

from peewee import SQL, Value, fn

from graphql_api.storage.encryption import BookletVault, unwrap
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import Booklet, BookletKey, Consent, Entry, SummaryStone
from schema.description.rubric import RubricName
from schema.sharing.consent import ConsentEnd

Key = tuple[int, str, str]
_STILL_READ = ""


def all_since(op: Operation, site: str, id: str, most: int) -> list[Key]:
    """The live consents for a site whose id follows, in the order of their ids."""
    query = (
        Consent.select(Consent.changed_at, Consent.id, Value(_STILL_READ))
        .where(_live(op, site), Consent.id > id)
        .order_by(Consent.id)
        .limit(most)
    )
    return op.store.rows(query.tuples())


def changes_since(op: Operation, site: str, at: int, id: str, most: int) -> list[Key]:
    """What follows a moment, oldest first: when, of which summary, and how it ended if it did.

    A consent that has expired counts as ended from that moment on, whether it was swept or not.
    """
    live = _following(
        Consent.select(Consent.changed_at.alias("at"), Consent.id, Value(_STILL_READ).alias("end"))
        .where(_live(op, site))
        .order_by(Consent.changed_at, Consent.id),
        Consent.changed_at, Consent.id, at, id, most,
    )  # fmt: skip
    expired = _following(
        Consent.select(Consent.expires_at, Consent.id, Value(ConsentEnd.EXPIRED.name))
        .where(Consent.site == site, Consent.expires_at <= op.moment)
        .order_by(Consent.expires_at, Consent.id),
        Consent.expires_at, Consent.id, at, id, most,
    )  # fmt: skip
    ended = _following(
        SummaryStone.select(SummaryStone.at, SummaryStone.id, SummaryStone.reason)
        .where(SummaryStone.site == site)
        .order_by(SummaryStone.at, SummaryStone.id),
        SummaryStone.at, SummaryStone.id, at, id, most,
    )  # fmt: skip
    query = (live | expired | ended).order_by(SQL("1"), SQL("2")).limit(most)
    return op.store.rows(query.tuples())


def hold(op: Operation, site: str, ids: list[str]) -> None:
    """Let nobody end or change these consents until the operation ends, nor what they open.

    On SQLite nobody else writes anyway. On PostgreSQL whoever writes to a consented booklet, or
    closes it, writes to its consents before anything else that is read here, or with it.
    """
    if op.store.is_sqlite:
        return
    query = Consent.select(Consent.id).where(_live(op, site), Consent.id.in_(ids))
    shared: Any = "FOR SHARE"  # Peewee takes the words; its stubs know of True alone
    op.store.rows(query.for_update(shared).tuples())


def consented(op: Operation, site: str, ids: list[str]) -> list[tuple[Any, ...]]:
    """Those of these consents that are live, with the rows of their booklets."""
    query = (
        Consent.select(
            Consent.id,
            Consent.sections,
            Consent.expires_at,
            Consent.changed_at,
            Booklet.id,
            Booklet.identity_version,
            Booklet.identity,
            Booklet.situation_version,
            Booklet.situation,
        )
        .join(Booklet, on=(Booklet.id == Consent.booklet))
        .where(_live(op, site), Consent.id.in_(ids))
    )
    return op.store.rows(query.tuples())


def vaults_of(op: Operation, booklets: list[str]) -> dict[str, BookletVault]:
    """The vaults of booklets; one whose key was destroyed has none."""
    query = BookletKey.select(BookletKey.booklet, BookletKey.wrapped).where(
        BookletKey.booklet.in_(booklets)
    )
    with op.key_store.reading():
        rows = op.key_store.rows(query.tuples())
    return {
        booklet: BookletVault(booklet, unwrap(op.master_key, booklet, wrapped))
        for booklet, wrapped in rows
    }


def entries_of(
    op: Operation, booklets: list[str], rubrics: Iterable[RubricName]
) -> list[tuple[Any, ...]]:
    """The entries of booklets, of these rubrics: the booklet, then the columns of `shelf`."""
    query = Entry.select(
        Entry.booklet,
        Entry.id,
        Entry.rubric,
        Entry.rank,
        Entry.version,
        Entry.shape,
        Entry.created_at,
        Entry.updated_at,
        Entry.sealed,
    ).where(Entry.booklet.in_(booklets), Entry.rubric.in_([one.value for one in rubrics]))
    return op.store.rows(query.tuples())


def how_many(op: Operation, site: str) -> int:
    """How many summaries a site may read now."""
    row = op.store.row(Consent.select(fn.COUNT(SQL("*"))).where(_live(op, site)).tuples())
    return int(row[0]) if row else 0


def _live(op: Operation, site: str) -> Any:
    return (Consent.site == site) & (Consent.expires_at > op.moment)


def _following(query: Any, times: Any, ids: Any, at: int, id: str, most: int) -> Any:
    """What comes after a place; written so that both databases walk along the index."""
    return query.where(times >= at, (times > at) | (ids > id)).limit(most)

"""The chain of all that ever happened to consents: append-only, gapless, made of hashes.

An event holds its kind, its day and a salted digest of the consent's terms, and so names neither a
booklet nor a site, and outlives both. Each hash covers the one before, so that an event that was
altered, removed, inserted or moved breaks the chain from there on. Of a chain that was cut off at
its end, or written anew from some place on, the chain itself tells nothing: whoever noted a head
(`number:hash`) earlier finds out, and so does whoever holds a receipt, which names its event; and
every consent that is kept is looked up in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from peewee import Select, fn

from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ConsentEventTable, ConsentTable, PastConsentTable

_LOCK = 0x4C495643
_DAY = 86_400_000_000
_BATCH = 5_000
_AT_ONCE = 500
_START = "0" * 64
_COLUMNS = (
    ConsentEventTable.number,
    ConsentEventTable.at,
    ConsentEventTable.kind,
    ConsentEventTable.digest,
)
_ALL = ConsentEventTable.select(*_COLUMNS, ConsentEventTable.hash).order_by(
    ConsentEventTable.number
)


class EventKind(Enum):
    """What happened to a consent."""

    GIVEN = "GIVEN"
    NARROWED = "NARROWED"
    RENEWED = "RENEWED"
    REVOKED = "REVOKED"
    EXPIRED = "EXPIRED"
    CLOSED = "CLOSED"


_WRITTEN = (EventKind.GIVEN, EventKind.NARROWED, EventKind.RENEWED)


@dataclass(frozen=True, slots=True)
class Link:
    """The place of an event in the chain."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a check of the chain found: its head, and in French what is wrong, if anything."""

    head: Link
    fault: str | None = None


def hold(store: Store) -> None:
    """Let nobody else append until this transaction ends.

    To be called before any consent is looked at to change it: all take this lock first, so that
    none waits for another that waits for it. SQLite has one writer at a time anyway.
    """
    if not store.is_sqlite:
        store.rows(Select(columns=[fn.pg_advisory_xact_lock(_LOCK)]))


def append(store: Store, moment: int, events: Iterable[tuple[EventKind, str]]) -> list[Link]:
    """Append events, each with the digest of its consent's terms; where they stand.

    The caller holds the chain.
    """
    last = _head(store)
    rows, links = [], []
    for kind, terms in events:
        row = (last.number + 1, moment - moment % _DAY, kind.value, event_digest(kind, terms))
        last = Link(row[0], _hash(last.hash, *row))
        rows.append((*row, last.hash))
        links.append(last)
    columns = [*_COLUMNS, ConsentEventTable.hash]
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        store.run(ConsentEventTable.insert_many(some, columns))
    return links


def event_digest(kind: EventKind, terms: str) -> str:
    """What an event keeps of the digest of a consent's terms: other for each kind.

    So nobody tells which events were of one consent, once the consent itself is gone.
    """
    return digest(f"{kind.value}|{terms}")


def verify(store: Store, expected: Link | None = None) -> Verdict:
    """Check the whole chain, that it still has the link `expected`, and every consent kept.

    Begins its own transactions, and keeps nobody from writing.
    """
    last, found = Link(0, _START), expected is None or expected == Link(0, _START)
    for number, at, kind, terms, hashed in _events(store):
        if number != last.number + 1 or hashed != _hash(last.hash, number, at, kind, terms):
            return Verdict(last, f"La chaîne est rompue après l’événement {last.number}.")
        last = Link(number, hashed)
        found = found or last == expected
    if not found:
        return Verdict(last, "La chaîne ne contient pas l’événement attendu.")
    for table in (ConsentTable, PastConsentTable):
        if not _has_all_of(store, table):
            return Verdict(last, "Un consentement n’est pas dans la chaîne.")
    return Verdict(last)


def kind_at(store: Store, link: Link, terms: str) -> EventKind | None:
    """What happened to a consent of these terms at that link of the chain; None if nothing did."""
    query = ConsentEventTable.select(ConsentEventTable.digest).where(
        ConsentEventTable.number == link.number, ConsentEventTable.hash == link.hash
    )
    found = store.row(query.tuples())
    kinds = (kind for kind in EventKind if found and found[0] == event_digest(kind, terms))
    return next(kinds, None)


def _head(store: Store) -> Link:
    query = ConsentEventTable.select(ConsentEventTable.number, ConsentEventTable.hash)
    found = store.row(query.order_by(ConsentEventTable.number.desc()).limit(1).tuples())
    return Link(*found) if found else Link(0, _START)


def _events(store: Store) -> Iterator[tuple[int, int, str, str, str]]:
    """All of them, a batch a transaction: what is behind does not change."""
    after, full = -(2**63), True
    while full:
        with store.reading():
            rows = store.rows(_ALL.where(ConsentEventTable.number > after).limit(_BATCH).tuples())
        yield from ((number, at, kind, terms, hash) for number, at, kind, terms, hash in rows)
        full = len(rows) == _BATCH
        after = rows[-1][0] if full else after


def _has_all_of(store: Store, table: type[ConsentTable | PastConsentTable]) -> bool:
    """Whether the event of each consent of a table is there, and of the same terms."""
    event = ConsentEventTable.alias()
    query = table.select(table.digest, event.digest).join(
        event, "LEFT OUTER JOIN", on=(table.event == event.number)
    )
    with store.reading():
        rows = store.rows(query.tuples())
    return all(told in {event_digest(kind, terms) for kind in _WRITTEN} for terms, told in rows)


def _hash(before: str, number: int, at: int, kind: str, terms: str) -> str:
    return digest(f"{before}|{number}|{at}|{kind}|{terms}")

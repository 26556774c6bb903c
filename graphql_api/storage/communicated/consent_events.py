"""The chain of events of all consents: append-only, gapless, made of hashes.

An event holds its kind, its day and a salted digest of the consent's terms, and so names neither a
booklet nor a site, and outlives both. Each hash covers the one before, so that an event that was
altered, removed, inserted or moved breaks the chain from there on. Of a chain that was cut off at
its end, or written anew from some event on, the chain itself shows nothing: a head
(`number:hash`) that was noted earlier shows it, and so does a receipt, which names its event.
Every stored consent is also looked up in the chain.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum
from itertools import islice

from peewee import SQL, Select, fn

from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ConsentEventTable, ConsentTable, PastConsentTable

_LOCK = 0x4C495643
_LOCKED = Select(columns=[fn.pg_advisory_xact_lock(SQL(str(_LOCK)))])
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
class ChainLink:
    """The place of an event in the chain."""

    number: int
    hash: str

    def __str__(self) -> str:
        return f"{self.number}:{self.hash}"


@dataclass(frozen=True, slots=True)
class ChainCheck:
    """The result of checking the chain: its head, and in French what is wrong, if anything."""

    head: ChainLink
    error: str | None = None


def lock_chain(store: Store) -> None:
    """Lock the chain until this transaction ends, so that no other transaction appends.

    Call it before a consent is read to be changed: every writer takes this lock first, so that
    there is no deadlock. SQLite has one writer at a time anyway.
    """
    store.lock("chain of consents", _LOCKED)


def append(store: Store, now_us: int, events: Iterable[tuple[EventKind, str]]) -> list[ChainLink]:
    """Append events, each with the digest of its consent's terms, and return their links.

    The caller holds the chain's lock.
    """
    last = _head(store)
    rows, links = [], []
    for kind, terms in events:
        row = (last.number + 1, now_us - now_us % _DAY, kind.value, event_digest(kind, terms))
        last = ChainLink(row[0], _hash(last.hash, *row))
        rows.append((*row, last.hash))
        links.append(last)
    columns = [*_COLUMNS, ConsentEventTable.hash]
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        store.write(ConsentEventTable.insert_many(some, columns))
    return links


def event_digest(kind: EventKind, terms: str) -> str:
    """The digest of a consent's terms as an event stores it, different for each kind.

    So nobody can tell which events belonged to one consent, once the consent itself is gone.
    """
    return digest(f"{kind.value}|{terms}")


def verify(store: Store, expected: ChainLink | None = None) -> ChainCheck:
    """Check the whole chain, that it still has the link `expected`, and every stored consent.

    It begins its own transactions, and no writer waits for it.
    """
    last, found = ChainLink(0, _START), expected is None or expected == ChainLink(0, _START)
    for number, at, kind, terms, hashed in _events(store):
        if number != last.number + 1 or hashed != _hash(last.hash, number, at, kind, terms):
            return ChainCheck(last, f"La chaîne est rompue après l’événement {last.number}.")
        last = ChainLink(number, hashed)
        found = found or last == expected
    if not found:
        return ChainCheck(last, "La chaîne ne contient pas l’événement attendu.")
    for table in (ConsentTable, PastConsentTable):
        if not _has_all_of(store, table):
            return ChainCheck(last, "Un consentement n’est pas dans la chaîne.")
    return ChainCheck(last)


def kind_at(store: Store, link: ChainLink, terms: str) -> EventKind | None:
    """The kind of the event at that link, if it belongs to a consent of these terms; else None."""
    query = ConsentEventTable.select(ConsentEventTable.digest).where(
        ConsentEventTable.number == link.number, ConsentEventTable.hash == link.hash
    )
    found = store.row(query.tuples())
    kinds = (kind for kind in EventKind if found and found[0] == event_digest(kind, terms))
    return next(kinds, None)


def _head(store: Store) -> ChainLink:
    query = ConsentEventTable.select(ConsentEventTable.number, ConsentEventTable.hash)
    found = store.row(query.order_by(ConsentEventTable.number.desc()).limit(1).tuples())
    return ChainLink(*found) if found else ChainLink(0, _START)


def _events(store: Store) -> Iterator[tuple[int, int, str, str, str]]:
    """All events, a batch a transaction: events that were read do not change."""
    after, full = -(2**63), True
    while full:
        with store.reading():
            rows = store.rows(_ALL.where(ConsentEventTable.number > after).limit(_BATCH).tuples())
        yield from ((number, at, kind, terms, hash) for number, at, kind, terms, hash in rows)
        full = len(rows) == _BATCH
        after = rows[-1][0] if full else after


def _has_all_of(store: Store, table: type[ConsentTable | PastConsentTable]) -> bool:
    """Whether the event of each consent of a table is in the chain, with the same terms."""
    event = ConsentEventTable.alias()
    query = table.select(table.digest, event.digest).join(
        event, "LEFT OUTER JOIN", on=(table.event == event.number)
    )
    with store.reading():
        rows = store.rows(query.tuples())
    return all(told in {event_digest(kind, terms) for kind in _WRITTEN} for terms, told in rows)


def _hash(before: str, number: int, at: int, kind: str, terms: str) -> str:
    return digest(f"{before}|{number}|{at}|{kind}|{terms}")

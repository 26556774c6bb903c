"""One operation: its actor, its time, and the stores in which it runs.

An operation runs in one thread, on one connection a store, in one transaction; it never outlives
its request.
"""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from graphql_api.storage.actors import Actor
from graphql_api.storage.booklet_lists import ListsAhead
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.keys.known_heads import KnownHead
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.storage.store import Store
from schema.damage import DamagedPart, StoredKind
from schema.dossiers.printable import Printable, bundled_printable

PARIS = ZoneInfo("Europe/Paris")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """An access to record: the booklet, what was asked for, and the outcome."""

    booklet: str
    what: str
    id: str
    outcome: str


def no_account_to_end(_op: "Operation", _subject: str) -> None:
    """Do nothing: this service keeps no accounts."""


def no_address(_op: "Operation", _person: str) -> str | None:
    """None: this service knows no addresses."""
    return None


def no_request() -> str:
    """Nothing: this operation was not requested by a document."""
    return ""


def no_heads(_booklet: str, _version: int, _tag: bytes) -> None:
    """Do nothing: the key store is told of no head."""


def no_prints() -> int:
    """Zero: nothing prints here."""
    return 0


@dataclass(frozen=True, slots=True)
class SummaryRead:
    """A summary that a site read: under which consent, for which sections, of which booklet.

    `changed_at` is when the consent or the booklet had last changed, `record` the id and the sealed
    content of what the owner's journal will say. `to_keep` is what to keep of a summary that was made
    anew: of what it was made, and its sealed content.
    """

    site: str
    consent: str
    sections: str
    booklet: str
    changed_at: int
    record: tuple[str, bytes]
    to_keep: tuple[str, bytes] | None = None


@dataclass(frozen=True, slots=True)
class ReadAhead:
    """Sections of a booklet that were read along with its row, at that version of it.

    `sections` are the names of those that were asked for, `rows` those that are there.
    """

    booklet: str
    version: int
    sections: frozenset[str]
    rows: Sequence[tuple[str, int, bytes]]


@dataclass(slots=True)
class Operation:
    """The actor, the time and the stores of an operation, and what it has still to write.

    `after_commit` holds what must be done in the other store once the data are committed: it is
    left normally then, and with the exception when anything failed before. `address` is the network
    address by which failed attempts are counted besides, where the request has one. `request_hash()` tells
    one request from another under the same idempotency key. `answer_slot` says where to store the
    answer of a mutation that succeeded, for that key; `cached_answer` is the answer that an earlier
    request with the key got, which is given instead of doing anything. `accesses` are the accesses
    to record for the owners of booklets, before the answer leaves; `summaries_read` are the summaries
    that a site read, whose consents are looked at again before. `end_account` deletes the
    account behind a subject of the embedded issuer, in its transaction. `address_of` finds
    the verified e-mail address of a person's account. `public_url` is where
    people reach the service, `identity_issuer` names the issuer whose people can sign in.
    `prints_under_way` counts the dossiers that this process prints, or that wait there; `printable`
    is what the fonts of its PDFs draw. `prefetch` names the sections of a booklet that will be asked
    for, to be read in one statement; `with_row` those that surely will, to be read along with the row
    of the caller's booklet. `read_ahead` holds these until the booklet is loaded; `lists` reads what
    belongs to it beside them. `damaged` holds what the operation met that does not open: see `damage`.
    `own_row` is the row of the caller's booklet,
    during a read transaction that found it with the session; `sealers` are those of booklets whose
    keys were opened. `known_heads` is what the key store knows of their heads, `written_heads` what the
    operation wrote of them, `note_head` has the key store told of one once it is committed. `content`
    are the objects that were made of what was read: see `forget_content`.
    """

    store: Store
    key_store: Store
    master_key: MasterKeys
    service_keys: ServiceKeys
    actor: Actor
    now: datetime
    address: str | None = None
    request_hash: Callable[[], str] = no_request
    idempotency_key: str | None = None
    cached_answer: Any = None
    answer_slot: "AnswerSlot | None" = None
    after_commit: ExitStack = field(default_factory=ExitStack)
    accesses: set[Access] = field(default_factory=set)
    summaries_read: list[SummaryRead] = field(default_factory=list)
    person: str | None = field(default=None)
    own_row: tuple[Any, ...] | None = None
    sealers: dict[str, Sealer] = field(default_factory=dict)
    end_account: Callable[["Operation", str], None] = no_account_to_end
    address_of: Callable[["Operation", str], str | None] = no_address
    public_url: str = ""
    identity_issuer: str = ""
    prints_under_way: Callable[[], int] = no_prints
    printable: Printable = field(default_factory=bundled_printable)
    prefetch: frozenset[str] = frozenset()
    with_row: frozenset[str] = frozenset()
    read_ahead: ReadAhead | None = None
    lists: ListsAhead = field(default_factory=ListsAhead)
    known_heads: dict[str, KnownHead] = field(default_factory=dict)
    written_heads: dict[str, KnownHead] = field(default_factory=dict)
    note_head: Callable[[str, int, bytes], None] = no_heads
    damaged: dict[tuple[str, StoredKind, str], DamagedPart] = field(default_factory=dict)
    content: list[object] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The day in France when the operation began."""
        return self.now.astimezone(PARIS).date()

    def note_written_heads(self, failure: object, *_: object) -> None:
        """Have the key store told of the heads that were written: called when the commit is over."""
        if failure is None:
            for booklet, head in self.written_heads.items():
                self.note_head(booklet, head.version, head.tag)

    def forget_content(self) -> None:
        """Empty what was made of what was read, once the answer is encoded.

        An entry refers to the others of its rubric, and they to it. Only the garbage collector would
        find that nobody else does: later, and at the price of a tenth of the answer.
        """
        for one in self.content:
            vars(one).clear()
        self.content.clear()

    @property
    def now_us(self) -> int:
        """The time when the operation began, as the tables store it: in microseconds."""
        return to_microseconds(self.now)


@dataclass(frozen=True, slots=True)
class AnswerSlot:
    """Where the answer of this operation is stored; one-time secrets are stored as null."""

    booklet: str
    sealer: Sealer
    one_time_secrets: frozenset[str] = frozenset()


def to_microseconds(time: datetime) -> int:
    """A time as the tables store it: microseconds since 1970, UTC."""
    return (time - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(stored: int) -> datetime:
    """A stored time, with its zone."""
    # Seconds as a float are exact to a quarter of a microsecond for two centuries to come.
    return datetime.fromtimestamp(stored / 1_000_000, UTC)


def end_of_day(day: date) -> datetime:
    """The midnight that ends a day in France, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)


def day_that_ends_at(midnight: int) -> date:
    """The day in France that ends at a stored midnight: what `end_of_day` was made of."""
    return (from_microseconds(midnight).astimezone(PARIS) - timedelta(days=1)).date()


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()

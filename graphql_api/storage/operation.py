"""One operation: who asks, when, and the stores in which it happens.

An operation runs in one thread, on one connection a store, in one transaction; it never outlives
its request.
"""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from graphql_api.storage.actors import Actor
from graphql_api.storage.encryption import Sealer
from graphql_api.storage.store import Store

PARIS = ZoneInfo("Europe/Paris")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, order=True)
class Access:
    """What is to be written of one access: to which booklet, what was asked for, how it ended."""

    booklet: str
    what: str
    id: str
    outcome: str


def no_account(_op: "Operation", _subject: str) -> None:
    """There are no accounts here."""


@dataclass(slots=True)
class Operation:
    """What a verb works with.

    `after_commit` holds what must be settled with the other store once the data are committed: it
    is left normally then, and with the exception when anything failed before.
    `request_hash` tells one request from another under the same idempotency key. `kept` is where
    the answer of a mutation that succeeded is to be kept for that key; `replayed` is the answer
    that was kept before, which is given instead of doing anything. `journal` is what the owners of
    booklets are to be told of this operation, which is written before its answer leaves.
    `end_account` deletes the account behind a subject of the embedded issuer, in its transaction.
    `public_url` is where people reach the service.
    """

    store: Store
    key_store: Store
    master_key: bytes
    actor: Actor
    now: datetime
    request_hash: str = ""
    idempotency_key: str | None = None
    replayed: Any = None
    kept: "AnswerPlace | None" = None
    after_commit: ExitStack = field(default_factory=ExitStack)
    journal: set[Access] = field(default_factory=set)
    person: str | None = field(default=None)
    end_account: Callable[["Operation", str], None] = no_account
    public_url: str = ""

    @property
    def today(self) -> date:
        """The day in France when the operation began."""
        return self.now.astimezone(PARIS).date()

    @property
    def moment(self) -> int:
        """The time of the operation as the tables keep it."""
        return to_microseconds(self.now)


@dataclass(frozen=True, slots=True)
class AnswerPlace:
    """Where the answer of this operation is to be kept; what is told once is kept as null."""

    booklet: str
    sealer: Sealer
    told_once: frozenset[str] = frozenset()


def to_microseconds(moment: datetime) -> int:
    """A time as the tables keep it: microseconds since 1970, UTC."""
    return (moment - _EPOCH) // timedelta(microseconds=1)


def from_microseconds(stored: int) -> datetime:
    """A stored time, with its zone."""
    return _EPOCH + timedelta(microseconds=stored)


def digest(text: str) -> str:
    """The SHA-256 of a text, in hexadecimal."""
    return hashlib.sha256(text.encode()).hexdigest()

"""Rate limits: how often something may be tried, counted in the database for all processes at once.

A counter begins anew when its window is over. Its key is a hash, and names nobody. Of simultaneous
attempts each counts, since one statement increments a counter.

The API counts failed attempts at a secret (`check` before the attempt, `hit` after it failed),
outside of the savepoint that a refusal undoes. Accounts count every attempt before it is judged,
in a transaction of its own, and refund those that succeed (`RateLimiter`).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import Case

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.store import Store
from graphql_api.storage.tables import AttemptTable
from schema.description.refusals import Refused, TooManyAttempts

_SECOND = 1_000_000
_HOUR = 3600 * _SECOND
MAX_ATTEMPTS = 10


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of attempts of a kind that a window allows; its length is in microseconds."""

    kind: str
    most: int
    window: int = _HOUR


@dataclass(frozen=True, slots=True)
class CounterTable:
    """A table of counters. Its `time` is the end of a counter's window, or else the beginning."""

    model: Any  # models have no types of their own
    time: Any
    holds_end: bool


API_COUNTERS = CounterTable(AttemptTable, AttemptTable.window, holds_end=False)


@dataclass(frozen=True, slots=True)
class RateLimiter:
    """The counters of a table at one time, for calls within a write transaction.

    `key_of` makes the key of a counter from a kind of attempt and from who makes it.
    """

    store: Store
    now_us: int
    counters: CounterTable
    key_of: Callable[..., str]

    def hit(self, limit: Limit, *who: str) -> int:
        """Count an attempt, and return the seconds to wait before one is allowed, 0 for none."""
        key = self.key_of(limit.kind, *who)
        self.increment(limit, key)
        return self.seconds_to_wait(limit, key, allowed=limit.most)

    def refund(self, limit: Limit, *who: str) -> None:
        """Take back an attempt that succeeded."""
        model = self.counters.model
        counted = (model.counter == self.key_of(limit.kind, *who)) & (model.count > 0)
        self.store.run(model.update(count=model.count - 1).where(counted))

    def reset(self, limit: Limit, *who: str) -> None:
        """Delete a counter."""
        model = self.counters.model
        self.store.run(model.delete().where(model.counter == self.key_of(limit.kind, *who)))

    def restart_window(self, limit: Limit, *who: str) -> None:
        """Let the window of a counter begin now, whether there was one or not."""
        key = self.key_of(limit.kind, *who)
        self.increment(limit, key)
        model = self.counters.model
        now = {self.counters.time: self._stamp(limit)}
        self.store.run(model.update(now).where(model.counter == key))

    def is_counting(self, limit: Limit, *who: str) -> bool:
        """Whether the window of a counter is still open."""
        model = self.counters.model
        here = model.counter == self.key_of(limit.kind, *who)
        query = model.select(model.count).where(here & self._is_open(limit))
        return self.store.row(query.tuples()) is not None

    def increment(self, limit: Limit, key: str) -> None:
        """Count an attempt by the key of its counter, in one statement."""
        model, time, stamp = self.counters.model, self.counters.time, self._stamp(limit)
        first = model.insert({model.counter: key, model.count: 1, time: stamp})
        is_open = self._is_open(limit)
        update = {
            time: Case(None, [(is_open, time)], stamp),
            model.count: Case(None, [(is_open, model.count + 1)], 1),
        }
        self.store.run(first.on_conflict(conflict_target=[model.counter], update=update))

    def seconds_to_wait(self, limit: Limit, key: str, *, allowed: int) -> int:
        """The seconds that are left of a counter's window; 0 when it counts `allowed` at most."""
        model, time = self.counters.model, self.counters.time
        row = self.store.row(model.select(model.count, time).where(model.counter == key).tuples())
        if row is None:
            return 0
        count, stamp = row
        left = stamp + limit.window - self._stamp(limit)
        return left // _SECOND + 1 if count > allowed and left > 0 else 0

    def _stamp(self, limit: Limit) -> int:
        """The time that a counter holds whose window begins now."""
        return self.now_us + (limit.window if self.counters.holds_end else 0)

    def _is_open(self, limit: Limit) -> Any:
        return self.counters.time > self._stamp(limit) - limit.window


def delete_expired(store: Store, counters: CounterTable, now_us: int) -> int:
    """Delete the counters whose window is over; return how many.

    A table that holds the beginning has windows of a day at most.
    """
    over = now_us if counters.holds_end else now_us - 24 * _HOUR
    return delete_in_batches(store, counters.model, counters.time <= over)


def counter_key(secret: str, *who: str) -> str:
    """The key of the counter of one caller's attempts at a kind of secret."""
    return digest("|".join((secret, *who)))


def check(op: Operation, counter: str, most: int = MAX_ATTEMPTS) -> None:
    """Refuse with `TooManyAttempts` after ten failed attempts, or `most`, within the hour."""
    limit = Limit("failed", most)
    wait = _limiter(op).seconds_to_wait(limit, counter, allowed=most - 1)
    if wait:
        raise Refused(TooManyAttempts(retry_after=wait))


def hit(op: Operation, counter: str) -> None:
    """Count a failed attempt; an hour after the first, counting begins anew."""
    _limiter(op).increment(Limit("failed", MAX_ATTEMPTS), counter)


def _limiter(op: Operation) -> RateLimiter:
    return RateLimiter(op.store, op.now_us, API_COUNTERS, counter_key)

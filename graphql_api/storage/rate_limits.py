"""Rate limits: how often something may be tried, counted in the database for all processes at once.

A counter begins anew when its window is over. Its key is a hash, and names nobody. Of simultaneous
attempts each counts, since one statement increments a counter.

The API counts failed attempts at a secret (`check` before the attempt, `hit` after it failed),
outside of the savepoint that a refusal undoes. Accounts count every attempt before it is judged,
in a transaction of its own, and refund those that succeed (`RateLimiter`).
"""

import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from peewee import Case

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.service_keys import ATTEMPTS
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.store import Store
from graphql_api.storage.tables import AttemptTable
from schema.description.refusals import Refused, TooManyAttempts

_SECOND = 1_000_000
_HOUR = 3600 * _SECOND


@dataclass(frozen=True, slots=True)
class Limit:
    """The number of attempts of a kind that a window allows; its length is in microseconds."""

    kind: str
    most: int
    window: int = _HOUR


# Wrong authorization codes: of a person, and of an address, from which a whole office may type.
FAILED_CODES = Limit("code", 10)
FAILED_CODES_OF_ADDRESS = Limit("code address", 100)


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
        return self.seconds_to_wait({key: limit})

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

    def seconds_to_wait(self, limits: Mapping[str, Limit]) -> int:
        """The seconds until no counter counts more than its limit allows; 0 when none does.

        The limits are by the key of their counter; one statement reads all.
        """
        model, time = self.counters.model, self.counters.time
        query = model.select(model.counter, model.count, time)
        waits = [0]
        for key, count, stamp in self.store.rows(
            query.where(model.counter.in_(sorted(limits))).tuples()
        ):
            limit = limits[key]
            left = stamp + limit.window - self._stamp(limit)
            if count > limit.most and left > 0:
                waits.append(left // _SECOND + 1)
        return max(waits)

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


def counters_of_codes(op: Operation, *person: str) -> dict[str, Limit]:
    """The counters of a caller's wrong codes: the person's, and that of the address if there is one.

    Addresses are few enough to try all, so that theirs is hashed under a key.
    """
    counters = {counter_key("code", *person): FAILED_CODES}
    if op.address is not None:
        secret = op.service_keys(ATTEMPTS)
        key = hmac.digest(secret, f"code|{op.address}".encode(), "sha256").hex()
        counters[key] = FAILED_CODES_OF_ADDRESS
    return counters


def check(op: Operation, limits: Mapping[str, Limit]) -> None:
    """Refuse with `TooManyAttempts` where a counter has all the failed attempts that it may have.

    The limits are by the key of their counter.
    """
    one_more = {key: replace(limit, most=limit.most - 1) for key, limit in limits.items()}
    wait = _limiter(op).seconds_to_wait(one_more)
    if wait:
        raise Refused(TooManyAttempts(retry_after=wait))


def hit(op: Operation, counter: str) -> None:
    """Count a failed attempt; an hour after the first, counting begins anew."""
    _limiter(op).increment(Limit("failed", 0), counter)


def _limiter(op: Operation) -> RateLimiter:
    return RateLimiter(op.store, op.now_us, API_COUNTERS, counter_key)

"""Rate limits of failed attempts at a secret: a few an hour, then no more.

The counters live in the database, so that they hold for all processes. A counter's key is a hash,
and names nobody. Counters are written outside of the savepoint that a refusal undoes.
"""

from datetime import timedelta

from peewee import Case

from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.tables import AttemptTable
from schema.description.refusals import Refused, TooManyAttempts

MAX_ATTEMPTS = 10
WINDOW = timedelta(hours=1)
_WINDOW_MICROSECONDS = WINDOW // timedelta(microseconds=1)


def counter_key(secret: str, *who: str) -> str:
    """The key of the counter of one caller's attempts at a kind of secret."""
    return digest("|".join((secret, *who)))


def check(op: Operation, counter: str, most: int = MAX_ATTEMPTS) -> None:
    """Refuse with `TooManyAttempts` after ten failed attempts, or `most`, within the hour."""
    found = op.store.row(
        AttemptTable.select(AttemptTable.window, AttemptTable.count)
        .where(AttemptTable.counter == counter)
        .tuples()
    )
    if found is None:
        return
    window, count = found
    left = window + _WINDOW_MICROSECONDS - op.now_us
    if count >= most and left > 0:
        raise Refused(TooManyAttempts(retry_after=left // 1_000_000 + 1))


def hit(op: Operation, counter: str) -> None:
    """Count a failed attempt; an hour after the first, counting begins anew."""
    running = AttemptTable.window > op.now_us - _WINDOW_MICROSECONDS
    first = AttemptTable.insert(counter=counter, window=op.now_us, count=1)
    op.store.run(
        first.on_conflict(  # in one statement: of attempts at once, each counts
            conflict_target=[AttemptTable.counter],
            update={
                AttemptTable.window: Case(None, [(running, AttemptTable.window)], op.now_us),
                AttemptTable.count: Case(None, [(running, AttemptTable.count + 1)], 1),
            },
        )
    )

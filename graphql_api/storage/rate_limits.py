"""Counting how often a secret was tried in vain: a few times an hour, then no more.

The counters live in the database, so that they hold for all processes; a counter names nobody, it
is a hash. They are written outside of the savepoint that a refusal undoes.
"""

from datetime import timedelta

from peewee import Case

from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.tables import AttemptTable
from schema.description.refusals import Refused, TooManyAttempts

MOST = 10
WINDOW = timedelta(hours=1)
_WINDOW_MICROSECONDS = WINDOW // timedelta(microseconds=1)


def counter(secret: str, *who: str) -> str:
    """The counter of somebody's attempts at a kind of secret."""
    return digest("|".join((secret, *who)))


def check(op: Operation, counter: str, most: int = MOST) -> None:
    """Refuse with `TooManyAttempts` whoever failed ten times, or `most`, within the hour."""
    found = op.store.row(
        AttemptTable.select(AttemptTable.window, AttemptTable.count)
        .where(AttemptTable.counter == counter)
        .tuples()
    )
    if found is None:
        return
    window, count = found
    left = window + _WINDOW_MICROSECONDS - op.moment
    if count >= most and left > 0:
        raise Refused(TooManyAttempts(retry_after=left // 1_000_000 + 1))


def record(op: Operation, counter: str) -> None:
    """Count an attempt in vain; an hour after the first, counting begins anew."""
    running = AttemptTable.window > op.moment - _WINDOW_MICROSECONDS
    first = AttemptTable.insert(counter=counter, window=op.moment, count=1)
    op.store.run(
        first.on_conflict(  # in one statement: of attempts at once, each counts
            conflict_target=[AttemptTable.counter],
            update={
                AttemptTable.window: Case(None, [(running, AttemptTable.window)], op.moment),
                AttemptTable.count: Case(None, [(running, AttemptTable.count + 1)], 1),
            },
        )
    )

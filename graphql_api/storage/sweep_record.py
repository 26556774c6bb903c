"""The record of the last sweep: when it was, what it removed, and who may begin one on a timer."""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from graphql_api.storage.store import Store
from graphql_api.storage.tables import SweepTable

_ONLY = 1
_MICROSECOND = timedelta(microseconds=1)
# Longer than a sweep takes. A process that dies in one keeps the others from theirs until then.
CLAIM = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class LastSweep:
    """The last sweep, in microseconds since 1970; `ended_at` is None while one runs, or broke off.

    `removed` counts by kind, `failed` names the kinds that could not be swept.
    """

    began_at: int
    ended_at: int | None
    removed: dict[str, int]
    failed: list[str]


def claim(store: Store, now_us: int, every: timedelta) -> bool:
    """Whether this process shall sweep now: the last sweep began long enough ago, and none runs.

    One of several that ask at once is told so. Raises `StoreUnavailableError`.
    """
    due = (SweepTable.began_at <= now_us - every // _MICROSECOND) & (
        SweepTable.claimed_until <= now_us
    )
    with store.writing():
        return store.run(_begin(now_us).on_conflict(**_update(now_us), where=due)) == 1


def begin(store: Store, now_us: int) -> None:
    """Record that a sweep begins, whoever else sweeps. Raises `StoreUnavailableError`."""
    with store.writing():
        store.run(_begin(now_us).on_conflict(**_update(now_us)))


def end(store: Store, now_us: int, removed: dict[str, int], failed: list[str]) -> None:
    """Record what a sweep did. Raises `StoreUnavailableError`."""
    done = SweepTable.update(
        claimed_until=0,
        ended_at=now_us,
        removed=json.dumps(removed),
        failed=json.dumps(failed),
    )
    with store.writing():
        store.run(done.where(SweepTable.id == _ONLY))


def last_sweep(store: Store) -> LastSweep | None:
    """The last sweep, or None before the first. Call it in a transaction."""
    columns = (SweepTable.began_at, SweepTable.ended_at, SweepTable.removed, SweepTable.failed)
    row = store.row(SweepTable.select(*columns).where(SweepTable.id == _ONLY).tuples())
    if row is None:
        return None
    began_at, ended_at, removed, failed = row
    return LastSweep(began_at, ended_at, json.loads(removed), json.loads(failed))


def _begin(now_us: int) -> Any:  # Peewee has no types
    return SweepTable.insert(
        id=_ONLY,
        claimed_until=now_us + CLAIM // _MICROSECOND,
        began_at=now_us,
        ended_at=None,
        removed="{}",
        failed="[]",
    )


def _update(now_us: int) -> dict[str, Any]:
    return {
        "conflict_target": [SweepTable.id],
        "update": {
            SweepTable.claimed_until: now_us + CLAIM // _MICROSECOND,
            SweepTable.began_at: now_us,
            SweepTable.ended_at: None,
        },
    }

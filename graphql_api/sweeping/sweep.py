"""One sweep: every kind in turn, one that fails does not keep the others from theirs."""

import logging
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from peewee import DatabaseError

from graphql_api.engine.workers import UnavailableError
from graphql_api.operations.service import Service
from graphql_api.storage import sweep_record
from graphql_api.storage.operation import to_microseconds
from graphql_api.sweeping.sweepers import SWEEPERS

FAILED = {"event": "sweep-failed"}  # an event of the log
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SweepResult:
    """When a sweep began and ended, how much it removed by kind, and which kinds failed."""

    began_at: datetime
    ended_at: datetime
    removed: dict[str, int]
    failed: list[str]


def sweep(service: Service) -> SweepResult:
    """Sweep now, beside whoever else does, and record it. Raises `StoreUnavailableError`."""
    sweep_record.begin(service.store, to_microseconds(service.clock()))
    return finish(service)


def finish(service: Service) -> SweepResult:
    """Do a sweep that was recorded as begun, and record its end. Raises `StoreUnavailableError`."""
    began_at, removed, failed = service.clock(), {}, []
    for sweeper in SWEEPERS:
        try:
            removed[sweeper.kind] = sweeper.run(service)
        except UnavailableError as error:
            failed.append(sweeper.kind)
            _log.warning(
                "a sweep of %s failed: %s", sweeper.kind, type(error).__name__, extra=FAILED
            )
    with suppress(DatabaseError):  # somebody reads: the log is emptied another day
        service.store.truncate_log()
    ended_at = service.clock()
    sweep_record.end(service.store, to_microseconds(ended_at), removed, failed)
    return SweepResult(began_at, ended_at, removed, failed)

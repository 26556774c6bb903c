"""Sweeping once a day without a timer: a thread of the service, of one process among several."""

import logging
from datetime import timedelta
from threading import Event, Thread

from graphql_api.engine.workers import UnavailableError
from graphql_api.operations.service import Service
from graphql_api.storage import sweep_record
from graphql_api.storage.operation import to_microseconds
from graphql_api.sweeping.sweep import FAILED, finish

EVERY = timedelta(hours=24)
LOOK_SECONDS = 600.0
_CLOSE_SECONDS = 15.0
_log = logging.getLogger(__name__)


class DailySweeper:
    """The thread that sweeps when the last sweep was a day ago; the caller starts and closes it."""

    def __init__(self, service: Service) -> None:
        self._service = service
        self._closing = Event()
        self._thread = Thread(target=self._work, name="daily-sweep", daemon=True)

    def start(self) -> None:
        """Start the thread, which looks at once."""
        self._thread.start()

    def close(self) -> None:
        """Stop; a sweep that takes longer than fifteen seconds is broken off with the process."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def _work(self) -> None:
        while not self._closing.is_set():
            try:
                sweep_if_due(self._service)
            except UnavailableError as error:
                _log.warning("the daily sweep waits: %s", type(error).__name__, extra=FAILED)
            except Exception as fault:  # noqa: BLE001 - the thread outlives a fault, like a request
                _log.error("the daily sweep failed: %s", type(fault).__name__, extra=FAILED)
            self._closing.wait(LOOK_SECONDS)
        self._service.store.disconnect()
        self._service.key_store.disconnect()


def sweep_if_due(service: Service) -> bool:
    """Sweep if nobody did for a day; whether it did. Raises `StoreUnavailableError`."""
    if not sweep_record.claim(service.store, to_microseconds(service.clock()), EVERY):
        return False
    done = finish(service)
    removed, failed = sum(done.removed.values()), len(done.failed)
    _log.info("swept %d rows, %d kinds failed", removed, failed, extra={"event": "swept"})
    return True

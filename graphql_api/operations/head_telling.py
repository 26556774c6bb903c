"""The thread that tells the key store the heads of booklets that were committed a while ago."""

import logging
from threading import Event, Thread

from graphql_api.engine.workers import UnavailableError
from graphql_api.storage.keys.known_heads import KnownHeads
from graphql_api.storage.store import Store

LOOK_SECONDS = 10.0
_CLOSE_SECONDS = 5.0
_log = logging.getLogger(__name__)


class HeadTeller:
    """Looks every ten seconds, and once more when it is closed; the caller starts and closes it."""

    def __init__(self, heads: KnownHeads, key_store: Store) -> None:
        self._heads = heads
        self._key_store = key_store
        self._closing = Event()
        self._thread = Thread(target=self._work, name="head-teller", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def close(self) -> None:
        """Stop. What waits is told by another process, once it reads the booklet."""
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join(_CLOSE_SECONDS)

    def _work(self) -> None:
        while not self._closing.wait(LOOK_SECONDS):
            self._tell()
        self._tell()
        self._key_store.disconnect()

    def _tell(self) -> None:
        try:
            self._heads.tell()
        except UnavailableError:
            pass  # which the store has logged; they are told the next time
        except Exception as fault:  # noqa: BLE001 - the thread outlives a fault, like a request
            name = type(fault).__name__
            _log.error("heads were not told: %s", name, extra={"event": "heads-not-told"})

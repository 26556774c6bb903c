"""The server: uvicorn with bounded connections, and a shutdown that ends.

uvicorn alone waits at a shutdown for as long as one unfinished request does not end. Here a
shutdown refuses new connections and closes idle ones at once, answers the requests that have come,
cuts off at its deadline those that are not there whole, and ends the process if the application
does not end by itself.
"""

import asyncio
import gc
import logging
import os
import signal
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from types import FrameType
from typing import Any

import uvicorn
from starlette.types import ASGIApp

from graphql_api.configuration.settings import Settings
from graphql_api.web.http.connection_limits import (
    ConnectionLimits,
    OpenConnections,
    trusted_networks,
)
from graphql_api.web.http.http_protocol import HttpProtocol
from graphql_api.web.http.worker_processes import WorkerLink

NEW_CONNECTION_SECONDS = 1.0  # that one taken at the last moment has to send its request
CLOSE_SECONDS = 25  # for e-mails, prints and operations under way, after the last connection

_TURNS_TO_TAKE = 5  # of the loop, from a taken connection to its protocol
_LOOK_SECONDS = 0.02
_COLLECTIONS = (10_000, 10, 10)  # new objects before a young collection; young before older ones
_logger = logging.getLogger(__name__)


@dataclass(slots=True)
class Stopping:
    """Whether the server was told to stop, so that no balancer sends it more."""

    has_begun: bool = False

    def begin(self) -> None:
        """Say that it was."""
        self.has_begun = True


class HttpServer(uvicorn.Server):
    """A server that stops within `shutdown_seconds` for its callers, and `CLOSE_SECONDS` for itself.

    `on_stop` is called when the service is told to stop, before anything else. A server that
    `owns_process` suits the garbage collector to it. As a worker of a parent it serves the parent's
    socket, and stops when the parent has died, or has put another in its place.
    """

    def __init__(
        self,
        config: uvicorn.Config,
        shutdown_seconds: float,
        on_stop: Callable[[], None],
        worker: WorkerLink | None = None,
    ) -> None:
        super().__init__(config)
        self._shutdown_seconds = shutdown_seconds
        self._on_stop = on_stop
        self._worker = worker
        self.owns_process = False

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to serve, and tell the parent."""
        await super().startup(sockets)
        if self.owns_process:
            freeze_what_stays()
        if self._worker is not None and self.started:
            self._worker.say_that_it_serves()
            link = self._worker.link
            asyncio.get_running_loop().add_reader(link, self._stop_for_parent, self._worker)

    def _stop_for_parent(self, worker: WorkerLink) -> None:
        """Stop because the parent says so, or has died."""
        asyncio.get_running_loop().remove_reader(worker.link)
        if worker.is_renewed():
            super().handle_exit(signal.SIGTERM, None)
        else:
            self.handle_exit(signal.SIGTERM, None)

    def serve_until_stopped(self) -> None:
        """Serve the address of the configuration, or the parent's socket."""
        self.run(None if self._worker is None else [self._worker.listening])

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._on_stop()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, within a bounded time."""
        loop = asyncio.get_running_loop()
        await self._finish_accepting()
        timers = (
            loop.call_later(self._shutdown_seconds, self._cut_connections),
            loop.call_later(self._shutdown_seconds + CLOSE_SECONDS, _end_process),
        )
        await super().shutdown(sockets)
        for timer in timers:
            timer.cancel()

    async def _finish_accepting(self) -> None:
        """Take no connection any more, and let those that were just taken send their request.

        asyncio drops a connection that it took in the turn in which a server is closed.
        """
        loop = asyncio.get_running_loop()
        for server in self.servers:
            for one in server.sockets:
                loop.remove_reader(one.fileno())
        end = loop.time() + min(NEW_CONNECTION_SECONDS, self._shutdown_seconds)
        for _ in range(_TURNS_TO_TAKE):
            await asyncio.sleep(0)
        while loop.time() < end and any(one.is_new for one in self._connections):
            await asyncio.sleep(_LOOK_SECONDS)

    @property
    def _connections(self) -> list[Any]:
        return list(self.server_state.connections)  # each an HttpProtocol

    def _cut_connections(self) -> None:
        unfinished = self._connections
        if unfinished:
            _logger.warning("cut %d unfinished connection(s) at the deadline", len(unfinished))
        for connection in unfinished:
            connection.cut()


def http_server(
    application: ASGIApp,
    settings: Settings,
    on_stop: Callable[[], None],
    *,
    log_level: str = "info",
    worker: WorkerLink | None = None,
) -> HttpServer:
    """Make the server of an application, bounded as the settings say; for the worker of a parent, too."""
    limits = ConnectionLimits(
        connections=settings.connections,
        per_address=settings.address_connections,
        head_seconds=settings.head_seconds,
        body_seconds=settings.body_seconds,
        trusted=trusted_networks(settings.trusted_proxies),
    )
    protocol: Any = partial(HttpProtocol, open_connections=OpenConnections(limits))
    config = uvicorn.Config(
        application,
        host=settings.host,
        port=settings.port,
        http=protocol,
        ws="none",
        log_config=None,
        timeout_keep_alive=settings.idle_seconds,
        timeout_graceful_shutdown=settings.shutdown_seconds + 1,  # what has no connection any more
        loop="asyncio",
        log_level=log_level,
        access_log=False,
        forwarded_allow_ips=settings.trusted_proxies,
        server_header=False,
    )
    return HttpServer(config, settings.shutdown_seconds, on_stop, worker)


def run_server(server: HttpServer) -> int:
    """Serve until interrupted, and return the exit code: 3 when it could not begin."""
    server.owns_process = True
    with suppress(KeyboardInterrupt):
        server.serve_until_stopped()
    return 0 if server.started else 3


def freeze_what_stays() -> None:
    """Have the garbage collector look at what requests make, and not at what the start made.

    What was imported is 150,000 objects, over which a full collection takes 85 ms. A request makes
    hundreds: collecting every 700, as by default, costs a quarter of the answer of a whole booklet.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*_COLLECTIONS)


def _end_process() -> None:
    """End at once: a crash loses nothing that was acknowledged, and a supervisor would kill us."""
    _logger.error("the application did not end in time")
    os._exit(1)

"""The server: uvicorn with bounded connections, and a shutdown that ends.

uvicorn alone waits at a shutdown for as long as one unfinished request does not end. Here a
shutdown refuses new connections and closes idle ones at once, answers the requests that have come,
cuts off at its deadline those that are not there whole, and ends the process if the application
does not end by itself.
"""

import asyncio
import logging
import os
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

CLOSE_SECONDS = 25  # for e-mails, prints and operations under way, after the last connection

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

    `on_stop` is called when it is told to stop, before anything else.
    """

    def __init__(
        self, config: uvicorn.Config, shutdown_seconds: float, on_stop: Callable[[], None]
    ) -> None:
        super().__init__(config)
        self._shutdown_seconds = shutdown_seconds
        self._on_stop = on_stop

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin to stop."""
        self._on_stop()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Stop, within a bounded time."""
        loop = asyncio.get_running_loop()
        timers = (
            loop.call_later(self._shutdown_seconds, self._cut_connections),
            loop.call_later(self._shutdown_seconds + CLOSE_SECONDS, _end_process),
        )
        await super().shutdown(sockets)
        for timer in timers:
            timer.cancel()

    def _cut_connections(self) -> None:
        unfinished: list[Any] = list(self.server_state.connections)  # each an HttpProtocol
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
) -> HttpServer:
    """Make the server of an application, bounded as the settings say."""
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
    return HttpServer(config, settings.shutdown_seconds, on_stop)


def run_server(server: HttpServer) -> int:
    """Serve until interrupted, and return the exit code: 3 when it could not begin."""
    with suppress(KeyboardInterrupt):
        server.run()
    return 0 if server.started else 3


def _end_process() -> None:
    """End at once: a crash loses nothing that was acknowledged, and a supervisor would kill us."""
    _logger.error("the application did not end in time")
    os._exit(1)

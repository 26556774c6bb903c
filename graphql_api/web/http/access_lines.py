"""A line in the log for each request: method, route, status, time, size; no address, no person.

The route is the template (`/s/{id}`), since a path holds ids; nothing of the query string is said.
"""

import logging
import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

NO_ROUTE = "-"
PROBES = ("/healthz", "/readyz")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_WORDS = "%s %s %d, %.1f ms, %d bytes"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class AccessLineMiddleware:
    """An ASGI application whose requests are logged. A probe that is answered 200 is not."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, then say so."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began, status, size = time.monotonic(), 0, 0  # a duration

        async def counting(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, counting)
        except Exception:
            status = status or 500
            raise
        finally:
            _say(scope, status, size, time.monotonic() - began)


def _say(scope: Scope, status: int, size: int, seconds: float) -> None:
    """Say that a request is over; a status of 0 means that nobody waited for its answer."""
    route = route_of(scope)
    if route in PROBES and status == 200:
        return
    method = scope["method"] if scope["method"] in _METHODS else "OTHER"
    facts = {
        "method": method,
        "route": route,
        "status": status,
        "ms": round(seconds * 1000, 1),
        "bytes": size,
    }
    if _log.isEnabledFor(logging.INFO):
        told = tuple(facts.values())
        line = logging.LogRecord(__name__, logging.INFO, __file__, 0, _WORDS, told, None)
        line.event, line.facts = "request", facts
        _log.handle(line)  # made here: `info` would look for who calls it


def route_of(scope: Scope) -> str:
    """The template of the route that answered a request; « - » where none did."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else NO_ROUTE

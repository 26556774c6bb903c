"""A line in the log for each request: method, route, status, time, size; no address, no person.

The route is the template (`/s/{id}`), since a path holds ids; nothing of the query string is said.
"""

import logging

from starlette.types import Scope

NO_ROUTE = "-"
PROBES = ("/healthz", "/readyz")
_METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))
_WORDS = "%s %s %d, %.1f ms, %d bytes"
_log = logging.getLogger(__name__)


def say_request(scope: Scope, status: int, size: int, seconds: float) -> None:
    """Say that a request is over, but for a probe that was answered 200.

    A status of 0 means that nobody waited for its answer.
    """
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
        line = logging.LogRecord(__name__, logging.INFO, "", 0, _WORDS, told, None)
        line.__dict__.update({"event": "request", "facts": facts})
        _log.handle(line)  # made here: `info` would look for who calls it


def route_of(scope: Scope) -> str:
    """The template of the route that answered a request; « - » where none did."""
    path = getattr(scope.get("route"), "path", None)
    return path if isinstance(path, str) else NO_ROUTE

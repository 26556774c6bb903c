"""Calls from the pages of registered front ends, at other origins (CORS, in the Fetch standard).

Such a page calls with a token of its own, never with a cookie: credentials are allowed to nobody.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.clock import Clock
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool

PATHS = ("/graphql", "/booklet.json", "/schema.graphql")
FOLDERS = ("/dossiers/", "/consents/")
_PREFLIGHT = {
    "access-control-allow-methods": "GET, POST",
    "access-control-allow-headers": "accept, authorization, content-type, idempotency-key,"
    " graphql-require-preflight",
    "access-control-max-age": "600",
}
LIFETIME = timedelta(minutes=1)
_EXPOSED = "Content-Disposition, Retry-After, WWW-Authenticate"

Origins = Callable[[], Awaitable[frozenset[str]]]


@dataclass(frozen=True, slots=True)
class CORSMiddleware:
    """An ASGI application whose API the pages of some origins may call."""

    app: ASGIApp
    origins: Origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, and tell browsers who may read it; answer preflights."""
        if scope["type"] != "http" or not _is_shared(scope["path"]):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        origin = headers.get("origin")
        allowed = {"vary": "origin"}
        if origin is not None and origin in await self.origins():
            allowed["access-control-allow-origin"] = origin
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            told = _PREFLIGHT if "access-control-allow-origin" in allowed else {}
            await Response(status_code=204, headers=allowed | told)(scope, receive, send)
            return

        async def send_allowed(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = MutableHeaders(scope=message)
                given.add_vary_header(allowed["vary"])
                if "access-control-allow-origin" in allowed:
                    given["access-control-allow-origin"] = allowed["access-control-allow-origin"]
                    given["access-control-expose-headers"] = _EXPOSED
            await send(message)

        await self.app(scope, receive, send_allowed)


class KnownOrigins:
    """The origins that `read` gives, asked for again after a minute, in a thread of `workers`.

    While they cannot be read, those that were known before stay known.
    """

    def __init__(
        self,
        workers: WorkerPool,
        read: Callable[[], frozenset[str]],
        clock: Clock,
    ) -> None:
        self._workers = workers
        self._read = read
        self._clock = clock
        self._known: frozenset[str] = frozenset()
        self._read_at: datetime | None = None

    async def __call__(self) -> frozenset[str]:
        """The origins of the pages that may call."""
        now = self._clock()
        if self._read_at is None or not timedelta() <= now - self._read_at < LIFETIME:
            self._read_at = now  # whoever asks meanwhile gets what was known
            try:
                self._known = await self._workers.run(self._read)
            except (BusyError, UnavailableError):
                self._read_at = None
        return self._known


def _is_shared(path: str) -> bool:
    return path in PATHS or path.startswith(FOLDERS)

"""Calls from the pages of registered front ends, at other origins (CORS, in the Fetch standard).

Such a page calls with a token of its own, never with a cookie: credentials are allowed to nobody.
"""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from functools import partial

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import cors
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.clock import Clock
from graphql_api.engine.encoding import log_incident
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.web.http.raw_headers import raw_header

METHODS = ("GET", "POST")
PATHS = ("/graphql", "/booklet.json", "/schema.graphql", "/reference.json")
FOLDERS = ("/dossiers/", "/consents/", "/q/")
TRACING_HEADERS = ("traceparent", "tracestate", "baggage", "sentry-trace", "x-request-id")
HEADERS = (
    "accept",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-none-match",
    "graphql-require-preflight",
    *TRACING_HEADERS,  # observability libraries add them to each call
)
EXPOSED = ("Content-Disposition", "ETag", "Retry-After", "WWW-Authenticate", "X-Request-Id")
LIFETIME = timedelta(seconds=10)
LIFETIME_OF_ABSENCE = timedelta(seconds=1)

IsKnown = Callable[[str], Awaitable[bool]]


class CORSMiddleware(cors.CORSMiddleware):
    """Starlette's, for origins that change while the service runs.

    The answers to any other origin have no header but Vary. With `any_options`, every OPTIONS is
    answered as a preflight, even without the headers of one.
    """

    def __init__(
        self,
        app: ASGIApp,
        is_known: IsKnown,
        *,
        allow_headers: tuple[str, ...],
        expose_headers: tuple[str, ...] = (),
        is_shared: Callable[[str], bool] = lambda _path: True,
        any_options: bool = False,
    ) -> None:
        super().__init__(app, expose_headers=expose_headers)
        self._is_known = is_known
        self._is_shared = is_shared
        self._any_options = any_options
        self.preflight_headers = {
            "Vary": "Origin",
            "Access-Control-Allow-Methods": ", ".join(METHODS),
            "Access-Control-Allow-Headers": ", ".join(allow_headers),
            "Access-Control-Max-Age": "600",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, and tell browsers who may read it; answer preflights."""
        if scope["type"] != "http" or not self._is_shared(scope["path"]):
            await self.app(scope, receive, send)
            return
        given = raw_header(scope, b"origin")
        is_allowed = given is not None and await self._is_known(given.decode("latin-1"))
        asks = self._any_options or raw_header(scope, b"access-control-request-method") is not None
        if scope["method"] == "OPTIONS" and asks:
            allowed = Headers(scope=scope) if is_allowed else Headers()
            await self.preflight_response(allowed)(scope, receive, send)
        elif is_allowed:
            await self.simple_response(scope, receive, send, Headers(scope=scope))
        else:
            await self.app(scope, receive, partial(_send_varying, send))

    def is_allowed_origin(self, origin: str) -> bool:  # noqa: ARG002 - Starlette's signature
        """Yes: no other origin comes this far."""
        return True

    def preflight_response(self, request_headers: Headers) -> Response:
        """The answer to a preflight, which tells the page of an allowed origin what it may send."""
        origin = request_headers.get("origin")
        if origin is None:
            return Response(status_code=204, headers={"Vary": "Origin"})
        allowed = self.preflight_headers | {"Access-Control-Allow-Origin": origin}
        return Response(status_code=204, headers=allowed)


async def _send_varying(send: Send, message: Message) -> None:
    """Send on, and say that the answer would be another for another origin."""
    if message["type"] == "http.response.start":
        headers = list(message.get("headers", ()))
        if any(name.lower() == b"vary" for name, _ in headers):
            named = MutableHeaders(raw=headers)
            named["vary"] = ", ".join([*named.getlist("vary"), "Origin"])
        else:
            headers.append((b"vary", b"Origin"))
        message = {**message, "headers": headers}
    await send(message)


class KnownOrigins:
    """The origins that `read` gives in a thread of `workers`, kept for a few seconds.

    An origin that is not known is looked up again, at most once a second: a front end may have been
    registered meanwhile. Callers that come at once share one read. While the origins cannot be
    read, those that were known before stay known.
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
        self._reading: asyncio.Task[None] | None = None

    async def __call__(self, origin: str) -> bool:
        """Whether pages of an origin may call."""
        if self._is_older_than(LIFETIME if origin in self._known else LIFETIME_OF_ABSENCE):
            await self.refresh()
        return origin in self._known

    async def refresh(self) -> None:
        """Read the origins, or wait for the read that is under way."""
        if self._reading is None:
            self._reading = asyncio.create_task(self._refresh())
        await asyncio.shield(self._reading)  # others wait for it too

    async def _refresh(self) -> None:
        begun = self._clock()
        try:
            self._known = await self._workers.run(self._read)
            self._read_at = begun
        except (BusyError, UnavailableError):
            self._read_at = None
        except Exception as fault:  # noqa: BLE001 - no call fails because of it
            log_incident(fault)
            self._read_at = None
        finally:
            self._reading = None

    def _is_older_than(self, lifetime: timedelta) -> bool:
        if self._read_at is None:
            return True
        return not timedelta() <= self._clock() - self._read_at < lifetime


def is_api_path(path: str) -> bool:
    """Whether pages at other origins may call a path of the service."""
    return path in PATHS or path.startswith(FOLDERS)

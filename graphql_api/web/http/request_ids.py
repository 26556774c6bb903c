"""An id for each request, in its answer (`X-Request-Id`) and in the lines that it logs.

An id says nothing about anybody: it is ours, or one of the caller's own in the form of a UUID, so
that no name or address gets into a log by it.
"""

import random
import re
from contextvars import ContextVar
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.web.http.raw_headers import raw_header

HEADER = "x-request-id"
_NAME = HEADER.encode()
NO_REQUEST = "-"
_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
_UUID = re.compile(
    r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}", re.IGNORECASE
)

# Each question to the system (`uuid4`) would let other threads run first.
_ids = random.Random()  # noqa: S311 - no secret


def current_request_id() -> str:
    """The id of the request under way, or « - » outside of requests."""
    return _REQUEST_ID.get()


@dataclass(frozen=True, slots=True)
class RequestIdMiddleware:
    """An ASGI application whose answers name their request. It wraps the whole service."""

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request_id = _given_id(scope) or _new_id()
        # Not reset: the server logs a failure after this, in the same task, which ends then.
        _REQUEST_ID.set(request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = (_NAME, request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        await self.app(scope, receive, send_with_id)


def _given_id(scope: Scope) -> str | None:
    """The id that the caller gave, if it says nothing but that."""
    given = raw_header(scope, _NAME)
    if given is None or not _UUID.fullmatch(text := given.decode("latin-1")):
        return None
    return text.lower()


def _new_id() -> str:
    """A UUID of version 4 (RFC 9562, section 5.4)."""
    digits = f"{_ids.getrandbits(128):032x}"
    variant = "89ab"[int(digits[16], 16) & 3]
    return f"{digits[:8]}-{digits[8:12]}-4{digits[13:16]}-{variant}{digits[17:20]}-{digits[20:]}"

"""An id for each request, in its answer (`X-Request-Id`) and in the lines that it logs.

An id says nothing about anybody: it is ours, or one of the caller's own in the form of a UUID, so
that no name or address gets into a log by it.
"""

import re
from contextvars import ContextVar
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

HEADER = "x-request-id"
NO_REQUEST = "-"
_REQUEST_ID: ContextVar[str] = ContextVar("request_id", default=NO_REQUEST)
_UUID = re.compile(
    r"[0-9a-f]{8}(-?)[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{4}\1[0-9a-f]{12}", re.IGNORECASE
)


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
        given = Headers(scope=scope).get(HEADER, "")
        request_id = given.lower() if _UUID.fullmatch(given) else str(uuid4())
        # Not reset: the server logs a failure after this, in the same task, which ends then.
        _REQUEST_ID.set(request_id)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                named = (HEADER.encode(), request_id.encode())
                message = {**message, "headers": [*message.get("headers", ()), named]}
            await send(message)

        await self.app(scope, receive, send_with_id)

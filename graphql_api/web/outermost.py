"""What holds for every request and every answer of the service, in one ASGI application around all others.

One, because each such application wraps the `send` of each request: the rules have modules of their
own (`http/request_ids`, `http/security_headers`, `http/access_lines`, `page_facts`).
"""

import time
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.web.http.access_lines import say_request
from graphql_api.web.http.request_ids import HEADER, begin_request
from graphql_api.web.http.security_headers import SecurityHeaders
from graphql_api.web.page_facts import FACTS, PageFacts


@dataclass(frozen=True, slots=True)
class OutermostMiddleware:
    """An ASGI application that names its requests, completes their answers and logs them.

    Its pages know the facts. Answers to failures have the headers too.
    """

    app: ASGIApp
    headers: SecurityHeaders
    facts: PageFacts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, in this way."""
        before = FACTS.set(self.facts)
        try:
            if scope["type"] == "http":
                await self._serve(scope, receive, send)
            else:
                await self.app(scope, receive, send)
        finally:
            FACTS.reset(before)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began, status, size = time.monotonic(), 0, 0  # a duration
        request_id = begin_request(scope).encode()

        async def complete(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                headers = self.headers.added_to(message.get("headers", ()))
                message = {**message, "headers": [*headers, (HEADER, request_id)]}
            elif message["type"] == "http.response.body":
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, complete)
        except Exception:
            status = status or 500
            raise
        finally:
            say_request(scope, status, size, time.monotonic() - began)

"""The headers of every answer: no sniffing, no framing, no referrer, no cache.

The headers of an answer stay: pages have their own policy, public documents may be cached.
"""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

HSTS = "max-age=31536000"
DEFAULTS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "content-security-policy": "default-src 'none'; base-uri 'none'; frame-ancestors 'none'",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


class SecurityHeadersMiddleware:
    """An ASGI application whose answers all have the headers; `https` is how browsers reach it.

    It wraps the whole service, so that error answers have them too.
    """

    def __init__(self, app: ASGIApp, *, https: bool) -> None:
        self.app = app
        wanted = DEFAULTS | ({"strict-transport-security": HSTS} if https else {})
        self._wanted = [(name.encode(), value.encode()) for name, value in wanted.items()]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, with the headers that it does not set."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = list(message.get("headers", ()))
                named = {name.lower() for name, _ in given}
                missing = [pair for pair in self._wanted if pair[0] not in named]
                message = {**message, "headers": [*given, *missing]}
            await send(message)

        await self.app(scope, receive, send_with_headers)

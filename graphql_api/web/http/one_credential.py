"""A request proves in one way who sends it: what could be read in two ways is refused.

A proxy may read the first of two headers and the service the second. So two `Authorization` headers,
two `Cookie` headers (RFC 6265, section 5.4: a client sends one) and a session cookie that is there
twice are answered 400. A bearer token beside a cookie is no such case: then the cookie does not count.
"""

from dataclasses import dataclass

from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.web.http.raw_headers import raw_headers


@dataclass(frozen=True, slots=True)
class OneCredentialMiddleware:
    """An ASGI application that refuses requests whose credentials are ambiguous.

    `cookies` are the names of the cookies that carry sessions.
    """

    app: ASGIApp
    cookies: tuple[str, ...]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or refuse."""
        if scope["type"] == "http" and self._is_ambiguous(scope):
            message = "The request carries a credential twice."
            error = {"message": message, "extensions": {"code": "AMBIGUOUS_CREDENTIALS"}}
            refusal = JSONResponse(
                {"errors": [error]}, status_code=400, headers={"cache-control": "no-store"}
            )
            await refusal(scope, receive, send)
            return
        await self.app(scope, receive, send)

    def _is_ambiguous(self, scope: Scope) -> bool:
        if len(raw_headers(scope, b"authorization")) > 1:
            return True
        sent = raw_headers(scope, b"cookie")
        if len(sent) != 1:
            return len(sent) > 1
        names = [pair.partition("=")[0].strip() for pair in sent[0].decode("latin-1").split(";")]
        return any(names.count(name) > 1 for name in self.cookies)

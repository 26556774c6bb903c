"""The service's own pages: French, without script, in the look of the account pages."""

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from graphql_api.web.rendering import SOURCE_URL, message_page


@dataclass(frozen=True, slots=True)
class SourceLinkMiddleware:
    """An ASGI application whose pages link to the running source at `source_url`, if that is known.

    It wraps the whole service, so that the makers of pages need not pass the address on.
    """

    app: ASGIApp
    source_url: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does."""
        before = SOURCE_URL.set(self.source_url)
        try:
            await self.app(scope, receive, send)
        finally:
            SOURCE_URL.reset(before)


def after_sign_out(origin: str) -> tuple[str, ...]:
    """The targets of a sign-out: browsers apply the policy of a page to redirects of its form.

    The issuer may send the browser on to the provider that signed the person in.
    """
    return ("https:",) if origin.startswith("https:") else ("https:", "http:")


async def not_found(request: Request, _error: Exception) -> Response:
    """Answer 404: a page for a browser, plain text for any other client."""
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse("Not Found", 404)
    text = "Cette page n’existe pas. Si vous avez copié une adresse, vérifiez qu’elle est entière."
    return message_page("Page introuvable", text, status=404, links=(("/", "Retour à l’accueil"),))

"""Errors of HTTP: a page in French for a browser, plain text for any other client."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.engine.encoding import log_incident
from graphql_api.web.rendering import message_page

_HOME = ("/", "Retour à l’accueil")
_HELP = ("/aide", "Aide")
_PAGES = {
    400: ("Demande illisible", "Cette demande ne peut pas être lue."),
    401: ("Connectez-vous", "Cette page demande que vous soyez connecté."),
    403: ("Demande refusée", "Vous n’avez pas accès à cette page."),
    404: (
        "Page introuvable",
        "Cette page n’existe pas. Si vous avez copié une adresse, vérifiez qu’elle est entière.",
    ),
    405: (
        "Demande refusée",
        "Cette adresse ne s’ouvre pas de cette façon. Repartez de l’accueil.",
    ),
    413: ("Fichier trop gros", "Ce qui a été envoyé est trop gros."),
    429: ("Trop de demandes", "Trop de demandes viennent de votre adresse. Réessayez plus tard."),
    500: ("Erreur interne", "Une erreur est survenue de notre côté. Réessayez dans un instant."),
    503: (
        "Service indisponible",
        "Le service est très demandé ou momentanément indisponible. Réessayez dans un instant.",
    ),
}
_WORDS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    413: "Content Too Large",
    429: "Too Many Requests",
    500: "Internal Server Error",
    503: "Service Unavailable",
}


def error_page(request: Request, status: int, code: str = "") -> Response:
    """The answer for an error; `code` is that of an incident in the log."""
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(_WORDS[status], status)
    title, text = _PAGES[status]
    return message_page(title, text, status=status, links=(_HOME, _HELP), code=code)


def too_many_requests(connection: HTTPConnection, seconds: int) -> Response:
    """The answer to a caller who has to wait: a page for a browser, else an error as GraphQL has it."""
    headers = {"retry-after": str(seconds), "cache-control": "no-store"}
    if "text/html" in connection.headers.get("accept", ""):
        title, text = _PAGES[429]
        response = message_page(title, text, status=429, links=(_HOME, _HELP))
        response.headers.update(headers)
        return response
    error = {"message": "Too many requests.", "extensions": {"code": "RATE_LIMITED"}}
    return JSONResponse({"errors": [error]}, 429, headers=headers)


async def http_error(request: Request, error: Exception) -> Response:
    """The handler of Starlette's `HTTPException`; its headers stay (`Allow`)."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status not in _PAGES:
        return PlainTextResponse("Error", status)
    response = error_page(request, status)
    if isinstance(error, HTTPException):
        response.headers.update(error.headers or {})
    return response


@dataclass(frozen=True, slots=True)
class ErrorPageMiddleware:
    """An ASGI application whose unexpected exceptions are masked: logged by type and place alone.

    Endpoints that speak to programs mask their own, in their own form.
    """

    app: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the application does, or that there was an error of ours."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        has_begun = False

        async def noting(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception as error:
            if has_begun:
                raise
            incident = log_incident(error)
            await error_page(Request(scope), 500, incident)(scope, receive, send)

"""Refusals of files as pages: for a browser that follows a link, JSON is for programs."""

from collections.abc import Mapping
from urllib.parse import quote

import orjson
from starlette.requests import Request
from starlette.responses import Response

from graphql_api.web.rendering import message_page

_HTML, _JSON = ("text/html", "application/xhtml+xml"), ("application/json",)
_TITLES = {
    401: "Connectez-vous",
    403: "Demande refusée",
    404: "Introuvable",
    501: "Format indisponible",
    502: "L’impression n’a pas abouti",
    503: "Réessayez dans un instant",
}
_TITLE = "Une erreur est survenue"
_KEPT = ("retry-after", "www-authenticate")


def asks_for_page(request: Request) -> bool:
    """Whether who asks reads pages, as browsers do when a link is followed, and not rather JSON."""
    accepted = _accepted(request.headers.get("accept", ""))
    html = max((accepted.get(kind, 0.0) for kind in _HTML), default=0.0)
    return request.method == "GET" and html > 0 and html >= accepted.get(_JSON[0], 0.0)


def page_of_refusal(refusal: Response, request: Request) -> Response:
    """The same refusal as a page, with its status."""
    error = orjson.loads(bytes(refusal.body))["errors"][0]
    links = [("/", "Accueil")]
    if refusal.status_code == 401:
        links.insert(0, (f"/sign-in?next={quote(request.url.path)}", "Se connecter"))
    page = message_page(
        _TITLES.get(refusal.status_code, _TITLE),
        error["message"],
        status=refusal.status_code,
        links=links,
        code=error.get("extensions", {}).get("incident", ""),
    )
    for name in _KEPT:
        if name in refusal.headers:
            page.headers[name] = refusal.headers[name]
    return page


def _accepted(header: str) -> Mapping[str, float]:
    """The media types of an Accept header with their weights; those that nobody can read are 0."""
    found = {}
    for part in header.split(","):
        kind, *parameters = (one.strip().lower() for one in part.split(";"))
        weights = [one.removeprefix("q=") for one in parameters if one.startswith("q=")]
        try:
            found[kind] = float(weights[0]) if weights else 1.0
        except ValueError:
            found[kind] = 0.0
    return found

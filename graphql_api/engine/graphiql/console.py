"""GraphiQL on the GraphQL address, for developers: a browser that opens it gets a page.

For a developer's machine only: the page needs introspection, and stores what is typed in the
browser. It runs under a strict content security policy, and loads nothing from other hosts.
"""

import re
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import ASGIApp, Receive, Scope, Send

_FOLDER = Path(__file__).parent / "static"
_TYPES = {".js": "text/javascript", ".css": "text/css", ".txt": "text/plain"}
_SCRIPTS = ("react.js", "react-dom.js", "graphiql.js", "start.js")
_HTML = re.compile(r"text/html\s*(;(?!\s*q=0(\.0*)?\s*$).*)?")
_PREFIX = "/graphiql/"
_FOR_EVER = "public, max-age=31536000, immutable"
# CodeMirror draws its marks from images within the style sheet.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-{nonce}'; img-src data:;"
    " connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)
_PAGE = """<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Livret : console GraphQL</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="{css}">
<style nonce="{nonce}">html, body, #graphiql {{ height: 100%; margin: 0 }}</style>
</head>
<body>
<div id="graphiql"><noscript>La console GraphQL a besoin de JavaScript.</noscript></div>
{scripts}
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class GraphiqlMiddleware:
    """Serves the page to a browser that opens the GraphQL address, and passes other requests on."""

    endpoint: ASGIApp

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["method"] == "GET" and _wants_a_page(Headers(scope=scope)):
            await _page()(scope, receive, send)
        else:
            await self.endpoint(scope, receive, send)


def graphiql_routes() -> list[BaseRoute]:
    """The routes of the page's files. An address holds the hash of its file, which never changes."""
    return [Route(address, _file(name)) for name, address in _addresses().items()]


def _wants_a_page(headers: Headers) -> bool:
    """Whether the Accept header names HTML, as that of browsers does."""
    accepted = ",".join(headers.getlist("accept")).lower().split(",")
    return any(_HTML.fullmatch(one.strip()) for one in accepted)


def _page() -> Response:
    nonce = secrets.token_urlsafe(16)
    addresses = _addresses()
    scripts = "\n".join(
        f'<script src="{addresses[name]}" nonce="{nonce}"></script>' for name in _SCRIPTS
    )
    return HTMLResponse(
        _PAGE.format(css=addresses["graphiql.css"], nonce=nonce, scripts=scripts),
        headers={
            "content-security-policy": _POLICY.format(nonce=nonce),
            "cache-control": "no-store",
            "vary": "accept",
        },
    )


def _file(name: str) -> Callable[[Request], Awaitable[Response]]:
    path = _FOLDER / name
    headers = {"cache-control": _FOR_EVER, "x-content-type-options": "nosniff"}

    async def answer(_request: Request) -> Response:
        return FileResponse(path, headers=headers, media_type=_TYPES[path.suffix])

    return answer


@cache
def _addresses() -> dict[str, str]:
    """The address of each file, by file name."""
    return {
        path.name: f"{_PREFIX}{path.stem}.{sha256(path.read_bytes()).hexdigest()[:16]}{path.suffix}"
        for path in sorted(_FOLDER.iterdir())
    }

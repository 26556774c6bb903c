"""The branding of the operator on pages: the name, logo and colours that dossiers carry too."""

from dataclasses import dataclass
from functools import partial
from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.web.http.public_files import public_bytes

_FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True, slots=True)
class PageLogo:
    """An image, with its media type and the size at which pages show it."""

    content: bytes
    media_type: str
    width: int
    height: int

    @property
    def url(self) -> str:
        """Its address, with the hash of its content."""
        return _address("logo", self.content)


@dataclass(frozen=True, slots=True)
class PageBranding:
    """A name, colours as a style sheet, and a logo; `show_name` tells whether the name is written."""

    name: str
    show_name: bool
    css: str
    logo: PageLogo | None

    @property
    def style_url(self) -> str:
        """The address of the colours; empty when there are none."""
        return _address("branding.css", self.css.encode()) if self.css else ""

    def routes(self) -> list[Route]:
        """The routes of what pages load."""
        routes = []
        if self.css:
            routes.append(_route("branding.css", self.css.encode(), "text/css"))
        if self.logo:
            routes.append(_route("logo", self.logo.content, self.logo.media_type))
        return routes


def _address(name: str, content: bytes) -> str:
    return f"/assets/{name}?v={sha256(content).hexdigest()[:12]}"


def _route(name: str, content: bytes, media_type: str) -> Route:
    return Route(f"/assets/{name}", partial(_answer, content, media_type), methods=["GET"])


async def _answer(content: bytes, media_type: str, request: Request) -> Response:
    return public_bytes(request, content, media_type, _FOREVER)

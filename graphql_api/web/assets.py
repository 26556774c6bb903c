"""What pages load besides themselves: one style sheet (and one for slips), one script, two fonts, an icon, all ours.

Their addresses carry the hash of their content, so that browsers keep them for good.
"""

from functools import partial
from hashlib import sha256
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.web.http.public_files import public_bytes

_FOLDER = Path(__file__).parent / "static"
_FOREVER = "public, max-age=31536000, immutable"
_TYPES = {
    ".css": "text/css",
    ".js": "text/javascript",
    ".woff2": "font/woff2",
    ".ico": "image/x-icon",
}
_FONTS = ("public-sans-400.woff2", "public-sans-700.woff2")


def _address(name: str, content: bytes) -> str:
    return f"/assets/{name}?v={sha256(content).hexdigest()[:12]}"


def _style() -> bytes:
    """The style sheet, in which the names of fonts are their addresses."""
    text = (_FOLDER / "style.css").read_text(encoding="utf-8")
    for name in _FONTS:
        text = text.replace(f'url("{name}")', f'url("{_address(name, CONTENTS[name])}")')
    return text.encode()


CONTENTS: dict[str, bytes] = {
    name: (_FOLDER / name).read_bytes()
    for name in (*_FONTS, "pages.js", "slips.css", "favicon.ico")
}
CONTENTS["style.css"] = _style()
STYLE_URL = _address("style.css", CONTENTS["style.css"])
SLIPS_STYLE_URL = _address("slips.css", CONTENTS["slips.css"])
SCRIPT_URL = _address("pages.js", CONTENTS["pages.js"])
ICON_URL = _address("favicon.ico", CONTENTS["favicon.ico"])


def asset_routes() -> list[Route]:
    """The routes of all that pages load."""
    return [Route(f"/assets/{name}", partial(_answer, name), methods=["GET"]) for name in CONTENTS]


async def _answer(name: str, request: Request) -> Response:
    return public_bytes(request, CONTENTS[name], _TYPES[Path(name).suffix], _FOREVER)

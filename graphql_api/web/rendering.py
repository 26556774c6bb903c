"""Pages: Jinja templates, with their security headers.

Every value is escaped. No page has a script; its only style is ours, from /account/style.css.
"""

import re
from collections.abc import Callable, Iterable
from contextvars import ContextVar
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_HERE = Path(__file__).parent
STYLE = (_HERE / "style.css").read_text(encoding="utf-8")
STYLE_VERSION = sha256(STYLE.encode()).hexdigest()[:12]
STYLE_HEADERS = {
    "cache-control": "public, max-age=31536000, immutable",
    "x-content-type-options": "nosniff",
}
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# Under no-referrer a browser sends a form with « Origin: null », and Safari before 16.4 says by
# nothing else where the form stands.
_HEADERS_OF_FORMS = HEADERS | {"referrer-policy": "same-origin"}
Page = Callable[..., HTMLResponse]
# The address of the running source, if it is known: every page links to it (AGPL, section 13).
SOURCE_URL: ContextVar[str] = ContextVar("source_url", default="")


def policy(form_targets: Iterable[str] = ()) -> str:
    """The content security policy of a page.

    `form_targets` are origins to which the answer of a form may redirect: Chromium applies
    `form-action` to redirects too.
    """
    targets = " ".join(("'self'", *form_targets))
    return (
        f"default-src 'none'; style-src 'self'; form-action {targets}; "
        "base-uri 'none'; frame-ancestors 'none'"
    )


def origin_of(address: str) -> str | None:
    """The origin of an address, if a policy can name it."""
    parts = urlsplit(address)
    named = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if named else None


def pages_from(*folders: Path) -> Page:
    """Make the function that renders templates of these folders, and of this room's own."""
    environment = Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(folder) for folder in (*folders, _HERE / "templates")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals["style"] = f"/account/style.css?v={STYLE_VERSION}"

    def page(
        template: str, status: int = 200, form_targets: Iterable[str] = (), **values: Any
    ) -> HTMLResponse:
        """Render a template; `problems` are those of a form, a sentence for each field."""
        text = environment.get_template(template).render(
            {"problems": {}, "source_url": SOURCE_URL.get(), **values}
        )
        headers = _HEADERS_OF_FORMS if "<form" in text else HEADERS
        return HTMLResponse(
            text, status, headers=headers | {"content-security-policy": policy(form_targets)}
        )

    return page


page = pages_from()


def message_page(
    title: str,
    *lines: str,
    status: int = 200,
    links: Iterable[tuple[str, str]] = (),
    code: str = "",
) -> HTMLResponse:
    """Render a page with a message; `links` are addresses with their texts."""
    return page("message.html", status, title=title, lines=lines, links=tuple(links), code=code)


def see_other(where: str) -> Response:
    """Redirect the browser by GET, whatever it sent (RFC 9700, section 4.12)."""
    return Response(status_code=303, headers=HEADERS | {"location": where})

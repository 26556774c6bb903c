"""Pages: Jinja templates, with their security headers.

Every value is escaped. What a page loads is ours, from /assets/: `assets` has the list. What a
template says is typeset when it is compiled; a text that it is given passes the filter `typeset`,
unless it was typeset before or is somebody's own words.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from jinja2 import ChoiceLoader, Environment, FileSystemLoader, StrictUndefined
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream
from starlette.responses import HTMLResponse, Response

from graphql_api.web.assets import ICON_URL, SCRIPT_URL, STYLE_URL
from graphql_api.web.page_facts import FACTS
from schema.description.dates import time_of_day
from schema.typography import typeset

_HOST = re.compile(r"[A-Za-z0-9.:\[\]-]+")
_HERE = Path(__file__).parent
_PARIS = ZoneInfo("Europe/Paris")
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
}
# Under no-referrer a browser sends a form with « Origin: null », and Safari before 16.4 says by
# nothing else where the form stands.
_HEADERS_OF_FORMS = HEADERS | {"referrer-policy": "same-origin"}
Page = Callable[..., HTMLResponse]


class Typography(Extension):
    """Typesets the French of templates: their text, and the strings in their expressions."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        """Yield the tokens, typeset."""
        for token in stream:
            if token.type in ("data", "string"):
                yield Token(token.lineno, token.type, typeset(token.value))
            else:
                yield token


def policy(form_targets: Iterable[str] = (), *, frames: bool = False, asks: bool = False) -> str:
    """The content security policy of a page.

    `form_targets` are origins to which the answer of a form may redirect: Chromium applies
    `form-action` to redirects too. `frames` lets it show pages of ours in itself,
    `asks` lets its script ask us.
    """
    targets = " ".join(("'self'", *form_targets))
    framed = "frame-src 'self'; " if frames else ""
    asked = "connect-src 'self'; " if asks else ""
    return (
        "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self'; "
        f"form-action {targets}; {framed}{asked}base-uri 'none'; frame-ancestors 'none'"
    )


def origin_of(address: str) -> str | None:
    """The origin of an address, if a policy can name it."""
    parts = urlsplit(address)
    named = parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc)
    return f"{parts.scheme}://{parts.netloc}" if named else None


def templates_from(*folders: Path) -> Environment:
    """The templates of these folders, and of this room's own: escaped and typeset."""
    return Environment(
        loader=ChoiceLoader(
            [FileSystemLoader(folder) for folder in (*folders, _HERE / "templates")]
        ),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=[Typography],
    )


def pages_from(*folders: Path) -> Page:
    """Make the function that renders templates of these folders, and of this room's own."""
    environment = templates_from(*folders)
    environment.filters.update(
        sentence=_sentence,
        blocks=_blocks,
        day=_day,
        hour=_hour,
        last_day=_last_day,
        typeset=typeset,
    )
    environment.globals.update(style_url=STYLE_URL, script_url=SCRIPT_URL, icon_url=ICON_URL)

    def page(
        template: str, status: int = 200, form_targets: Iterable[str] = (), **values: Any
    ) -> HTMLResponse:
        """Render a template; `problems` are those of a form, a sentence for each field."""
        facts = FACTS.get()
        known = {
            "source_url": facts.source_url,
            "operator": facts.operator,
            "brand": facts.branding,
        }
        text = environment.get_template(template).render(
            {"problems": {}, "frame": None, "session_seconds": "", **known, **values}
        )
        headers = _HEADERS_OF_FORMS if "<form" in text else HEADERS
        policed = policy(
            form_targets, frames="<iframe" in text, asks=bool(values.get("session_seconds"))
        )
        return HTMLResponse(text, status, headers=headers | {"content-security-policy": policed})

    return page


def _blocks(paragraphs: Iterable[str]) -> list[list[str]]:
    """Paragraphs as pages set them: one by one, or the items of a list, which start with « - »."""
    blocks: list[list[str]] = []
    for text in paragraphs:
        if blocks and text.startswith("- ") and blocks[-1][0].startswith("- "):
            blocks[-1].append(text)
        else:
            blocks.append([text])
    return blocks


def _last_day(end: str) -> str:
    """The last day before an end, which is a midnight unless it was cut short."""
    return _day((datetime.fromisoformat(end) - timedelta(seconds=1)).isoformat())


def _day(instant: str) -> str:
    """The day of an instant of the API, as people read it: `29/11/2026`."""
    return datetime.fromisoformat(instant).astimezone(_PARIS).strftime("%d/%m/%Y")


def _hour(instant: str) -> str:
    """The hour of an instant of the API, in France: `13 h 05`."""
    return time_of_day(datetime.fromisoformat(instant).astimezone(_PARIS))


def _sentence(text: str) -> str:
    """A text in capitals as a sentence writes it."""
    return text[:1].upper() + text[1:].lower() if text.isupper() else text


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

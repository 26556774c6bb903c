"""The routes of the public pages, of the icon and of robots.txt."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.callers.kept_forms import KEPT_FOR
from graphql_api.callers.operator_log import KEPT as ACTS_KEPT
from graphql_api.web.assets import CONTENTS
from graphql_api.web.http.public_files import public_bytes, public_file
from graphql_api.web.page_facts import FACTS
from graphql_api.web.rendering import pages_from
from graphql_api.web.rgaa_grid import GRID
from schema.entries.draft import DRAFT_DAYS
from schema.sharing.access_record import ACCESS_RECORD_MONTHS
from schema.sharing.consent import ENDED_CONSENT_MONTHS, MAX_CONSENT_MONTHS
from schema.sharing.share_link import ENDED_LINK_MONTHS, MAX_LINK_DAYS
from schema.texts.screens import SCREENS

_page = pages_from(Path(__file__).parent / "templates")
PAGES = {
    "/aide": "help.html",
    "/accessibilite": "accessibility.html",
    "/mentions-legales": "legal_notice.html",
    "/donnees-personnelles": "personal_data.html",
    "/contact": "contact.html",
}
# How long what is kept, for the notice of personal data.
DURATIONS = {
    "draft_days": DRAFT_DAYS,
    "kept_minutes": KEPT_FOR // timedelta(minutes=1),
    "access_months": ACCESS_RECORD_MONTHS,
    "act_days": ACTS_KEPT.days,
    "consent_months": MAX_CONSENT_MONTHS,
    "ended_consent_months": ENDED_CONSENT_MONTHS,
    "link_days": MAX_LINK_DAYS,
    "ended_link_months": ENDED_LINK_MONTHS,
}
_DAY = "public, max-age=86400"


def public_routes(public_url: str, *, accounts: bool, key_backup_days: int) -> list[Route]:
    """All routes. `accounts`: the service has accounts of its own."""
    durations = DURATIONS | {"key_backup_days": key_backup_days}
    facts = {"public_url": public_url, "accounts": accounts, "durations": durations}
    return [
        *(Route(path, partial(_answer, name, facts)) for path, name in PAGES.items()),
        Route("/robots.txt", partial(_robots, _robots_text())),
        Route("/favicon.ico", _icon),
    ]


async def _answer(name: str, facts: dict[str, object], _request: Request) -> Response:
    return _page(
        name,
        operator=FACTS.get().operator,
        screens={screen.name.value: screen for screen in SCREENS},
        grid=GRID,
        **facts,
    )


async def _robots(text: str, request: Request) -> Response:
    return public_file(request, text, "text/plain", _DAY)


async def _icon(request: Request) -> Response:
    return public_bytes(request, CONTENTS["favicon.ico"], "image/x-icon", _DAY)


def _robots_text() -> str:
    """What search engines may read: the public pages, and the home page alone of the others."""
    allowed = ["/$", *PAGES, "/plan-du-site", "/verifier", "/assets/"]
    return "\n".join(["User-agent: *", *(f"Allow: {path}" for path in allowed), "Disallow: /", ""])

"""The frame of an operator's pages, with their menu."""

from collections.abc import Mapping
from typing import Any

from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.page_frame import MenuGroup, MenuItem, PageFrame, account_name, menu_at

FRAME = stored(__file__, "frame")
FRAME_ONLY = stored(__file__, "frame_only", FRAME)
ROOT = "/exploitation"
OFFICERS_PATH = f"{ROOT}/agents-rh"
OPERATORS_PATH = f"{ROOT}/exploitants"
STATISTICS_PATH = f"{ROOT}/statistiques"
SITES_PATH = f"{ROOT}/sites"
CLIENTS_PATH = f"{ROOT}/applications"
ACCOUNTS_PATH = f"{ROOT}/comptes"
ACTS_PATH = f"{ROOT}/journal"
CHARTERS_PATH = f"{ROOT}/charte"
_OPERATOR = "Exploitant"
_MENU = (
    MenuGroup("Espace Pro", (MenuItem("/", "Accueil Espace Pro"),)),
    MenuGroup(
        "Exploitation",
        (
            MenuItem(ROOT, "État du service"),
            MenuItem(OFFICERS_PATH, "Agents RH"),
            MenuItem(OPERATORS_PATH, "Exploitants"),
            MenuItem(ACCOUNTS_PATH, "Aide à un compte"),
            MenuItem(STATISTICS_PATH, "Statistiques"),
            MenuItem(SITES_PATH, "Sites régionaux"),
            MenuItem(CLIENTS_PATH, "Applications"),
            MenuItem(CHARTERS_PATH, "Versions de la charte"),
            MenuItem(ACTS_PATH, "Journal des exploitants"),
        ),
    ),
)


def frame_of(page: PageRequest, data: Mapping[str, Any]) -> PageFrame:
    """The frame of a page, from a document that spreads `Frame`.

    Raises `PageNotFoundError` for whoever operates nothing: these pages are then not there.
    """
    if not data["isOperator"]:
        raise PageNotFoundError
    return PageFrame(
        role=_OPERATOR,
        name=account_name(data["ownAccount"]),
        menu=menu_at(page.path, _MENU),
        profile=page.site.profile,
    )

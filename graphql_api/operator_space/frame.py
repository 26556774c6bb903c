"""The frame of an operator's pages and their menu; asking as somebody who operates the service."""

from collections.abc import Mapping
from typing import Any

from graphql_api.page_kit.page_errors import OperationError, PageNotFoundError
from graphql_api.page_kit.stored_documents import StoredDocument, stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.page_frame import MenuGroup, MenuItem, PageFrame, menu_at

FRAME = stored(__file__, "frame")
FRAME_ONLY = stored(__file__, "frame_only", FRAME)
ROOT = "/exploitation"
OFFICERS_PATH = f"{ROOT}/agents-rh"
OPERATORS_PATH = f"{ROOT}/exploitants"
STATISTICS_PATH = f"{ROOT}/statistiques"
SITES_PATH = f"{ROOT}/sites"
CLIENTS_PATH = f"{ROOT}/applications"
CHARTERS_PATH = f"{ROOT}/charte"
_OPERATOR = "Exploitant"
_FORBIDDEN = "FORBIDDEN"
_MENU = (
    MenuGroup("Espace Pro", (MenuItem("/", "Accueil"),)),
    MenuGroup(
        "Exploitation",
        (
            MenuItem(ROOT, "État du service"),
            MenuItem(OFFICERS_PATH, "Agents RH"),
            MenuItem(OPERATORS_PATH, "Exploitants"),
            MenuItem(STATISTICS_PATH, "Statistiques"),
            MenuItem(SITES_PATH, "Sites régionaux"),
            MenuItem(CLIENTS_PATH, "Applications"),
            MenuItem(CHARTERS_PATH, "Versions de la charte"),
        ),
    ),
)


async def ask(page: PageRequest, document: StoredDocument, **variables: Any) -> dict[str, Any]:
    """The data of a document for operators.

    Raises `PageNotFoundError` for whoever is none: these pages are then not there.
    """
    try:
        data = await page.ask(document, **variables)
    except OperationError as error:
        if error.code == _FORBIDDEN:
            raise PageNotFoundError from error
        raise
    if data.get("isOperator") is False:
        raise PageNotFoundError
    return data


async def do(page: PageRequest, document: StoredDocument, **variables: Any) -> dict[str, Any]:
    """What a mutation answers an operator; raises what `ask` does."""
    (only,) = (await ask(page, document, **variables)).values()
    return dict(only)


def about(page: PageRequest) -> Mapping[str, Any]:
    """What every page shows, once `ask` has answered."""
    frame = PageFrame(role=_OPERATOR, menu=menu_at(page.path, _MENU), profile=page.site.profile)
    return {"frame": frame}

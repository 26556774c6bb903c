"""The frame of an officer's pages: the collectivité of the page, and the menu."""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.page_frame import MenuGroup, MenuItem, PageFrame, account_name, menu_at

FRAME = stored(__file__, "frame")
OFFICER = "Agent RH"
OFFICES_PATH = "/collectivite"
Office = Mapping[str, Any]


def siret_of(page: PageRequest) -> str:
    """The SIRET in the path."""
    return page.part_of_path("siret")


def path_of(siret: str) -> str:
    """The address of a collectivité's pages."""
    return f"{OFFICES_PATH}/{siret}"


def office_values(page: PageRequest, data: Mapping[str, Any]) -> dict[str, Any]:
    """What every page of a collectivité shows, from a document that spreads `Frame`."""
    offices = data["officerOf"]
    office = next((one for one in offices if one["siret"] == siret_of(page)), None)
    if office is None:
        raise PageNotFoundError
    return {"frame": frame_of(page, data, office), "office": office, "base": _base(office)}


def frame_of(page: PageRequest, data: Mapping[str, Any], office: Office | None = None) -> PageFrame:
    """The frame of a page, of one collectivité or of none in particular."""
    return PageFrame(
        role=OFFICER,
        name=account_name(data["ownAccount"]),
        menu=menu_at(page.path, tuple(_menu(office, data["officerOf"]))),
        profile=page.site.profile,
    )


def _menu(office: Office | None, offices: list[Office]) -> Iterable[MenuGroup]:
    yield MenuGroup("Espace Pro", (MenuItem("/", "Accueil Espace Pro"),))
    if office is not None:
        base = _base(office)
        items = (
            MenuItem(base, "Codes délivrés"),
            MenuItem(f"{base}/delivrer", "Délivrer des codes"),
            MenuItem(f"{base}/revoquer", "Révoquer un code"),
        )
        yield MenuGroup("Codes d’autorisation", items)
    others = [one for one in offices if office is None or one["siret"] != office["siret"]]
    if others:
        title = "Vos collectivités" if office is None else "Autres collectivités"
        yield MenuGroup(title, tuple(MenuItem(_base(one), one["label"]) for one in others))


def _base(office: Office) -> str:
    return path_of(office["siret"])

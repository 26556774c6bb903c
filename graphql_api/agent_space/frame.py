"""The frame of an agent's pages: who is signed in, and the menu of Espace Pro and of the booklet."""

from collections.abc import Mapping
from typing import Any

from graphql_api.agent_space.guide import Guide
from graphql_api.page_kit.page_errors import RedirectError
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.page_frame import MenuGroup, MenuItem, PageFrame, account_name, menu_at

FRAME = stored(__file__, "frame")
# Who signed in, for the pages that open before the booklet says it.
OWN_ACCOUNT = stored(__file__, "own_account")
# For a page that shows nothing else of the booklet.
FRAME_ONLY = stored(__file__, "frame_only", FRAME, OWN_ACCOUNT)
OPEN = "OPEN"
# Where a booklet is gone on with, by its state until it is open.
NEXT_STEPS = {
    "NONE": "/livret/introduction",
    "CODE_GIVEN": "/livret/charte",
    "CHARTER_ACCEPTED": "/livret/identite",
}
AGENT = "AGENT"
# Other spaces of Espace Pro, by the field of `Query` that says whether they are the person's.
_SPACES = (
    ("officerOf", "Agent RH", MenuItem("/collectivite", "Codes d’autorisation")),
    ("isOperator", "Exploitant", MenuItem("/exploitation", "Exploitation du service")),
)
# What the charter leaves to the owner of a booklet alone.
_JOURNAL = MenuItem("/livret/journal", "Journal des accès")
_CONSENTS = MenuItem("/livret/consentements", "Consentements")
_REMINDERS = MenuItem("/livret/rappels", "Rappels par courriel")
_DATA = MenuItem("/livret/donnees", "Vos données")
_CLOSING = MenuItem("/livret/fermer", "Fermer votre livret")


def frame_of(page: PageRequest, guide: Guide, data: Mapping[str, Any]) -> PageFrame:
    """The frame of a page, from a document that spreads `Frame`."""
    booklet = data["booklet"]
    return PageFrame(
        role=_role(booklet, data),
        name=_name(booklet) or account_name(data.get("ownAccount")),
        menu=menu_at(page.path, _menu(page, guide, data)),
        profile=page.site.profile,
    )


def require_open(data: Mapping[str, Any]) -> Any:
    """The open booklet; whoever has none is sent to the step that comes next, by `RedirectError`."""
    if state_of(data) != OPEN:
        raise RedirectError("/livret")
    return data["booklet"]


def state_of(data: Mapping[str, Any]) -> str:
    """How far the booklet has come."""
    return str((data["booklet"] or {}).get("state", "NONE"))


def _role(booklet: Mapping[str, Any] | None, data: Mapping[str, Any]) -> str:
    """As whom the person is here: the guide's « AGENT », unless they only have another space."""
    roles = [label for key, label, _ in _SPACES if data.get(key)]
    return " et ".join(roles) if roles and booklet is None else AGENT


def _menu(page: PageRequest, guide: Guide, data: Mapping[str, Any]) -> tuple[MenuGroup, ...]:
    """The menu of Espace Pro, with the tabs of the booklet once it is open.

    The spaces of an officer and of an operator are in it where the document asks for their rights.
    """
    booklet = data["booklet"]
    first, *others = guide.menu
    spaces = [item for key, _, item in _SPACES if data.get(key)]
    groups = [MenuGroup("Espace Pro", (MenuItem("/", _sentence(first["text"])), *spaces))]
    for entry in others:
        if entry["key"] == "booklet":
            items = (MenuItem("/livret", "Votre livret"), *_tabs(guide, booklet))
        else:
            items = tuple(
                MenuItem(page.site.neighbours[one["key"]], _sentence(one["text"]))
                for one in entry["entries"]
                if one["key"] in page.site.neighbours
            )
        if items:
            groups.append(MenuGroup(_sentence(entry["text"]), items))
        if entry["key"] == "booklet" and booklet is not None:
            groups.append(MenuGroup("Vos droits", _rights(booklet)))
    return tuple(groups)


def _rights(booklet: Mapping[str, Any]) -> tuple[MenuItem, ...]:
    if booklet["state"] != OPEN:
        return (_JOURNAL, _DATA, _CLOSING)
    return (_CONSENTS, _JOURNAL, _REMINDERS, _DATA, _CLOSING)


def _tabs(guide: Guide, booklet: Mapping[str, Any] | None) -> tuple[MenuItem, ...]:
    introduction = MenuItem("/livret/introduction", "Introduction")
    if booklet is None or booklet["state"] != OPEN:
        return (introduction,)
    parts = [
        MenuItem(f"/livret/{part['slug']}", part["label"], part["part"].lower())
        for part in guide.parts.values()
    ]
    return (
        introduction,
        MenuItem("/livret/identite", "Identité"),
        MenuItem("/livret/situation", "Situation actuelle"),
        *parts,
        MenuItem("/livret/panorama", guide.screens["PANORAMA"]["title"]),
        MenuItem("/livret/dossiers", "Dossiers"),
    )


def _name(booklet: Mapping[str, Any] | None) -> str:
    identity = (booklet or {}).get("identity") or {}
    names = (identity.get("lastName"), identity.get("firstName"))  # some have one name only
    return " ".join(name for name in names if name)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]

"""`/livret/dossiers`: the dossiers of a booklet, what each holds, and removing one."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.dossiers.dossier_form import DOSSIERS
from graphql_api.agent_space.dossiers.dossier_guide import dossier_guide_of
from graphql_api.agent_space.dossiers.remedies import Remedy, remedies_of, request_fields
from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import new_key

DOSSIER_LIST = stored(__file__, "dossier_list", FRAME)
DOSSIER = stored(__file__, "dossier", FRAME)
# Of a request for exemption only, whose arithmetic its reader sees too.
DOSSIER_DISPENSE = stored(__file__, "dossier_dispense")
DOSSIER_PREVIEW = stored(__file__, "dossier_preview", FRAME)
DOSSIER_REMOVE = stored(__file__, "dossier_remove")
# Entries of a rubric and warnings that the page of a dossier lists; its form and its preview have all.
MOST_TOLD = 20


async def dossier_list(page: PageRequest) -> Response:
    """Show the dossiers, or what one is for when there is none yet; the whole booklet apart."""
    data = await page.ask(DOSSIER_LIST)
    booklet = require_open(data)
    guide = await guide_of(page)
    dossiers = [{**one, "liveLinks": live_links(one)} for one in booklet["dossiers"]]
    return page.render(
        "dossier_list.html",
        frame=frame_of(page, guide, data),
        screen=guide.screens["COMMUNICATION"],
        whole=[one for one in dossiers if one["builtIn"]],
        dossiers=[one for one in dossiers if not one["builtIn"]],
    )


async def dossier(page: PageRequest) -> Response:
    """Show what a dossier holds, what its owner should look at, and what can be done with it."""
    data, found = await _dossier(page)
    shown = await page.ask(DOSSIER_DISPENSE, id=found["id"]) if found["dispense"] else None
    guide = await guide_of(page)
    about = await dossier_guide_of(page)
    labels = {one["key"]: one["label"] for one in about.identity}
    path = f"{DOSSIERS}/{found['id']}"
    asked = request_fields(about.dispense, f"{path}/modifier")
    annexes = {one["code"]: one["label"] for one in guide.tables["annex"]}
    forms = {one["code"]: one["label"] for one in guide.tables["dossierForm"]}
    return page.render(
        "dossier.html",
        frame=frame_of(page, guide, data),
        dossier=found,
        path=path,
        form=forms[found["form"]],
        arithmetic=shown["sharedDossier"]["dispense"] if shown else None,
        identity=[labels[key] for key in found["identityFields"]],
        annexes=[(annexes[code], code in found["emptyAnnexes"]) for code in found["annexes"]],
        groups=_groups(guide, found),
        whole=_chosen_whole(guide, found),
        warnings=[_named(guide, found, one, asked) for one in found["warnings"]],
        most_told=MOST_TOLD,
        live_links=live_links(found),
        print_forms=page.site.print_forms,
    )


async def preview_dossier(page: PageRequest) -> Response:
    """Show a dossier as its reader will see it: the printed page itself, in a frame."""
    data = await page.ask(DOSSIER_PREVIEW, id=page.part_of_path("id"))
    found = require(require(data["booklet"])["dossier"])
    return page.render(
        "dossier_preview.html",
        frame=frame_of(page, await guide_of(page), data),
        dossier=found,
        path=f"{DOSSIERS}/{found['id']}",
    )


async def remove_dossier(page: PageRequest) -> Response:
    """Ask whether to remove a dossier, with what goes with it, or remove it."""
    refusal: FormRefusal | None = None
    if page.is_posted:
        id = page.part_of_path("id")
        answer = await page.do(
            DOSSIER_REMOVE, id=id, version=page.version, key=page.idempotency_key
        )
        refusal = refusal_of(answer)
        if refusal is None or refusal.code == "NOT_FOUND":
            return page.go(DOSSIERS, "dossier-supprime")
    data, found = await _dossier(page)
    if found["builtIn"]:
        raise PageNotFoundError
    guide = await guide_of(page)
    return page.render(
        "dossier_remove.html",
        refusal.status if refusal else 200,
        frame=frame_of(page, guide, data),
        dossier=found,
        path=f"{DOSSIERS}/{found['id']}",
        live_links=live_links(found),
        key=new_key(),
        problems=refusal.lines if refusal else (),
    )


def live_links(dossier: Mapping[str, Any]) -> int:
    """How many links open the dossier."""
    return sum(one["state"] == "LIVE" for one in dossier["shareLinks"])


async def _dossier(page: PageRequest) -> tuple[Any, Any]:
    data = await page.ask(DOSSIER, id=page.part_of_path("id"))
    return data, require(require(data["booklet"])["dossier"])


def _groups(guide: Guide, dossier: Mapping[str, Any]) -> list[tuple[Any, str, list[Any]]]:
    """The rubrics that it communicates entries of, with the part that colours them."""
    groups = []
    for rubric in guide.rubrics.values():
        entries = [
            one for one in dossier["selectedEntryNodes"] if one["rubric"] == rubric["rubric"]
        ]
        if entries:
            groups.append((rubric, guide.path_of(rubric), entries))
    return groups


def _chosen_whole(guide: Guide, dossier: Mapping[str, Any]) -> list[str]:
    """The labels of what is chosen whole, and so grows with the booklet."""
    parts = [one["label"] for one in guide.parts.values() if one["part"] in dossier["parts"]]
    rubrics = [guide.rubric_named(name)["label"] for name in dossier["rubrics"]]
    return parts + rubrics


def _named(
    guide: Guide,
    dossier: Mapping[str, Any],
    warning: Mapping[str, Any],
    asked: Mapping[str, Remedy],
) -> dict[str, Any]:
    """A warning, with the entry that it is about where it names one by its place, and its remedies.

    `asked` are the fields of a request for exemption, by the path of what warns of them.
    """
    place = str(warning["path"]).removeprefix("entries[").partition("]")[0]
    nodes = dossier["entryNodes"]
    remedies = remedies_of(guide, warning, dossier["selectedEntryNodes"])
    is_entry = warning["path"].startswith("entries[") and int(place) < len(nodes)
    return {
        "message": warning["message"],
        "remedies": remedies or ((asked[warning["path"]],) if warning["path"] in asked else ()),
        "about": nodes[int(place)]["headline"] if is_entry else "",
    }

"""The entries of a rubric: their list, their order, and removing one."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.entries.entry_form import EDITED_ENTRY, entry_of
from graphql_api.agent_space.entries.listed_entries import ask_for_page
from graphql_api.agent_space.entries.rubrics import (
    COMPETENCE,
    COMPETENCES_HERE,
    RELATIONS,
    counts_of,
    rubric_of,
    rubric_values,
)
from graphql_api.agent_space.frame import FRAME
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.paging import SHOWN
from graphql_api.page_kit.refusals import refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.forms.form_fields import new_key
from graphql_api.web.rendering import see_other

ENTRIES_OF_A_PAGE = 20
# Ties that a list names, of each entry; its page of ties has them all.
MOST_NAMED = 6
ENTRY_LIST = stored(__file__, "entry_list", FRAME)
ENTRY_MOVE = stored(__file__, "entry_move")
ENTRY_REMOVAL = stored(__file__, "entry_removal", FRAME, EDITED_ENTRY)
ENTRY_REMOVE = stored(__file__, "entry_remove")


async def entry_list(page: PageRequest) -> Response:
    """Show the entries of a rubric, or what the rubric is for when it has none."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    data, shown = await ask_for_page(page, ENTRY_LIST, ENTRIES_OF_A_PAGE, rubric=rubric["rubric"])
    booklet = data["booklet"]
    ids, counts = [one["id"] for one in booklet["listed"]], counts_of(booklet)
    return page.render(
        "entry_list.html",
        **rubric_values(page, guide, data, rubric),
        entries=replace(
            shown,
            items=[
                _with_places(entry, ids, place)
                for place, entry in enumerate(shown.items, shown.offset)
            ],
        ),
        shown=page.query(SHOWN),
        most_named=MOST_NAMED,
        is_competence=rubric["rubric"] == COMPETENCE,
        relations=COMPETENCES_HERE if rubric["supportsCompetences"] else RELATIONS,
        drafts=[draft for draft in booklet["drafts"] if draft["rubric"] == rubric["rubric"]],
        counts=counts,
        has_competences=bool(counts.get(COMPETENCE)),
    )


async def move_entry(page: PageRequest) -> Response:
    """Give an entry its new place; a list that changed meanwhile is shown as it is now."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    id = page.part_of_path("id")
    if not page.is_posted:
        return see_other(guide.path_of(rubric))
    answer = await page.do(
        ENTRY_MOVE,
        id=id,
        version=page.version,
        before=page.form.text("avant") or None,
        key=page.idempotency_key,
    )
    refusal = refusal_of(answer)
    return page.go(guide.path_of(rubric), "place-changee" if refusal else "", id)


async def remove_entry(page: PageRequest) -> Response:
    """Say what goes with an entry, or remove it."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        answer = await page.do(ENTRY_REMOVE, id=id, version=page.version, key=page.idempotency_key)
        refusal = refusal_of(answer)
        if refusal is None or refusal.code == "NOT_FOUND":  # a second click: it is gone
            return page.go(guide.path_of(rubric), "suppression")
    data, entry = await entry_of(page, rubric, id, ENTRY_REMOVAL)
    return page.render(
        "entry_remove.html",
        409 if refusal else 200,
        **rubric_values(page, guide, data, rubric),
        entry=entry,
        dossiers=_dossiers_with(data["booklet"], id),
        key=new_key(),
        problems=refusal.lines if refusal else (),
    )


def _dossiers_with(booklet: Mapping[str, Any], entry: str) -> list[tuple[str, int]]:
    """The titles of the dossiers that show an entry, with how many links open each.

    That of the whole booklet shows every entry: it counts where links open it.
    """
    shown = [one for one in booklet["dossiers"] if entry in one["selectedEntries"]]
    counted = [(one, sum(link["state"] == "LIVE" for link in one["shareLinks"])) for one in shown]
    return [(one["title"], links) for one, links in counted if links or not one["builtIn"]]


def _with_places(entry: Mapping[str, Any], ids: Sequence[str], place: int) -> dict[str, Any]:
    """An entry with the one before which it stands a place higher, or a place lower.

    `ids` are those of the whole list, and `place` is where the entry stands in it. An empty id is
    the end of the list; None says that it cannot move so.
    """
    below = ids[place + 2] if place + 2 < len(ids) else ""
    return {
        **entry,
        "higher": ids[place - 1] if place else None,
        "lower": below if place + 1 < len(ids) else None,
    }

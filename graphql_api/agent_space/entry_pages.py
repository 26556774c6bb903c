"""The pages of any rubric: its list, the form of an entry, and removing one."""

from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, frame_of
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.form_fields import Form, build_form, new_key, posted_texts, stored_texts
from graphql_api.web.form_values import posted_input
from graphql_api.web.rendering import see_other

EDITED = stored(__file__, "edited_entry")
ENTRY_LIST = stored(__file__, "entry_list", FRAME)
ENTRY_FORM = stored(__file__, "entry_form", FRAME, EDITED)
NEW_ENTRY = stored(__file__, "new_entry", FRAME)
ENTRY_ADD = stored(__file__, "entry_add")
ENTRY_REVISE = stored(__file__, "entry_revise")
ENTRY_REMOVE = stored(__file__, "entry_remove")
_CONFLICT, _NOT_FOUND = "CONFLICT", "NOT_FOUND"


async def entry_list(page: PageRequest) -> Response:
    """Show the entries of a rubric, or what the rubric is for when it has none."""
    guide = await guide_of(page)
    rubric = _rubric(page, guide)
    data = await page.ask(ENTRY_LIST, rubric=rubric["rubric"])
    booklet = data["booklet"]
    if booklet is None or booklet["state"] != "OPEN":
        return see_other("/livret")
    return page.render(
        "entry_list.html",
        **_about(page, guide, data, rubric),
        entries=booklet["entries"],
        labels={field["key"]: field["label"] for field in rubric["fields"]},
        counts={one["rubric"]: one["count"] for one in booklet["panorama"]["counters"]},
    )


async def add_entry(page: PageRequest) -> Response:
    """Show an empty form, or add what was typed."""
    guide = await guide_of(page)
    rubric = _rubric(page, guide)
    refusal = None
    if page.is_posted:
        content, problems = posted_input(rubric["fields"], guide.tables, page.form, erase=False)
        refusal = FormRefusal(problems) if problems else None
        if refusal is None:
            entry = {rubric["key"]: content}
            answer = await page.do(ENTRY_ADD, entry=entry, key=page.form.text("cle") or None)
            refusal = refusal_of(answer, under=f"entry.{rubric['key']}")
        if refusal is None:
            return page.go(guide.path_of(rubric), "ajout")
    data = await page.ask(NEW_ENTRY)
    if data["booklet"] is None or data["booklet"]["state"] != "OPEN":
        return see_other("/livret")
    form = _form(page, guide, rubric, None, refusal)
    return _form_page(page, guide, data, rubric, form, entry=None, refusal=refusal)


async def revise_entry(page: PageRequest) -> Response:
    """Show an entry in its form, or write what was typed."""
    guide = await guide_of(page)
    rubric = _rubric(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        content, problems = posted_input(rubric["fields"], guide.tables, page.form, erase=True)
        refusal = FormRefusal(problems) if problems else None
        if refusal is None:
            answer = await page.do(
                ENTRY_REVISE,
                id=id,
                version=_version(page),
                entry={rubric["key"]: content},
                key=page.form.text("cle") or None,
            )
            refusal = refusal_of(answer, under=f"entry.{rubric['key']}")
        if refusal is None:
            return page.go(guide.path_of(rubric), "modification")
    data, entry = await _entry(page, rubric, id)
    form = _form(page, guide, rubric, entry, refusal)
    return _form_page(page, guide, data, rubric, form, entry=entry, refusal=refusal)


async def remove_entry(page: PageRequest) -> Response:
    """Say what goes with an entry, or remove it."""
    guide = await guide_of(page)
    rubric = _rubric(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        answer = await page.do(
            ENTRY_REMOVE, id=id, version=_version(page), key=page.form.text("cle") or None
        )
        refusal = refusal_of(answer)
        if refusal is None or refusal.code == _NOT_FOUND:  # a second click: it is gone
            return page.go(guide.path_of(rubric), "suppression")
    data, entry = await _entry(page, rubric, id)
    return page.render(
        "entry_remove.html",
        409 if refusal else 200,
        **_about(page, guide, data, rubric),
        entry=entry,
        key=new_key(),
        general=refusal.general if refusal else (),
    )


def _rubric(page: PageRequest, guide: Guide) -> Any:
    return guide.rubric(page.part_of_path("part"), page.part_of_path("rubric"))


def _version(page: PageRequest) -> int:
    text = page.form.text("version")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


async def _entry(page: PageRequest, rubric: Mapping[str, Any], id: str) -> tuple[Any, Any]:
    """The data of the form's document and its entry, which belongs to the rubric of the path."""
    data = await page.ask(ENTRY_FORM, id=id)
    entry = require(require(data["booklet"])["entry"])
    if entry["rubric"] != rubric["rubric"]:
        raise PageNotFoundError
    return data, entry


def _form(
    page: PageRequest, guide: Guide, rubric: Mapping[str, Any], entry: Any, refusal: Any
) -> Form:
    """The form with what was typed, if that was refused, or with what is stored."""
    texts = posted_texts(page.form) if refusal else stored_texts(entry and entry["values"])
    return build_form(
        rubric["fields"],
        guide.tables,
        texts,
        version=entry["version"] if entry else None,
        problems=refusal.problems if refusal else {},
        general=refusal.general if refusal else (),
    )


def _form_page(
    page: PageRequest,
    guide: Guide,
    data: Any,
    rubric: Mapping[str, Any],
    form: Form,
    *,
    entry: Any,
    refusal: FormRefusal | None,
) -> Response:
    conflict = refusal is not None and refusal.code == _CONFLICT
    return page.render(
        "entry_form.html",
        409 if conflict else 422 if refusal else 200,
        **_about(page, guide, data, rubric),
        form=form,
        entry=entry,
        problems=form.problems,
    )


def _about(page: PageRequest, guide: Guide, data: Any, rubric: Mapping[str, Any]) -> dict[str, Any]:
    """What every page of a rubric shows around its content."""
    part = guide.part(page.part_of_path("part"))
    return {
        "frame": frame_of(page, guide, data),
        "rubric": rubric,
        "part": part,
        "tabs": [guide.rubric_named(name) for name in part["rubrics"]],
        "path": guide.path_of(rubric),
    }

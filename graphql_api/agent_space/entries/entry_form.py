"""The form of an entry of any rubric: adding one, revising one, and drafts of one."""

from collections.abc import Callable, Mapping
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.conflicts import changed_meanwhile
from graphql_api.agent_space.entries.rubrics import Rubric, rubric_of, rubric_values
from graphql_api.agent_space.frame import FRAME, FRAME_ONLY, require_open
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import StoredDocument, stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import build_form, new_key, posted_texts, stored_texts
from graphql_api.web.forms.form_values import Field, posted_input
from graphql_api.web.forms.posted_form import PostedForm
from schema.typography import typeset

EDITED_ENTRY = stored(__file__, "edited_entry")
ENTRY_FORM = stored(__file__, "entry_form", FRAME, EDITED_ENTRY)
ENTRY_ADD = stored(__file__, "entry_add")
ENTRY_REVISE = stored(__file__, "entry_revise")
DRAFT_FORM = stored(__file__, "draft_form", FRAME)
DRAFT_SAVE = stored(__file__, "draft_save")
DRAFT_DELETE = stored(__file__, "draft_delete")
_AS_DRAFT = "brouillon"
_GONE = (
    "Cet élément n’est pas, ou n’est plus, dans votre livret. Votre saisie est conservée ci-dessous :"
    " vous pouvez l’ajouter."
)

_NOTHING_TYPED = "Rien n’est encore saisi : il n’y a pas de brouillon à garder."


async def add_entry(page: PageRequest) -> Response:
    """Show an empty form, add what was typed, or keep it as a draft."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    refusal = None
    if page.is_posted:
        refusal, added = await _add_or_keep(page, guide, rubric, None)
        if refusal is None:
            return _go_to_list(page, guide, rubric, added)
    data = await page.ask(FRAME_ONLY)
    require_open(data)
    return _form_page(page, guide, data, rubric, refusal)


async def draft_form(page: PageRequest) -> Response:
    """Show a draft in the form, add it as an entry, or keep it on."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        refusal, added = await _add_or_keep(page, guide, rubric, id)
        if refusal is None:
            return _go_to_list(page, guide, rubric, added)
    data, draft = await _draft(page, rubric, id)
    return _form_page(page, guide, data, rubric, refusal, draft=draft)


async def delete_draft(page: PageRequest) -> Response:
    """Ask whether to delete a draft, or delete it."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        answer = await page.do(DRAFT_DELETE, id=id, version=page.version, key=page.idempotency_key)
        refusal = refusal_of(answer)
        if refusal is None or refusal.code == "NOT_FOUND":
            return page.go(guide.path_of(rubric), "brouillon-supprime")
    data, draft = await _draft(page, rubric, id)
    return page.render(
        "draft_delete.html",
        409 if refusal else 200,
        **rubric_values(page, guide, data, rubric),
        draft=draft,
        key=new_key(),
        problems=refusal.lines if refusal else (),
    )


async def revise_entry(page: PageRequest) -> Response:
    """Show an entry in its form, or write what was typed."""
    guide = await guide_of(page)
    rubric = rubric_of(page, guide)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        content, problems = posted_input(rubric["fields"], guide.tables, page.form, erase=True)
        answer = await page.do(
            ENTRY_REVISE,
            problems,
            id=id,
            version=page.version,
            entry={rubric["key"]: content},
            key=page.idempotency_key,
        )
        refusal = refusal_of(answer, under=f"entry.{rubric['key']}")
        if refusal is None:
            return page.go(guide.path_of(rubric), "modification", id)
        if refusal.code == "NOT_FOUND":
            return await _gone_page(page, guide, rubric)
    data, entry = await entry_of(page, rubric, id)
    return _form_page(page, guide, data, rubric, refusal, entry=entry)


async def entry_of(
    page: PageRequest, rubric: Rubric, id: str, document: StoredDocument = ENTRY_FORM
) -> tuple[Any, Any]:
    """The data of a document of one entry and the entry, which belongs to the rubric of the path."""
    data = await page.ask(document, id=id)
    entry = require(require(data["booklet"])["entry"])
    if entry["rubric"] != rubric["rubric"]:
        raise PageNotFoundError
    return data, entry


async def _draft(page: PageRequest, rubric: Rubric, id: str) -> tuple[Any, Any]:
    data = await page.ask(DRAFT_FORM, id=id)
    draft = require(require(data["booklet"])["draft"])
    if draft["rubric"] != rubric["rubric"]:
        raise PageNotFoundError
    return data, draft


async def _add_or_keep(
    page: PageRequest, guide: Guide, rubric: Rubric, draft: str | None
) -> tuple[FormRefusal | None, str]:
    """Add what was typed, or keep it as a draft if that button was used.

    Why not, or None; and the id of the entry that was added.
    """
    content, problems = posted_input(rubric["fields"], guide.tables, page.form, erase=False)
    variables: dict[str, Any] = {
        "entry": {rubric["key"]: content},
        "key": page.idempotency_key,
    }
    if _AS_DRAFT in page.form:
        if draft is None and not problems and _is_untouched(guide, rubric, content):
            return FormRefusal(general=(typeset(_NOTHING_TYPED),)), ""
        if draft is not None:
            variables |= {"id": draft, "version": page.version}
        answer = await page.do(DRAFT_SAVE, problems, **variables)
    else:
        if draft is not None:
            variables["draft"] = {"id": draft, "version": page.version}
        answer = await page.do(ENTRY_ADD, problems, **variables)
    added = answer["entry"]["id"] if "entry" in answer else ""
    return refusal_of(answer, under=f"entry.{rubric['key']}"), added


def _is_untouched(guide: Guide, rubric: Rubric, content: Mapping[str, Any]) -> bool:
    """Whether a form says no more than it does when it begins."""
    begun, fields = stored_texts(None), rubric["fields"]
    form = PostedForm({field["key"]: texts for field in fields if (texts := begun(field))})
    return content == posted_input(fields, guide.tables, form, erase=False)[0]


def _go_to_list(page: PageRequest, guide: Guide, rubric: Rubric, added: str) -> Response:
    notice = "brouillon" if _AS_DRAFT in page.form else "ajout"
    return page.go(guide.path_of(rubric), notice, added)


async def _gone_page(page: PageRequest, guide: Guide, rubric: Rubric) -> Response:
    """The form of an entry that was removed meanwhile, as one that would be added."""
    data = await page.ask(FRAME_ONLY)
    require_open(data)
    return _form_page(page, guide, data, rubric, FormRefusal(general=(typeset(_GONE),)), status=409)


def _form_page(
    page: PageRequest,
    guide: Guide,
    data: Any,
    rubric: Rubric,
    refusal: FormRefusal | None,
    *,
    entry: Mapping[str, Any] | None = None,
    draft: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response:
    """The form with what was typed, if that was refused, or with what is stored."""
    held = entry or draft
    stored_values = held["values"] if held else None
    is_conflict = refusal is not None and refusal.is_conflict
    texts: Callable[[Field], list[str]]
    texts = posted_texts(page.form) if refusal else stored_texts(stored_values)
    fields = rubric["fields"]
    form = build_form(
        fields,
        guide.tables,
        texts,
        version=held["version"] if held else None,
        problems=refusal.problems if refusal else {},
        general=refusal.lines if refusal else (),
        stored=changed_meanwhile(fields, guide.tables, page.form, stored_values)
        if is_conflict
        else {},
    )
    return page.render(
        "entry_form.html",
        status if refusal is None or status != 200 else refusal.status,
        **rubric_values(page, guide, data, rubric),
        form=form,
        entry=entry,
        draft=draft,
        conflict=is_conflict,
        problems=form.problems,
    )

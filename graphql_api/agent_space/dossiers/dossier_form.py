"""The form of a dossier: its purpose first, then its cover, what it takes, and what surrounds that.

A new one starts with the usual choice of its purpose. The step from the purpose to the form writes
nothing, so that it is answered without a redirect, and no purpose stands in an address.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.conflicts import changed_meanwhile
from graphql_api.agent_space.dossiers.dossier_choice import Choice, ChoiceMaker
from graphql_api.agent_space.dossiers.dossier_guide import DossierGuide, dossier_guide_of
from graphql_api.agent_space.dossiers.remedies import Remedy, remedies_of
from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import (
    Form,
    FormProblem,
    build_form,
    new_key,
    posted_texts,
    stored_texts,
)
from graphql_api.web.forms.form_values import Field, posted_input
from schema.typography import typeset

CHOICE = stored(__file__, "dossier_choice")
DOSSIER_NEW = stored(__file__, "dossier_new", FRAME, CHOICE)
DOSSIER_CHANGE = stored(__file__, "dossier_change", FRAME, CHOICE)
DOSSIER_SAVE = stored(__file__, "dossier_save")
DOSSIERS = "/livret/dossiers"
NEW = f"{DOSSIERS}/nouveau"
_STEP, _PURPOSE = "etape", "purpose"
_NO_PURPOSE = "Choisissez à quoi servira ce dossier."
_GONE = "Ce dossier n’existe plus. Votre saisie est ci-dessous : vous pouvez en faire un nouveau."
# Where a problem of the choice leads, when it is of no single entry.
_CHOICE_PLACE, _DISPENSE = "choix", "dispense"


@dataclass(frozen=True, slots=True)
class _Draft:
    """The dossier in the form: what it holds, what was typed, and why that was refused.

    `start` is what a request for exemption begins with that nobody typed.
    """

    purpose: str
    values: Mapping[str, Any]
    start: Mapping[str, Any] = field(default_factory=dict)
    path: str = NEW
    version: int | None = None
    title: str = ""
    refusal: FormRefusal | None = None
    status: int = 200
    is_stored: bool = False


async def new_dossier(page: PageRequest) -> Response:
    """Ask for the purpose, then show the form with the usual choice, or make the dossier."""
    about = await dossier_guide_of(page)
    purpose, refusal = page.form.text(_PURPOSE), None
    is_chosen = page.is_posted and purpose in about.purposes
    if is_chosen and _STEP not in page.form:
        refusal, id = await _save(page, about, None)
        if refusal is None:
            return page.go(f"{DOSSIERS}/{id}", "dossier")
    data = await page.ask(DOSSIER_NEW, dispense=about.asks_dispense(purpose))
    require_open(data)
    if not is_chosen:
        return await _purpose_page(page, about, data)
    draft = _Draft(purpose, about.purposes[purpose], start=_start(data), refusal=refusal)
    return await _form_page(page, about, data, draft)


async def change_dossier(page: PageRequest) -> Response:
    """Show a dossier in its form, or write what was typed and ticked."""
    about = await dossier_guide_of(page)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        refusal, _ = await _save(page, about, id)
        if refusal is None:
            return page.go(f"{DOSSIERS}/{id}", "dossier-modifie")
    asks_dispense = about.asks_dispense(page.form.text(_PURPOSE)) if page.is_posted else False
    data = await page.ask(DOSSIER_CHANGE, id=id, dispense=asks_dispense)
    require_open(data)
    dossier = data["booklet"]["dossier"]
    if dossier is None and page.is_posted:
        gone = FormRefusal(general=(typeset(_GONE),))
        draft = _Draft(page.form.text(_PURPOSE), {}, refusal=gone, status=409)
        return await _form_page(page, about, data, draft)
    if require(dossier)["builtIn"]:
        raise PageNotFoundError
    purpose = dossier["purpose"]["code"]
    values = {**dossier, **((dossier["dispense"] or {}).get("values") or {}), _PURPOSE: purpose}
    draft = _Draft(
        page.form.text(_PURPOSE) if refusal else purpose,
        values,
        start=_start(data) if dossier["dispense"] is None else {},
        path=f"{DOSSIERS}/{id}/modifier",
        version=dossier["version"],
        title=dossier["title"],
        refusal=refusal,
        is_stored=True,
    )
    return await _form_page(page, about, data, draft)


async def _save(
    page: PageRequest, about: DossierGuide, id: str | None
) -> tuple[FormRefusal | None, str]:
    """Send what was typed and ticked; why that was refused, or the id of the dossier."""
    guide = await guide_of(page)
    content, problems = posted_input(about.fields, guide.tables, page.form, erase=True)
    content = _of_tables(about.fields, guide, content)
    choice = Choice.posted(page.form)
    content |= choice.known(guide, about.identity)
    if any(one["key"] in page.form for one in about.dispense):
        request, more = posted_input(about.dispense, guide.tables, page.form, erase=True)
        problems |= more
        if about.asks_dispense(page.form.text(_PURPOSE)):
            content["dispense"] = request
    variables: dict[str, Any] = {
        "dossier": content,
        "key": page.idempotency_key,
    }
    if id is not None:
        variables |= {"id": id, "version": page.version}
    answer = await page.do(DOSSIER_SAVE, problems, **variables)
    named = {**answer, "problems": [_at_box(one, choice) for one in answer.get("problems") or ()]}
    refusal = refusal_of(named)
    return refusal, "" if refusal else answer["dossier"]["id"]


def _of_tables(fields: Sequence[Field], guide: Guide, content: Mapping[str, Any]) -> dict[str, Any]:
    """The content without codes that its tables do not have: the API has enums for some of them."""
    kept = dict(content)
    for one in fields:
        value, codes = kept.get(one["key"]), guide.tables.get(one["table"] or "", ())
        known = {each["code"] for each in codes}
        if one["kind"] == "CODES" and value is not None:
            kept[one["key"]] = [code for code in value if code in known]
        elif one["kind"] == "CODE" and value not in known:
            kept[one["key"]] = None
    return kept


def _at_box(problem: Mapping[str, str], choice: Choice) -> dict[str, str]:
    """A problem whose path is the id of its field, or of the box of its entry."""
    path = problem["path"].removeprefix("dossier.").removeprefix("dispense.")
    if path.startswith("entries["):
        place = int(path.removeprefix("entries[").partition("]")[0])
        path = f"element-{choice.ticked['entries'][place]}"
    return {**problem, "path": path}


async def _purpose_page(page: PageRequest, about: DossierGuide, data: Any) -> Response:
    guide = await guide_of(page)
    problem = typeset(_NO_PURPOSE) if page.is_posted else ""
    return page.render(
        "dossier_purpose.html",
        422 if problem else 200,
        frame=frame_of(page, guide, data),
        screen=guide.screens["COMMUNICATION"],
        purposes=list(about.purposes.values()),
        problem=problem,
        problems=[FormProblem(problem, _PURPOSE)] if problem else [],
    )


async def _form_page(page: PageRequest, about: DossierGuide, data: Any, draft: _Draft) -> Response:
    """The form with what was typed and ticked, if that was refused, or with what it starts with."""
    guide = await guide_of(page)
    refusal = draft.refusal
    is_conflict = refusal is not None and refusal.is_conflict
    stored_choice = Choice.of(draft.values)
    choice = Choice.posted(page.form) if refusal else stored_choice
    maker = ChoiceMaker(choice, stored_choice if is_conflict else None)
    cover = [
        one for one in about.fields if one["key"] in ("title", "soughtPost", "recipient", _PURPOSE)
    ]
    layout = [one for one in about.fields if one not in cover]
    if not draft.is_stored:
        cover = [one for one in cover if one["key"] != _PURPOSE and _fits(one, draft.purpose)]
    asked = about.dispense if about.asks_dispense(draft.purpose) else []
    forms = [_form(page, guide, fields, draft) for fields in (cover, layout, asked)]
    entries = data["booklet"]["entries"]
    details = refusal.details if refusal else {}
    remedies = {key: remedies_of(guide, one, entries) for key, one in details.items()}
    lines = [
        *_general(refusal, forms, entries, remedies),
        *(
            replace(problem, remedies=remedies.get(problem.field, ()))
            for form in forms
            for problem in form.problems
        ),
    ]
    return page.render(
        "dossier_form.html",
        draft.status if draft.status != 200 or refusal is None else refusal.status,
        frame=frame_of(page, guide, data),
        path=draft.path,
        title=draft.title,
        purpose=about.purposes.get(draft.purpose),
        is_stored=draft.is_stored,
        version=draft.version,
        key=new_key(),
        cover=forms[0],
        layout=forms[1],
        dispense=forms[2] if asked else None,
        is_begun=bool(asked and draft.start and not _is_typed(page, draft, asked)),
        parts=maker.parts(guide, data["booklet"]),
        identity=maker.identity(about.identity),
        conflict=is_conflict,
        problems=lines,
    )


def _is_typed(page: PageRequest, draft: _Draft, fields: Sequence[Field]) -> bool:
    """Whether the fields hold what was typed in them, which was refused."""
    return draft.refusal is not None and any(one["key"] in page.form for one in fields)


def _start(data: Any) -> Mapping[str, Any]:
    """What the booklet knows of a new request for exemption; empty where it knows nothing."""
    start = data["booklet"].get("dispenseStart") or {}
    return {key: value for key, value in start.items() if value is not None}


def _fits(field: Field, purpose: str) -> bool:
    """Whether a field makes sense in a dossier for this purpose, which its form does not change."""
    return all(purpose in one["values"] for one in field["shownWhen"] if one["field"] == _PURPOSE)


def _form(page: PageRequest, guide: Guide, fields: Sequence[Field], draft: _Draft) -> Form:
    """A section of the form; its problems are those of its own fields."""
    refusal, keys = draft.refusal, {one["key"] for one in fields}
    texts: Callable[[Field], list[str]]
    is_typed = _is_typed(page, draft, fields)
    texts = posted_texts(page.form) if is_typed else stored_texts({**draft.start, **draft.values})
    stored: Mapping[str, str] = {}
    if refusal is not None and refusal.is_conflict:
        stored = changed_meanwhile(fields, guide.tables, page.form, draft.values)
    told = refusal.problems if refusal else {}
    form = build_form(
        fields,
        guide.tables,
        texts,
        problems={key: message for key, message in told.items() if key in keys},
        tick=("situation",),
        stored=stored,
    )
    return replace(form, version=draft.version)


def _general(
    refusal: FormRefusal | None,
    forms: Sequence[Form],
    entries: Sequence[Mapping[str, Any]],
    remedies: Mapping[str, tuple[Remedy, ...]],
) -> list[FormProblem]:
    """The problems that are of no field: of the whole, or of the box of an entry, which is named."""
    if refusal is None:
        return []
    fields = {one.name for form in forms for group in form.groups for one in group.fields}
    names = {f"element-{one['id']}": one["headline"] for one in entries}
    lines = list(refusal.lines)
    for key, message in refusal.problems.items():
        if key in names:
            is_named = names[key] in message
            told = message if is_named else typeset(f"{names[key]} : {message}")
            lines.append(FormProblem(told, key, remedies=remedies.get(key, ())))
        elif key == _DISPENSE and not fields.isdisjoint(refusal.problems):
            continue  # its fields say what is missing
        elif key not in fields:
            place = _DISPENSE if key == _DISPENSE else _CHOICE_PLACE
            lines.append(FormProblem(message, place, remedies=remedies.get(key, ())))
    return lines

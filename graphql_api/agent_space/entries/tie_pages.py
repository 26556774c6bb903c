"""The ties of an entry from either end: competences, and the papers that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.entries.rubrics import Rubric, rubric_values
from graphql_api.agent_space.frame import FRAME
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.paging import PAGE, PageOfList, page_of_list
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import new_key
from graphql_api.web.forms.posted_form import PostedForm

TIES = stored(__file__, "ties", FRAME)
COMPETENCE_LINKS_SET = stored(__file__, "competence_links_set")
EVIDENCE_LINKS_SET = stored(__file__, "evidence_links_set")
# The two ends that every tie has: see `CompetenceLink` and `Attachment` in the schema.
COMPETENCE, ATTACHMENT = "COMPETENCE", "ATTACHMENT"
PAPERS = "pieces"
# An item is a select with its words, or a box with its label.
LINKS_OF_A_PAGE, PAPERS_OF_A_PAGE = 32, 60
_LINK, _NOTE = "lien-", "note-"
# What a link says, by its name in the schema; an entry without one is not tied.
RELATIONS = (("ACQUIRED", "Acquise"), ("USED", "Mise en pratique"))


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to which there is or may be a tie; `relation` and `note` are empty without one."""

    id: str
    headline: str
    when: str
    relation: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Candidates under the labels of their rubrics, those with a tie first; `shown` are on this page."""

    groups: list[tuple[str, list[Candidate]]]
    shown: PageOfList


async def ties(page: PageRequest) -> Response:
    """Show what an entry is tied to, or set it: a form holds a page of the ties of its kind."""
    guide = await guide_of(page)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        refusal = await _set_ties(page, id)
        if refusal is None:
            return page.go(page.path, "liens")
    data = await page.ask(TIES, id=id)
    booklet = require(data["booklet"])
    entry = require(booklet["entry"])
    rubric = guide.rubric_named(entry["rubric"])
    if guide.part(page.part_of_path("part"))["part"] != rubric["part"]:
        raise PageNotFoundError
    posted = page.form if refusal else None
    return page.render(
        "ties.html",
        refusal.status if refusal else 200,
        **rubric_values(page, guide, data, rubric),
        entry=entry,
        is_competence=rubric["rubric"] == COMPETENCE,
        is_paper=rubric["rubric"] == ATTACHMENT,
        links=_grouped(
            page, guide, booklet, _linkable(guide, rubric), _links(entry, posted), LINKS_OF_A_PAGE
        ),
        papers=_grouped(
            page, guide, booklet, _provable(guide, rubric), _papers(entry, posted), PAPERS_OF_A_PAGE
        ),
        relations=RELATIONS,
        key=new_key(),
        problems=refusal.lines if refusal else (),
    )


async def _set_ties(page: PageRequest, id: str) -> FormRefusal | None:
    """Write the ties of the form; those on other pages stay as they are."""
    entry = require(require((await page.ask(TIES, id=id))["booklet"])["entry"])
    variables = {"entry": id, "version": page.version, "key": page.idempotency_key}
    if page.form.text("sorte") == PAPERS:
        shown = set(page.form.text("montres").split())
        kept = [other for other in _papers(entry, None) if other not in shown]
        ticked = [other for other in page.form.all("piece") if other not in kept]
        return refusal_of(await page.do(EVIDENCE_LINKS_SET, others=[*kept, *ticked], **variables))
    links = [
        {"other": other, "relation": relation, "note": note or None}
        for other, (relation, note) in _links(entry, page.form).items()
        if relation in dict(RELATIONS)
    ]
    return refusal_of(await page.do(COMPETENCE_LINKS_SET, links=links, **variables))


def _posted_links(form: PostedForm) -> dict[str, tuple[str, str]]:
    """Relation and note as they were typed, by the entry at the other end."""
    return {
        name.removeprefix(_LINK): (
            form.text(name),
            form.text(f"{_NOTE}{name.removeprefix(_LINK)}").strip(),
        )
        for name in form.values
        if name.startswith(_LINK)
    }


def _links(entry: Mapping[str, Any], posted: PostedForm | None) -> dict[str, tuple[str, str]]:
    """The links that are stored; where a form was sent, what it says of those that it shows."""
    stored = {
        one["target" if one["competence"]["id"] == entry["id"] else "competence"]["id"]: (
            one["relation"],
            one["note"] or "",
        )
        for one in entry["links"]
    }
    if posted is None or posted.text("sorte") == PAPERS:
        return stored
    return {**stored, **_posted_links(posted)}


def _papers(entry: Mapping[str, Any], posted: PostedForm | None) -> dict[str, tuple[str, str]]:
    stored = {one["id"]: (PAPERS, "") for one in entry.get("proves", entry["evidence"])}
    if posted is None or posted.text("sorte") != PAPERS:
        return stored
    shown = set(posted.text("montres").split())
    kept = {id: tie for id, tie in stored.items() if id not in shown}
    return {**kept, **dict.fromkeys(posted.all("piece"), (PAPERS, ""))}


def _linkable(guide: Guide, rubric: Rubric) -> list[str]:
    """The rubrics of which an entry may be at the other end of a link."""
    if rubric["rubric"] == COMPETENCE:
        return [one["rubric"] for one in guide.rubrics.values() if one["supportsCompetences"]]
    return [COMPETENCE] if rubric["supportsCompetences"] else []


def _provable(guide: Guide, rubric: Rubric) -> list[str]:
    """The rubrics of which an entry may be proved by this paper, or that of papers."""
    if rubric["rubric"] == ATTACHMENT:
        return [one["rubric"] for one in guide.rubrics.values() if one["rubric"] != ATTACHMENT]
    return [ATTACHMENT]


def _grouped(
    page: PageRequest,
    guide: Guide,
    booklet: Mapping[str, Any],
    rubrics: list[str],
    held: Mapping[str, tuple[str, str]],
    size: int,
) -> CandidateList:
    """A page of the entries of these rubrics, under their labels: those that are tied come first."""
    fitting = [one for one in booklet["entries"] if one["rubric"] in rubrics]
    ordered = sorted(fitting, key=lambda one: one["id"] not in held)
    shown = page_of_list(ordered, size, page.query(PAGE))
    groups = []
    for name in rubrics:
        candidates = [
            Candidate(one["id"], one["headline"], one["when"], *held.get(one["id"], ("", "")))
            for one in shown.items
            if one["rubric"] == name
        ]
        if candidates:
            groups.append((guide.rubric_named(name)["label"], candidates))
    return CandidateList(groups, shown)

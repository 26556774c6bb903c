"""The ties of an entry from either end: competences, and the papers that prove it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.entries.rubrics import COMPETENCE, RELATIONS, Rubric, rubric_values
from graphql_api.agent_space.frame import FRAME
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.page_errors import PageNotFoundError
from graphql_api.page_kit.paging import PAGE, PageOfList, page_of_list
from graphql_api.page_kit.refusals import FormRefusal, refusal_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest, require
from graphql_api.web.forms.form_fields import FormProblem, new_key
from graphql_api.web.forms.posted_form import PostedForm
from schema.typography import typeset

TIES = stored(__file__, "ties", FRAME)
COMPETENCE_LINKS_SET = stored(__file__, "competence_links_set")
EVIDENCE_LINKS_SET = stored(__file__, "evidence_links_set")
# The end that every tie of a paper has: see `Attachment` in the schema.
ATTACHMENT = "ATTACHMENT"
# A paper is tied in one way only.
_TICKED = "piece"
# An item is a select with its words, or a box with its label.
LINKS_OF_A_PAGE, PAPERS_OF_A_PAGE = 36, 60
# A list of at most so many is short enough to be shown unfolded.
_FEW = 8
_LINK, _NOTE = "lien-", "note-"


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry to which there is or may be a tie; `relation` and `note` are empty without one.

    `problem` says why its note was refused.
    """

    id: str
    headline: str
    when: str
    relation: str = ""
    note: str = ""
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CandidateGroup:
    """The candidates of a rubric; they are shown at once if `is_open`, else when unfolded."""

    label: str
    candidates: list[Candidate]
    is_open: bool

    @property
    def tied(self) -> int:
        """How many of them have a tie."""
        return sum(bool(one.relation) for one in self.candidates)


@dataclass(frozen=True, slots=True)
class CandidateList:
    """Candidates under the labels of their rubrics, those with a tie first; `shown` are on this page."""

    groups: list[CandidateGroup]
    shown: PageOfList


async def ties(page: PageRequest) -> Response:
    """Show what an entry is tied to, or set it: one form holds a page of its ties of both kinds."""
    guide = await guide_of(page)
    id, refusal = page.part_of_path("id"), None
    if page.is_posted:
        refusal, notice = await _set_ties(page, guide, id)
        if refusal is None:
            return page.go(page.path, notice)
    data = await page.ask(TIES, id=id)
    booklet = require(data["booklet"])
    entry = require(booklet["entry"])
    rubric = guide.rubric_named(entry["rubric"])
    if guide.part(page.part_of_path("part"))["part"] != rubric["part"]:
        raise PageNotFoundError
    posted = page.form if refusal else None
    links = _grouped(
        page,
        guide,
        booklet,
        _linkable(guide, rubric),
        _links(entry, posted),
        LINKS_OF_A_PAGE,
        refusal.problems if refusal else {},
    )
    papers = _grouped(
        page, guide, booklet, _provable(guide, rubric), _papers(entry, posted), PAPERS_OF_A_PAGE
    )
    notes = [one for group in links.groups for one in group.candidates if one.problem]
    return page.render(
        "ties.html",
        refusal.status if refusal else 200,
        **rubric_values(page, guide, data, rubric),
        entry=entry,
        is_competence=rubric["rubric"] == COMPETENCE,
        is_paper=rubric["rubric"] == ATTACHMENT,
        links=links,
        papers=papers,
        relations=RELATIONS,
        key=new_key(),
        problems=[
            *(refusal.lines if refusal else ()),
            *(
                FormProblem(typeset(f"{one.headline} : {one.problem}"), f"{_NOTE}{one.id}")
                for one in notes
            ),
        ],
    )


async def _set_ties(page: PageRequest, guide: Guide, id: str) -> tuple[FormRefusal | None, str]:
    """Write the ties of the form in one write; those on other pages stay as they are.

    Why not, or None; and the name of the sentence that says what is tied now.
    """
    entry = require(require((await page.ask(TIES, id=id))["booklet"])["entry"])
    variables = {"entry": id, "version": page.version, "key": page.idempotency_key}
    papers = list(_papers(entry, page.form))
    if not _linkable(guide, guide.rubric_named(entry["rubric"])):
        answer = await page.do(EVIDENCE_LINKS_SET, others=papers, **variables)
        return refusal_of(answer), _notice(entry, [], papers)
    links = [
        {"other": other, "relation": relation, "note": note or None}
        for other, (relation, note) in _links(entry, page.form).items()
        if relation in dict(RELATIONS)
    ]
    answer = await page.do(COMPETENCE_LINKS_SET, links=links, evidence=papers, **variables)
    refusal = refusal_of(
        {**answer, "problems": [_at_note(one, links) for one in _problems(answer)]}
    )
    return refusal, _notice(entry, links, papers)


def _notice(entry: Mapping[str, Any], links: list[dict[str, Any]], papers: list[str]) -> str:
    if links or papers:
        return "liens"
    return "plus-de-lien" if _links(entry, None) or _papers(entry, None) else "aucun-lien"


def _problems(answer: Mapping[str, Any]) -> list[dict[str, str]]:
    return list(answer.get("problems") or ())


def _at_note(problem: dict[str, str], links: list[dict[str, Any]]) -> dict[str, str]:
    """A problem whose path is the other end of its link: the entry whose note was refused."""
    place, _, name = problem["path"].removeprefix("links[").partition("].")
    if name != "note":
        return {**problem, "path": ""}
    return {**problem, "path": links[int(place)]["other"]}


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
    if posted is None:
        return stored
    return {**stored, **_posted_links(posted)}


def _papers(entry: Mapping[str, Any], posted: PostedForm | None) -> dict[str, tuple[str, str]]:
    """The papers that are stored; where a form was sent, what it says of those that it shows."""
    stored = {one["id"]: (_TICKED, "") for one in entry.get("proves", entry["evidence"])}
    if posted is None:
        return stored
    shown = set(posted.text("montres").split())
    kept = {id: tie for id, tie in stored.items() if id not in shown}
    return {**kept, **dict.fromkeys(posted.all("piece"), (_TICKED, ""))}


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
    problems: Mapping[str, str] | None = None,
) -> CandidateList:
    """A page of the entries of these rubrics, under their labels: those that are tied come first."""
    fitting = [one for one in booklet["entries"] if one["rubric"] in rubrics]
    ordered = sorted(fitting, key=lambda one: one["id"] not in held)
    shown = page_of_list(ordered, size, page.query(PAGE))
    told = problems or {}
    groups: list[CandidateGroup] = []
    for name in rubrics:
        candidates = [
            Candidate(
                one["id"],
                one["headline"],
                one["when"],
                *held.get(one["id"], ("", "")),
                problem=told.get(one["id"], ""),
            )
            for one in shown.items
            if one["rubric"] == name
        ]
        if candidates:
            # Where nothing is tied, one rubric shows how to; papers stand below the links.
            is_first = not groups and not held and name != ATTACHMENT
            is_open = is_first or len(fitting) <= _FEW or any(one.relation for one in candidates)
            label = guide.rubric_named(name)["label"]
            groups.append(CandidateGroup(label, candidates, is_open))
    return CandidateList(groups, shown)

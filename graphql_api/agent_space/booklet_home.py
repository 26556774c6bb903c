"""`/livret`: where the booklet stands, and what comes next."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.entries.rubrics import counts_of
from graphql_api.agent_space.frame import FRAME, NEXT_STEPS, OPEN, OWN_ACCOUNT, frame_of, state_of
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

BOOKLET_HOME = stored(__file__, "booklet_home", FRAME, OWN_ACCOUNT)
PRESSING = ("EXPIRED", "EXPIRING")
MOST_SUGGESTIONS = 5
MOST_EXPIRING = 20


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something that would be worth doing: where, on what, and why."""

    path: str
    title: str
    reasons: tuple[str, ...]


async def booklet_home(page: PageRequest) -> Response:
    """Show the booklet once it is open; before, lead to the step that comes next."""
    data = await page.ask(BOOKLET_HOME, most=MOST_SUGGESTIONS)
    guide = await guide_of(page)
    frame, booklet = frame_of(page, guide, data), data["booklet"]
    state = state_of(data)
    if state != OPEN:
        return page.render(
            "booklet_begin.html",
            frame=frame,
            state=state,
            home=guide.screens["HOME"],
            screen=guide.screens["IDENTITY"],
            booklet=guide.screens["BOOKLET"],
            intro=guide.screens["INTRODUCTION"],
            next_step=NEXT_STEPS[state],
        )
    suggestions = booklet["suggestions"]
    pressing = [one for one in booklet["panorama"]["validity"] if one["status"] in PRESSING]
    return page.render(
        "booklet_home.html",
        frame=frame,
        guide=guide,
        screen=guide.screens["BOOKLET"],
        parts=_parts(guide, booklet),
        damaged=len(booklet["damaged"]),
        is_empty=not any(counts_of(booklet).values()),
        suggestions=[_suggestion(guide, one) for one in suggestions["nodes"]],
        more_suggestions=suggestions["totalCount"] - len(suggestions["nodes"]),
        expiring=[
            {**item, "path": guide.entry_path(item["node"]["rubric"], item["entry"])}
            for item in pressing[:MOST_EXPIRING]
        ],
        more_expiring=max(len(pressing) - MOST_EXPIRING, 0),
        papers=[
            {**one, "path": guide.ties_path(one["rubric"], one["id"])}
            for one in booklet["papers"]["nodes"]
        ],
        evidence=booklet["panorama"]["evidence"],
        drafts=[
            {
                **draft,
                "path": f"{guide.path_of(rubric)}/brouillons/{draft['id']}",
                "label": rubric["label"],
            }
            for draft in booklet["drafts"]
            for rubric in [guide.rubric_named(draft["rubric"])]
        ],
    )


def _parts(guide: Guide, booklet: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The parts with their rubrics and how many entries each has."""
    counts = counts_of(booklet)
    return [
        {
            "part": part["part"].lower(),
            "label": part["label"],
            "path": f"/livret/{part['slug']}",
            "rubrics": [
                {
                    "label": rubric["label"],
                    "path": guide.path_of(rubric),
                    "count": counts.get(rubric["rubric"], 0),
                }
                for rubric in guide.rubrics_of(part)
            ],
        }
        for part in guide.parts.values()
    ]


def _suggestion(guide: Guide, entry: Mapping[str, Any]) -> Suggestion:
    """An entry that warnings are about; they come from the service, and never press."""
    reasons = tuple(warning["message"] for warning in entry["warnings"])
    return Suggestion(guide.entry_path(entry["rubric"], entry["id"]), entry["headline"], reasons)

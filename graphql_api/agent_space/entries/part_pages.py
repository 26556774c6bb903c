"""A part (volet): its introduction with tabs and counters, and its « Récapitulatif »."""

from starlette.responses import Response

from graphql_api.agent_space.entries.listed_entries import ask_for_page
from graphql_api.agent_space.entries.rubrics import COMPETENCES_HERE, RELATIONS, counts_of
from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import guide_of
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest
from graphql_api.web.rendering import see_other

ENTRIES_OF_A_PAGE = 40
# Ties that are named of each entry; its page of ties has them all.
MOST_NAMED = 3
PART = stored(__file__, "part", FRAME)
RECAP = stored(__file__, "recap", FRAME)


async def part_page(page: PageRequest) -> Response:
    """Introduce a part in the guide's words; the name of a rubric alone leads to its list."""
    guide = await guide_of(page)
    slug = page.part_of_path("part")
    if slug in guide.rubrics and slug not in guide.parts:
        return see_other(guide.path_of(guide.rubrics[slug]))
    part = guide.part(slug)
    data = await page.ask(PART)
    booklet = require_open(data)
    return page.render(
        "part.html",
        frame=frame_of(page, guide, data),
        part=part,
        tabs=guide.rubrics_of(part),
        counts=counts_of(booklet),
    )


async def recap(page: PageRequest) -> Response:
    """« Récapitulatif »: all that was entered in a part."""
    guide = await guide_of(page)
    part = guide.part(page.part_of_path("part"))
    data, entries = await ask_for_page(page, RECAP, ENTRIES_OF_A_PAGE, part=part["part"])
    rubrics = guide.rubrics_of(part)
    return page.render(
        "recap.html",
        frame=frame_of(page, guide, data),
        part=part,
        tabs=rubrics,
        counts=counts_of(data["booklet"]),
        entries=entries,
        most_named=MOST_NAMED,
        groups=[
            (
                rubric,
                guide.path_of(rubric),
                COMPETENCES_HERE if rubric["supportsCompetences"] else RELATIONS,
                [one for one in entries.items if one["rubric"] == rubric["rubric"]],
            )
            for rubric in rubrics
        ],
    )

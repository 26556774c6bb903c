"""Which rubric a page is of, and what all pages of a rubric show around their content."""

from collections.abc import Mapping
from typing import Any

from graphql_api.agent_space.frame import frame_of
from graphql_api.agent_space.guide import Guide
from graphql_api.page_kit.views import PageRequest

Rubric = Mapping[str, Any]
# The end that every link has: see `CompetenceLink` in the schema.
COMPETENCE = "COMPETENCE"
# What a link says, by its name in the schema: of the competence, and of the entry at the other end.
RELATIONS = (("ACQUIRED", "Acquise"), ("USED", "Mise en œuvre"))
COMPETENCES_HERE = (("ACQUIRED", "Compétences acquises"), ("USED", "Compétences mises en œuvre"))


def rubric_of(page: PageRequest, guide: Guide) -> Rubric:
    """The rubric that the path names. Raises `PageNotFoundError`."""
    found: Rubric = guide.rubric(page.part_of_path("part"), page.part_of_path("rubric"))
    return found


def rubric_values(page: PageRequest, guide: Guide, data: Any, rubric: Rubric) -> dict[str, Any]:
    """What every page of a rubric shows: frame, rubric, part, tabs, address of the list."""
    part = guide.part_of(rubric)
    return {
        "frame": frame_of(page, guide, data),
        "rubric": rubric,
        "part": part,
        "tabs": guide.rubrics_of(part),
        "path": guide.path_of(rubric),
    }


def counts_of(booklet: Mapping[str, Any]) -> dict[str, int]:
    """How many entries each rubric has."""
    return {one["rubric"]: one["count"] for one in booklet["panorama"]["counters"]}

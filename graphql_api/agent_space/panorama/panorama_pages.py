"""`/livret/panorama`: figures, timeline and matrix, as pictures that lead to entries and as tables.

Each list has pages of its own (`?frise=2`), so that a full booklet makes no heavy page.
"""

from collections.abc import Callable, Mapping, Sequence
from itertools import groupby
from typing import Any

from starlette.responses import Response

from graphql_api.agent_space.frame import FRAME, frame_of, require_open
from graphql_api.agent_space.guide import Guide, guide_of
from graphql_api.agent_space.panorama.matrix_picture import ACQUIRED, draw_matrix, sheets_of
from graphql_api.agent_space.panorama.timeline_picture import (
    draw_timeline,
    in_lanes,
    weight_of,
)
from graphql_api.page_kit.paging import PageOfList, page_of_list
from graphql_api.page_kit.stored_documents import stored
from graphql_api.page_kit.views import PageRequest

PANORAMA = stored(__file__, "panorama", FRAME)
PANORAMA_PATH = "/livret/panorama"
TABLES_PATH = f"{PANORAMA_PATH}/tableaux"
# The lists, by the parameter that names their page, with how much of them a page holds.
SIZES = {"aujourdhui": 10, "sans-appui": 12, "sans-competence": 12, "echeances": 12, "pieces": 12}
BARS_OF_A_PAGE, SPANS_OF_A_PAGE, COMPETENCES_OF_A_PAGE = 36, 60, 15
# A booklet whose pictures weigh no more than this is shown whole, in bytes.
MOST_WHOLE = 38_000
# Entries that a cell of the table names; the ties of the competence have all.
MOST_NAMED = 8


async def panorama(page: PageRequest) -> Response:
    """Show the panorama, with its pictures."""
    return await _answer(page, "panorama.html", _pictures)


async def panorama_tables(page: PageRequest) -> Response:
    """Show the same as tables."""
    return await _answer(page, "panorama_tables.html", _tables)


async def _answer(
    page: PageRequest,
    template: str,
    read: Callable[[PageRequest, Guide, Mapping[str, Any]], dict[str, Any]],
) -> Response:
    data = await page.ask(PANORAMA)
    found = require_open(data)["panorama"]
    guide = await guide_of(page)
    return page.render(
        template,
        frame=frame_of(page, guide, data),
        screen=guide.screens["PANORAMA"],
        panorama=found,
        is_empty=not any(one["count"] for one in found["counters"]),
        pictures_path=PANORAMA_PATH,
        tables_path=TABLES_PATH,
        **read(page, guide, found),
    )


def _pages(page: PageRequest, name: str, items: Sequence[Any], size: int) -> PageOfList:
    return page_of_list(items, size, page.query(name))


def _pictures(page: PageRequest, guide: Guide, found: Mapping[str, Any]) -> dict[str, Any]:
    paths = _paths(guide, found)
    labels = {part["part"]: part["label"] for part in guide.parts.values()}
    ties = {
        row["competence"]: guide.ties_path(row["node"]["rubric"], row["competence"])
        for row in found["matrix"]["rows"]
    }
    days = sum(one["days"] for one in found["trainingDays"])
    spans = in_lanes(found["timeline"], labels)
    pictures = draw_matrix(found["matrix"], paths, ties)
    is_small = weight_of(spans) + sum(one.weight for one in pictures) <= MOST_WHOLE
    bars = _pages(page, "frise", spans, len(spans) or 1 if is_small else BARS_OF_A_PAGE)
    sheets = _pages(page, "matrice", [pictures] if is_small else sheets_of(pictures), 1)
    alone = set(found["matrix"]["unsupported"])
    lists = {
        "aujourdhui": found["currentPosts"],
        "sans-appui": [row for row in found["matrix"]["rows"] if row["competence"] in alone],
        "sans-competence": found["matrix"]["unclaimedNodes"],
        "echeances": found["validity"],
        "pieces": found["evidence"]["missing"],
    }
    return {
        "paths": paths,
        "timeline": draw_timeline(spans, paths, labels, bars.items),
        "bars": bars,
        "matrix": sheets.items[0] if sheets.items else (),
        "sheets": sheets,
        "ties": ties,
        "lists": {name: _pages(page, name, items, SIZES[name]) for name, items in lists.items()},
        "days": french_number(days) if days else "",
    }


def _tables(page: PageRequest, guide: Guide, found: Mapping[str, Any]) -> dict[str, Any]:
    columns = {column["entry"]: column for column in found["matrix"]["columns"]}
    rows = _pages(page, "matrice", found["matrix"]["rows"], COMPETENCES_OF_A_PAGE)
    return {
        "paths": _paths(guide, found),
        "rubrics": {one["rubric"]: one["label"] for one in guide.rubrics.values()},
        "spans": _pages(page, "frise", found["timeline"], SPANS_OF_A_PAGE),
        "rows": rows,
        "most_named": MOST_NAMED,
        "competences": [
            (
                row,
                [columns[one["entry"]] for one in row["cells"] if one["relation"] == ACQUIRED],
                [columns[one["entry"]] for one in row["cells"] if one["relation"] != ACQUIRED],
            )
            for row in rows.items
        ],
        "training": [
            (label, [(one["fiveYears"], french_number(one["days"])) for one in days])
            for label, days in groupby(found["trainingDays"], _statutory_type)
        ],
    }


def french_number(number: float) -> str:
    """A number as people write it in France: `12,5`."""
    return f"{number:g}".replace(".", ",")


def _statutory_type(days: Mapping[str, Any]) -> str:
    return days["statutoryType"]["label"] if days["statutoryType"] else "Sans catégorie indiquée"


def _paths(guide: Guide, found: Mapping[str, Any]) -> dict[str, str]:
    """The address of each entry that the panorama names."""
    matrix = found["matrix"]
    named = [
        *((one["entry"], one["rubric"]) for one in (*found["timeline"], *matrix["columns"])),
        *((one["id"], one["rubric"]) for one in matrix["unclaimedNodes"]),
        *((one["competence"], one["node"]["rubric"]) for one in matrix["rows"]),
        *(
            (one["entry"], one["node"]["rubric"])
            for one in (
                *found["currentPosts"],
                *found["validity"],
                *found["evidence"]["missing"],
            )
        ),
    ]
    return {id: guide.entry_path(rubric, id) for id, rubric in named}

"""`/livret/panorama`: figures and pictures that lead to entries, and the same as tables."""

from typing import Any

import pytest

from graphql_api.agent_space.panorama.matrix_picture import (
    MOST_COLUMNS,
    MOST_ROWS,
    draw_matrix,
    sheets_of,
)
from graphql_api.agent_space.panorama.timeline_picture import draw_timeline, in_lanes
from tests.graphql_api.agent_space.entries.test_entries import DIPLOMA, FORM
from tests.graphql_api.agent_space.entries.test_entry_care import skill
from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.site import Site

PICTURES, TABLES = "/livret/panorama", "/livret/panorama/tableaux"


@pytest.mark.parametrize("path", [PICTURES, TABLES])
def test_an_empty_panorama_says_what_it_will_show_with_one_button(
    someone: Agent, path: str
) -> None:
    page = someone.read(path)
    assert page.links["Remplir votre livret"] == "/livret"
    assert "Par exemple" in page.text


def test_pictures_lead_to_the_entries_that_they_show(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    entry = someone.read("/livret/formations/titres-et-diplomes").links[DIPLOMA["title"]]
    page = someone.read(PICTURES)
    assert page.links[f"{DIPLOMA['title']} juin 2008"] == entry
    assert "Frise de votre parcours" in page.headings
    assert page.links["Panorama"] == PICTURES
    pictures = [given for tag, given in page.attributes if tag == "svg"]
    assert len(pictures) > 2
    assert all(given.get("aria-hidden") == "true" for given in pictures if "class" in given)


def test_a_competence_is_marked_where_it_was_acquired(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    competence = skill(someone, "Gérer l’eau")
    page = someone.read(PICTURES)
    assert "Compétences sans appui" in page.text
    ties = page.links["Gérer l’eau"]
    form = someone.read(ties).form(ties)
    (link,) = (name for name in form.names if name.startswith("lien-"))
    assert someone.send(ties, form.fields | {link: "ACQUIRED"}).status_code == 303
    page = someone.read(PICTURES)
    assert "Compétences sans appui" not in page.text
    assert page.links["Gérer l’eau"] == ties
    assert [tag for tag, _ in page.attributes].count("circle") == 1
    tables = someone.read(TABLES)
    assert tables.links["Gérer l’eau"] == competence
    assert DIPLOMA["title"] in tables.links


def test_the_tables_tell_what_the_pictures_show(someone: Agent) -> None:
    someone.fill(FORM, **DIPLOMA)
    page = someone.read(TABLES)
    assert page.headings == ["Panorama en tableaux", "Frise de votre parcours"]
    assert "Titres et diplômes" in page.text
    assert "juin 2008" in page.text
    assert page.links["En images"] == PICTURES


@pytest.mark.parametrize("path", [PICTURES, TABLES])
def test_there_is_no_panorama_before_the_booklet_is_open(site: Site, path: str) -> None:
    newcomer = agent(site, "newcomer", booklet=False)
    assert newcomer.get(path).headers["location"] == "/livret"


def span(entry: str, earliest: str, latest: str, **changes: Any) -> dict[str, Any]:
    return {
        "entry": entry,
        "part": "FORMATIONS",
        "headline": entry,
        "when": "",
        "earliest": earliest,
        "latest": latest,
        "ongoing": False,
        "approximate": False,
        **changes,
    }


@pytest.mark.parametrize(
    ("earliest", "latest"),
    [("2020-01-01", "2020-01-01"), ("2020-12-31", "2020-12-31"), ("0001-01-01", "9999-12-31")],
)
def test_a_bar_is_seen_and_stays_in_the_picture(earliest: str, latest: str) -> None:
    picture = draw_timeline([span("a", earliest, latest)], {"a": "/a"}, {"FORMATIONS": "Mes"})
    (bar,) = picture.lanes[0].bars
    assert bar.width >= 1
    assert 0 <= bar.x <= bar.end <= 100.1
    assert all(0 <= year.x <= 100 for year in picture.years)


def test_lanes_are_in_the_order_of_the_parts_and_share_one_scale() -> None:
    spans = [
        span("a", "2000-01-01", "2000-12-31"),
        span("b", "2010-01-01", "2010-12-31", part="EXPERIENCES"),
        span("c", "2000-01-01", "2000-12-31", part="EXPERIENCES"),
    ]
    paths = {one["entry"]: "/" for one in spans}
    labels = {"FORMATIONS": "F", "EXPERIENCES": "E", "COMPETENCES": "C"}
    picture = draw_timeline(spans, paths, labels)
    assert [lane.label for lane in picture.lanes] == ["F", "E"]
    first, (later, same) = picture.lanes[0].bars[0], picture.lanes[1].bars
    assert (first.x, first.width) == (same.x, same.width)
    assert later.x > first.end


def test_a_wide_matrix_makes_several_pictures_of_what_fits_a_telephone() -> None:
    columns = [
        {"entry": str(number), "headline": "", "node": {"when": ""}}
        for number in range(MOST_COLUMNS + 1)
    ]
    rows = [
        {"competence": "x", "headline": "X", "cells": [{"entry": "0", "relation": "ACQUIRED"}]},
        {"competence": "y", "headline": "Y", "cells": [{"entry": "12", "relation": "USED"}]},
    ]
    pictures = draw_matrix(
        {"columns": columns, "rows": rows},
        {column["entry"]: "/" for column in columns},
        {"x": "/", "y": "/"},
    )
    assert [len(one.columns) for one in pictures] == [6, 7]
    assert [column.number for one in pictures for column in one.columns] == list(range(1, 14))
    assert [[row.headline for row in one.rows] for one in pictures] == [["X"], ["Y"]]
    assert pictures[1].rows[0].marks[0].is_acquired is False


def test_no_picture_is_drawn_of_nothing() -> None:
    assert draw_timeline([], {}, {}).lanes == ()
    assert draw_matrix({"columns": [], "rows": []}, {}, {}) == ()


def test_a_large_matrix_and_a_long_frise_have_pages() -> None:
    columns = [
        {"entry": f"e{n}", "headline": f"E{n}", "node": {"when": ""}}
        for n in range(3 * MOST_COLUMNS)
    ]
    rows = [
        {
            "competence": f"c{n}",
            "headline": f"C{n}",
            "cells": [{"entry": one["entry"], "relation": "USED"} for one in columns],
        }
        for n in range(50)
    ]
    paths = {one["entry"]: "" for one in columns}
    ties = {one["competence"]: one["competence"] for one in rows}
    sheets = sheets_of(draw_matrix({"columns": columns, "rows": rows}, paths, ties))
    pieces = [piece for sheet in sheets for piece in sheet]
    assert all(len(piece.rows) <= MOST_ROWS for piece in pieces)
    for picture in range(3):
        here = [piece for piece in pieces if piece.columns[0].number == picture * MOST_COLUMNS + 1]
        assert [row.path for piece in here for row in piece.rows] == list(ties)
    few = draw_matrix({"columns": columns[:24], "rows": rows[:9]}, paths, ties)
    assert len(sheets_of(few)) == 1

    spans = [span(f"s{n}", f"{1950 + n}-01-01", f"{1950 + n}-12-31") for n in range(50)]
    spans[30]["part"] = "EXPERIENCES"
    labels = {"FORMATIONS": "F", "EXPERIENCES": "E"}
    inside = {one["entry"]: "" for one in spans}
    whole = draw_timeline(spans, inside, labels)
    shown = in_lanes(spans, labels)[10:12]
    part = draw_timeline(spans, inside, labels, shown)
    assert part.years == whole.years
    (lane,) = part.lanes
    assert lane.bars == whole.lanes[0].bars[10:12]
    assert in_lanes(spans, labels)[-1] == spans[30]

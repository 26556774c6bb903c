"""The axis of the timeline."""

import re
from collections.abc import Callable
from typing import Any

import pytest

from print_site.drawing.timeline_svg import WIDTH, YEAR_LABEL


def test_no_year_of_the_axis_is_cut_off_at_an_end(
    page: Callable[[dict[str, Any]], str], booklet: Any
) -> None:
    first = booklet["panorama"]["timeline"][0] | {"earliest": "2019-01-01", "latest": "2019-12-31"}
    booklet["panorama"]["timeline"] = [first]
    html = page(booklet)
    places = [float(x) for x in re.findall(r'class="year-label" x="([\d.]+)"', html)]
    assert places
    assert all(YEAR_LABEL / 2 <= x <= WIDTH - YEAR_LABEL / 2 for x in places)


def test_a_bar_from_edge_to_edge_has_its_whole_label_above_it(
    page: Callable[[dict[str, Any]], str], booklet: Any
) -> None:
    career = booklet["panorama"]["timeline"][0] | {
        "earliest": "1990-01-01", "latest": "2026-12-31", "ongoing": True, "part": "EXPERIENCES",
    }  # fmt: skip
    other = booklet["panorama"]["timeline"][1] | {"part": "EXPERIENCES", "earliest": "2001-01-01"}
    booklet["panorama"]["timeline"] = [career, other]
    html = page(booklet)
    drawing = html[
        html.index('<svg class="timeline') : html.index(
            "</svg>", html.index('<svg class="timeline')
        )
    ]
    labels = re.findall(
        r'<text class="(after|before)" x="([\d.]+)" y="([\d.]+)">(.*?)</text>', drawing
    )
    bars = [
        float(y) for y in re.findall(r'<rect class="span[^"]*" x="[\d.]+" y="([\d.]+)"', drawing)
    ]
    side, _, y, text = labels[0]
    assert (side, "…" in text) == ("after", False)
    assert len(re.sub("<[^>]*>", "", text)) > 20
    assert float(y) < bars[0] < float(labels[1][2])


def test_the_day_of_the_dossier_is_marked_where_the_axis_has_it(
    page: Callable[[dict[str, Any]], str], booklet: Any
) -> None:
    first = booklet["panorama"]["timeline"][0]
    marked = r'<path class="today" d="M([\d.]+) '
    booklet["asOf"] = "2020-07-01"
    booklet["panorama"]["timeline"] = [first | {"earliest": "2019-01-01", "latest": "2021-12-31"}]
    html = page(booklet)
    (place,) = re.findall(marked, html)
    assert float(place) == pytest.approx(WIDTH / 2, abs=4)
    assert "Au 1er juillet 2020" in html.replace("\xa0", " ")
    booklet["panorama"]["timeline"] = [first | {"earliest": "2021-01-01", "latest": "2021-12-31"}]
    assert not re.search(marked, page(booklet))

"""The timeline and the matrix: drawings with accessible text, and tables that say the same."""

import re
from collections import Counter
from typing import Any

from print_site.dossier.parsing import parse_dossier
from print_site.pdf.paper_panorama import panorama_view
from tests.print_site.outlines import Outline, Page, piece, words


def drawings(html: str, name: str) -> list[str]:
    return re.findall(rf'<svg class="{name}[^"]*" role="img".*?</svg>', html, re.DOTALL)


def test_the_timeline_has_a_lane_a_part_and_a_table_beside_it(page: Page, booklet: Any) -> None:
    spans = booklet["panorama"]["timeline"]
    html = page(booklet)
    lanes = drawings(html, "timeline")
    parts = {span["part"] for span in spans}
    assert len(lanes) == len(parts) == 2
    assert sum(lane.count('class="row-code"') for lane in lanes) == len(spans) == 34
    for lane in lanes:
        assert re.search(
            r'<title id="(\S+)">Frise chronologique : .+?</title><desc id="\1-texte">', lane
        )
        part = piece(lane, r"volet-(\w+)").removeprefix("volet-").upper()
        own = [span for span in spans if span["part"] == part]
        assert f"{len(own)} élément" in lane
        assert ("span vague" in lane) == any(span["approximate"] for span in own)
    assert piece(html, r'<details class="reading-aid">.*?</details>').count("<tr><td>") == 34


def test_a_long_lane_is_cut_where_a_page_may_be_turned(page: Page, booklet: Any) -> None:
    booklet["panorama"]["timeline"] *= 3
    lanes = drawings(page(booklet), "timeline")
    assert len(lanes) == 5
    assert all(lane.count('class="row-code"') <= 30 for lane in lanes)
    assert sum(lane.count('class="row-code"') for lane in lanes) == 102
    assert any("(2 sur 2)" in lane for lane in lanes)
    assert any("(3 sur 3)" in lane for lane in lanes)


def test_a_single_dated_entry_is_said_in_the_singular(page: Page, booklet: Any) -> None:
    booklet["panorama"]["timeline"] = booklet["panorama"]["timeline"][:1]
    (lane,) = drawings(page(booklet), "timeline")
    assert "1 élément daté, " in lane


def test_the_matrix_has_a_mark_for_each_link(page: Page, booklet: Any) -> None:
    matrix = booklet["panorama"]["matrix"]
    (drawing,) = drawings(page(booklet), "matrix")
    cells = [cell for row in matrix["rows"] for cell in row["cells"]]
    marks = re.findall(r'<circle class="(acquired|used)"', drawing)
    assert Counter(marks) == Counter(cell["relation"].lower() for cell in cells)
    assert drawing.count('class="column ') == len(matrix["columns"])
    assert drawing.count('class="row-code"') == len(matrix["rows"])
    assert f"{len(matrix['rows'])} compétences en lignes" in drawing


def test_a_mark_stands_where_its_row_and_its_column_cross(page: Page, booklet: Any) -> None:
    matrix = booklet["panorama"]["matrix"]
    row, column = matrix["rows"][3], matrix["columns"][5]
    for one in matrix["rows"]:
        one["cells"] = []
    row["cells"] = [{"entry": column["entry"], "relation": "USED"}]
    (drawing,) = drawings(page(booklet), "matrix")
    ((x, y),) = re.findall(r'<circle class="used" cx="([\d.]+)" cy="([\d.]+)"', drawing)
    lines = [float(at) for at in re.findall(r"M([\d.]+) 38V", drawing)]
    assert lines[5] < float(x) < lines[6]
    names = [float(at) for at in re.findall(r'<text x="0" y="([\d.]+)"><tspan', drawing)]
    assert names[3] - 11 < float(y) < names[3] + 4


def test_more_columns_than_a_page_takes_are_drawn_in_two(page: Page, booklet: Any) -> None:
    matrix = booklet["panorama"]["matrix"]
    taken = {column["entry"] for column in matrix["columns"]}
    entries = [
        entry
        for part in booklet["parts"]
        for rubric in part["rubrics"]
        for entry in rubric["entries"]
        if entry["entry"] not in taken
    ]
    matrix["columns"] += [
        {"entry": entry["entry"], "rubric": "TRAINING", "headline": "x"} for entry in entries
    ]
    first, second = drawings(page(booklet), "matrix")
    columns = first.count('class="column ') + second.count('class="column ')
    assert columns == len(matrix["columns"]) > 34
    assert "(1 sur 2)" in first
    assert "(2 sur 2)" in second


def test_the_table_of_the_matrix_says_by_what_and_in_what(page: Page, booklet: Any) -> None:
    matrix = booklet["panorama"]["matrix"]
    table = piece(page(booklet), r'<table class="supports">.*?</table>')
    assert Counter(Outline(table).values("scope")) == {"col": 3, "row": len(matrix["rows"])}
    rows = re.findall(r"<tr><th scope=.row.>.*?</tr>", table)
    for row, data in zip(rows, matrix["rows"], strict=True):
        acquired, used = re.findall(r"<td>(.*?)</td>", row)
        relations = Counter(cell["relation"] for cell in data["cells"])
        assert acquired.count("<a ") == relations["ACQUIRED"]
        assert used.count("<a ") == relations["USED"]
        assert words(acquired).strip() == "–" or relations["ACQUIRED"]


def test_a_name_from_right_to_left_keeps_its_order_beside_its_bar_on_paper(booklet: Any) -> None:
    names = ("שלום " * 40, "Cheffe de service")
    entries = {
        entry["entry"]: entry
        for part in booklet["parts"]
        for rubric in part["rubrics"]
        for entry in rubric["entries"]
    }
    spans = booklet["panorama"]["timeline"][:2]
    for span, name in zip(spans, names, strict=True):
        entries[span["entry"]]["headline"] = name
    booklet["panorama"]["timeline"] = spans
    timeline = panorama_view(parse_dossier(booklet))["timeline"]
    shorts = [row[0]["short"] for lane in timeline["lanes"] for row in lane["rows"]]
    right_to_left, other = sorted(shorts, reverse=True)
    assert (right_to_left[0], right_to_left[-2:]) == ("\u2068", "…\u2069")  # isolated, and cut
    assert other == names[1]

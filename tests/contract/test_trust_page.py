"""docs/trust.md names every torture case, and shows the figures that docs/trust.json keeps."""

import json
import re
from pathlib import Path

import pytest

from tests.torture.__main__ import BEGINS, ENDS, page_table, page_with
from tests.torture.figures import Figure, Figures

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/trust.md").read_text("utf-8")


def test_every_case_stands_in_the_table_and_every_name_there_is_a_case() -> None:
    named = set(re.findall(r"`(test_\w+\.py)`", PAGE))
    assert named == {file.name for file in (ROOT / "tests/torture").glob("test_*.py")}


def test_every_case_is_marked_so_that_make_test_leaves_it_out() -> None:
    for file in (ROOT / "tests/torture").glob("test_*.py"):
        assert "pytestmark = pytest.mark.torture" in file.read_text("utf-8"), file.name


def test_the_page_shows_the_figures_that_are_kept() -> None:
    kept_file = ROOT / "docs/trust.json"
    kept = json.loads(kept_file.read_text("utf-8")) if kept_file.exists() else []
    assert PAGE.count(BEGINS) == PAGE.count(ENDS) == 1
    assert page_table(kept) in PAGE
    assert page_with(PAGE, kept) == PAGE
    assert all(one["met"] for one in kept)


def test_a_figure_that_misses_its_goal_is_noted_and_fails_its_case() -> None:
    noted: list[Figure] = []
    figures = Figures("case", "sqlite", noted.append)
    figures.exactly("lost", 0, 0)
    figures.under("wait", 1.5, 2)
    figures.at_least("kills", 30, 30)
    with pytest.raises(AssertionError, match="lost: 1"):
        figures.exactly("lost", 1, 0)
    with pytest.raises(AssertionError, match="wait"):
        figures.under("wait", 2.0, 2)
    with pytest.raises(AssertionError, match="kills"):
        figures.at_least("kills", 29, 30)
    assert [one.met for one in noted] == [True, True, True, False, False, False]

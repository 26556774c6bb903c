"""The RGAA grid of the docs has all criteria, and the statement says its figures."""

import re
from collections import Counter
from pathlib import Path

import pytest

from graphql_api.web.rgaa_grid import FULLY, GRID, NOT_COMPLIANT, PARTLY, Grid

TEXT = Path("docs/rgaa.md").read_text("utf-8")
ROW = re.compile(r"^\| (\d+)\.(\d+) [^|]+ \| (C|NC|NA|NJ) \| [^|]+ \|$", re.MULTILINE)
# How many criteria each theme of RGAA 4.1 has.
THEMES = (9, 2, 3, 13, 8, 2, 5, 10, 4, 14, 13, 11, 12)


def test_the_grid_has_every_criterion_once_in_order() -> None:
    rows = [(int(theme), int(number)) for theme, number, _ in ROW.findall(TEXT)]
    wanted = [(at, one + 1) for at, count in enumerate(THEMES, 1) for one in range(count)]
    assert rows == wanted
    assert len(rows) == 106


def test_the_statement_says_the_figures_of_the_grid() -> None:
    states = Counter(state for _, _, state in ROW.findall(TEXT))
    assert (GRID.met, GRID.not_met, GRID.not_judged) == (states["C"], states["NC"], states["NJ"])
    missing = [f"{a}.{b}" for a, b, state in ROW.findall(TEXT) if state in ("NC", "NJ")]
    assert sorted(re.findall(r"Critère ([\d.]+)", " ".join(GRID.findings))) == sorted(missing)


@pytest.mark.parametrize(
    ("met", "not_met", "not_judged", "status"),
    [
        (73, 0, 0, FULLY),
        (72, 0, 1, PARTLY),
        (72, 1, 0, PARTLY),
        (5, 5, 0, PARTLY),
        (5, 3, 3, NOT_COMPLIANT),
    ],
)
def test_the_state_counts_what_was_not_judged_as_not_met(
    met: int, not_met: int, not_judged: int, status: str
) -> None:
    assert Grid(met, not_met, not_judged, "", ()).status == status

"""docs/threat-model.md names tests that are there, in every row."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/threat-model.md").read_text("utf-8")
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ")][2:]


def test_every_row_names_a_test() -> None:
    assert len(ROWS) >= 13
    assert [row.split("|")[1] for row in ROWS if "`test_" not in row] == []


def test_every_test_that_is_named_is_there() -> None:
    sources = "\n".join(file.read_text("utf-8") for file in ROOT.glob("tests/**/test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert len(named) > 30
    assert {name for name in named if f"def {name}(" not in sources} == set()

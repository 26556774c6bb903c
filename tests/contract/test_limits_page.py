"""docs/limits.md is written from the constants, and no other document types a limit."""

from pathlib import Path

from schema.description.bounds import MAX_ENTRIES, at_most
from schema.limits import LIMITS, limits_page

ROOT = Path(__file__).parents[2]


def test_the_page_of_limits_is_the_one_of_the_code() -> None:
    assert (ROOT / "docs/limits.md").read_text("utf-8") == limits_page(), "run: make docs"


def test_each_limit_is_told_once() -> None:
    told = [what for what, _ in LIMITS]
    assert len(told) == len(set(told)) > 1


def test_no_other_document_types_the_number_of_entries() -> None:
    documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    others = [path for path in documents if path.name != "limits.md"]
    assert others
    typed = (f"{MAX_ENTRIES:,} entries", at_most(MAX_ENTRIES))
    for path in others:
        text = path.read_text("utf-8")
        assert not [words for words in typed if words in text], path.name

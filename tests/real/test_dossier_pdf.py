"""The PDF that Typst lays out: its contents and bookmarks, what is heard of it, what it carries."""

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from print_site.dossier.parsing import parse_dossier
from tests.patience import PATIENCE_SECONDS

from .conftest import Forms
from .paper import Paper
from .printing import Press

pytestmark = pytest.mark.real


@pytest.mark.parametrize("name", ["whole", "extreme"])
def test_contents_and_bookmarks_give_the_page_where_the_heading_stands(
    press: Press, name: str
) -> None:
    printed = press("typst", name)
    paper, targets = printed.paper, dict(printed.outline["targets"])
    assert len(targets) >= 4
    marked = dict(bookmarks(paper))
    for anchor, heading in targets.items():
        page = paper.places[anchor][0]
        assert number_beside(paper, anchor, printed.outline["contents"]) == page + 1, anchor
        assert heading in paper.text(page), anchor
        assert marked[heading] == page, anchor


def number_beside(paper: Paper, anchor: str, contents: str) -> int:
    """The number beside the line of the contents that leads to an anchor, in its column."""
    for number in range(paper.places[contents][0], len(paper.pages)):
        boxes = [
            [float(side) for side in note.Rect]
            for note in paper.pdf.pages[number].get("/Annots", [])
            if note.Subtype == "/Link" and str(note.get("/Dest", "")) == anchor
        ]
        if boxes:
            low = min(min(box[1], box[3]) for box in boxes)
            base = paper.sizes[number][1] - low
            right = max(max(box[0], box[2]) for box in boxes)
            line = [word for word in paper.pages[number] if word.top < base - 3 < word.bottom]
            beside = [word for word in line if word.left > right - 1 and word.text.isdecimal()]
            assert beside, (anchor, [word.text for word in line])
            return int(min(beside, key=lambda word: word.left).text)
    raise AssertionError(f"the contents do not lead to {anchor}")


def bookmarks(paper: Paper) -> Iterator[tuple[str, int]]:
    """The title of each bookmark, without spaces, and the page that it leads to."""
    with paper.pdf.open_outline() as outline:
        waiting = list(outline.root)
        while waiting:
            item = waiting.pop(0)
            waiting += item.children
            place = item.destination
            yield re.sub(r"\s", "", item.title), paper.numbers[place[0].objgen]


@pytest.mark.parametrize("name", ["empty", "extreme"])
def test_the_pdf_is_accessible_says_the_same_and_carries_its_data(
    press: Press, forms: Forms, name: str
) -> None:
    paper = press("typst", name).paper
    from tests.print_site.pdf_checks import check_same_text
    from tests.print_site.pdf_tree import Tree  # these need the extra, which is there by now

    if name != "extreme":  # where one text stands so often that none can be told from another
        check_same_text(forms.html(name).read_text(encoding="utf-8"), Tree(paper.path))
    (attached,) = paper.pdf.attachments.values()
    data = attached.get_file().read_bytes()
    assert data.decode() == parse_dossier(forms.data(name)).canonical_json
    assert "0 error(s)" in told_by_outloud(paper.path)


def told_by_outloud(path: Path) -> str:
    """What the checker of PDF/UA says, which must have read the file."""
    command = [sys.executable, "-m", "outloud.cli", str(path)]
    done = subprocess.run(
        command, capture_output=True, text=True, timeout=5 * PATIENCE_SECONDS, check=False
    )
    assert "PDF/UA-1 checkpoints" in done.stdout, done.stderr
    return done.stdout

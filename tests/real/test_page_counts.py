"""How many pages a dossier takes in each engine, and that none but the last of a part is half empty."""

import re
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

from .chromium import Tabs
from .conftest import Forms
from .firefox import launched
from .paper import Paper, paper_of, text_of
from .printing import Press, print_page
from .screens import look

pytestmark = pytest.mark.real

# A request with two entries, an application with 75, the whole booklet of 82, and nothing at all.
MOST = {"exemption": 3, "mutation": 11, "julliard": 22, "empty": 2}
HALF = 0.5


@pytest.fixture(scope="module")
def in_firefox(
    forms: Forms, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[str], Path]]:
    """Prints a dossier in Firefox."""
    folder = tmp_path_factory.mktemp("firefox")
    with launched(folder) as firefox:

        def printed(name: str) -> Path:
            firefox.open(forms.html(name).as_uri())
            firefox.print_to(folder / f"{name}.pdf")
            return folder / f"{name}.pdf"

        yield printed


def pages_of(path: Path) -> int:
    command = ["pdfinfo", str(path)]
    told = subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    ).stdout
    return int(re.findall(r"^Pages:\s*(\d+)$", told, re.MULTILINE)[0])


@pytest.mark.parametrize("name", MOST)
@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_a_dossier_takes_few_pages(press: Press, engine: str, name: str) -> None:
    assert 1 < len(press(engine, name).paper.pages) <= MOST[name]


@pytest.mark.parametrize("name", MOST)
def test_a_dossier_takes_few_pages_in_firefox(in_firefox: Callable[[str], Path], name: str) -> None:
    assert 1 < pages_of(in_firefox(name)) <= MOST[name]


def half_empty(paper: Paper, *, titles: set[str]) -> Iterator[tuple[int, float]]:
    """The pages of which less than half is used, but the cover and those that a new part follows."""
    for number in range(1, len(paper.pages) - 1):
        lowest = max(word.bottom for word in paper.body(number))
        used = (lowest - paper.margins.top) / paper.margins.height
        after = "".join(word.text for word in paper.body(number + 1))
        if used < HALF and not any(after.startswith(title) for title in titles):
            yield number + 1, used


@pytest.mark.parametrize("name", ["exemption", "mutation", "julliard", "whole"])
@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_no_page_is_half_empty_but_the_last_of_a_part(press: Press, engine: str, name: str) -> None:
    printed = press(engine, name)
    titles = {heading for anchor, heading in printed.outline["targets"] if "rubrique" not in anchor}
    assert titles
    assert list(half_empty(printed.paper, titles=titles)) == []


@pytest.mark.parametrize("name", ["exemption", "mutation", "julliard"])
@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_no_heading_stands_alone_in_a_demo_dossier(press: Press, engine: str, name: str) -> None:
    paper = press(engine, name).paper
    headings = [span for span in paper.spans if re.fullmatch(r"H\d?", span.kind)]
    alone = [
        paper.pieces[one.last] + 1
        for one in headings
        if paper.pieces[one.last + 1 : one.last + 2] not in ([], [paper.pieces[one.last]])
    ]
    assert len(headings) > 4
    assert alone == []


def test_a_section_that_its_reader_folded_is_printed(
    tabs: Tabs, forms: Forms, tmp_path: Path
) -> None:
    tab = look(tabs, forms.html("mutation"), "paper")
    print_page(tab, tmp_path / "open.pdf")
    folds = "document.querySelectorAll('details.fold')"
    tab.page.evaluate(f"for (const fold of {folds}) fold.open = false")
    assert tab.page.evaluate(f"{folds}.length") > 5
    tab.page.emulate_media(media="screen")
    assert not tab.page.is_visible("#e1-1")
    tab.page.emulate_media(media="print")
    print_page(tab, tmp_path / "folded.pdf")
    assert len(text_of(tmp_path / "open.pdf")) > 20_000
    assert text_of(tmp_path / "folded.pdf") == text_of(tmp_path / "open.pdf")
    tab.page.evaluate("document.querySelector('[id=\"e1-1\"]').closest('details').remove()")
    print_page(tab, tmp_path / "less.pdf")
    assert text_of(tmp_path / "less.pdf") != text_of(tmp_path / "open.pdf")


def test_a_half_empty_page_would_be_seen(press: Press, tmp_path: Path) -> None:
    paper = press("typst", "mutation").paper
    paper = paper_of(paper.path, paged=True)
    paper.pages[2] = [word for word in paper.pages[2] if word.bottom < paper.margins.top + 90]
    assert [page for page, _ in half_empty(paper, titles=set())] == [3]

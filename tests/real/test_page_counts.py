"""How many pages a dossier takes in each engine, and that none but the last of a part is half empty."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from .chromium import Tabs
from .conftest import Forms
from .firefox import launched
from .paper import Paper, paper_of, text_of, words_of
from .printing import Press, print_page
from .screens import look

pytestmark = pytest.mark.real

# A request with two entries, an application with 75, the whole booklet of 82, and nothing at all.
MOST = {"exemption": 3, "mutation": 11, "julliard": 22, "empty": 2}
HALF = 0.5
FEW_LINES = 3


HEADINGS = """return [...document.querySelectorAll('main :is(h2, h3, header, caption, thead tr, .legend)')]
  .map(node => node.textContent)"""
# What Firefox's PDFs do not tell: some capitals, and ligatures.
UNTOLD = re.compile("f[fil]|[^a-zà-ÿ0-9]")
InFirefox = Callable[[str], tuple[Paper, set[str]]]


@pytest.fixture(scope="module")
def in_firefox(forms: Forms, tmp_path_factory: pytest.TempPathFactory) -> Iterator[InFirefox]:
    """Prints a dossier in Firefox once; gives the paper, and the headings of the page."""
    folder = tmp_path_factory.mktemp("firefox")
    made: dict[str, tuple[Paper, set[str]]] = {}
    with launched(folder) as firefox:

        def printed(name: str) -> tuple[Paper, set[str]]:
            if name not in made:
                firefox.open(forms.html(name).as_uri())
                firefox.print_to(folder / f"{name}.pdf")
                headings = firefox.marionette.execute_script(HEADINGS)
                paper = words_of(folder / f"{name}.pdf", paged=False)
                made[name] = paper, set(map(told, headings))
            return made[name]

        yield printed


def told(text: str) -> str:
    """A text as far as Firefox's PDFs tell it."""
    return UNTOLD.sub("", text)


@pytest.mark.parametrize("name", MOST)
@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_a_dossier_takes_few_pages(press: Press, engine: str, name: str) -> None:
    assert 1 < len(press(engine, name).paper.pages) <= MOST[name]


@pytest.mark.parametrize("name", MOST)
def test_a_dossier_takes_few_pages_in_firefox(in_firefox: InFirefox, name: str) -> None:
    paper, _ = in_firefox(name)
    assert 1 < len(paper.pages) <= MOST[name]


def half_empty(
    paper: Paper, *, titles: set[str], read: Callable[[str], str] = str
) -> Iterator[tuple[int, float]]:
    """The pages of which less than half is used, but the cover and those that a new part follows."""
    for number in range(1, len(paper.pages) - 1):
        lowest = max(word.bottom for word in paper.body(number))
        used = (lowest - paper.margins.top) / paper.margins.height
        after = read("".join(word.text for word in paper.body(number + 1)))
        if used < HALF and not any(after.startswith(title) for title in titles):
            yield number + 1, used


def nearly_empty(paper: Paper) -> list[int]:
    """The pages with a line or two."""
    return [page + 1 for page in range(len(paper.pages)) if len(paper.lines(page)) < FEW_LINES]


def ending_with(paper: Paper, headings: set[str]) -> list[int]:
    """The pages whose last lines, up to three, are a heading."""
    last = [[told(line) for line in paper.lines(page)[-3:]] for page in range(len(paper.pages))]
    return [
        page
        for page, lines in enumerate(last, 1)
        if any("".join(lines[at:]) in headings for at in range(len(lines)))
    ]


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


@pytest.mark.parametrize("name", ["exemption", "mutation", "julliard"])
@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_no_page_has_but_a_line_or_two(press: Press, engine: str, name: str) -> None:
    assert nearly_empty(press(engine, name).paper) == []


@pytest.mark.parametrize("name", ["exemption", "mutation", "julliard", "whole"])
def test_pages_are_full_and_end_with_no_heading_in_firefox(
    in_firefox: InFirefox, press: Press, name: str
) -> None:
    paper, headings = in_firefox(name)
    targets = press("browser", name).outline["targets"]
    titles = {told(heading) for anchor, heading in targets if "rubrique" not in anchor}
    assert titles
    assert len(headings) > len(titles)
    assert list(half_empty(paper, titles=titles, read=told)) == []
    assert nearly_empty(paper) == []
    assert ending_with(paper, headings) == []
    assert ending_with(paper, {told("".join(paper.lines(1)[-2:]))}) == [2]  # it would be seen


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

"""The dossier on A4 paper, as a browser prints it and as Typst lays it out."""

import re
import subprocess
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

from .chromium import Tabs
from .conftest import Forms
from .dossiers import LONG_WORDS
from .paper import A4, Paper, Span, Word, paper_of
from .printing import LINK_ALL, OUTLINE, Press, Printed, print_page
from .screens import look

MILLIMETRE = 72 / 25.4
NUMBERED = re.compile(r"\b(\d+)\s*(?:/|sur)\s*(\d+)\b")
# Laid out both ways; a request differs from the whole booklet by one page, which a browser prints.
PRINTED = [
    *(("browser", name) for name in ("whole", "empty", "request", "extreme")),
    *(("typst", name) for name in ("whole", "empty", "extreme")),
]
# Typst tags no articles.
WITH_ENTRIES = [("browser", "whole"), ("browser", "request"), ("browser", "extreme")]
BROKEN_SHEET = """
  h4 { break-after: page !important; margin-left: -2mm } article { break-inside: auto !important }
  @page { size: A5 }"""

pytestmark = pytest.mark.real


@pytest.fixture
def printed(request: pytest.FixtureRequest, press: Press) -> Printed:
    return press(*request.param)


def alone(paper: Paper) -> Iterator[int]:
    """The pages at whose foot a heading stands without what it heads."""
    for span in paper.spans:
        here, after = paper.pieces[span.last], paper.pieces[span.last + 1 : span.last + 2]
        if re.fullmatch(r"H\d?", span.kind) and after not in ([], [here]):
            yield here + 1


def split(printed: Printed) -> Iterator[tuple[str, int, int]]:
    """The entries that stand on several pages, with how many lines are on the first and the last."""
    paper, margins = printed.paper, printed.paper.margins
    left = margins.left + MILLIMETRE
    spans = list(entries_of(paper))
    assert len(spans) == len(printed.outline["entries"])
    for span, (anchor, following) in zip(spans, printed.outline["entries"], strict=True):
        last = max(paper.pieces[span.first : span.last + 1])
        page, top = paper.places[anchor]
        if page == last:
            continue
        # Chromium's own place of what follows a cut is wrong: it begins with its code, at the left.
        code = following.replace("-", ".", 1).upper()
        begun = [word.top for word in paper.body(last) if word.text == code and word.left < left]
        end = min(begun, default=margins.bottom)
        yield anchor, lines_of(paper, page, top - 2, margins.bottom), lines_of(paper, last, 0, end)


def lines_of(paper: Paper, page: int, top: float, bottom: float) -> int:
    """How many lines stand between two heights of a page."""
    middles = sorted((word.top + word.bottom) / 2 for word in paper.body(page))
    within = [middle for middle in middles if top < middle < bottom]
    return bool(within) + sum(low - high > 5 for high, low in pairwise(within))


def entries_of(paper: Paper) -> Iterator[Span]:
    """The spans of the entries."""
    titles = [span.first for span in paper.spans if re.fullmatch(r"H\d?", span.kind)]
    held: Span | None = None
    for span in sorted(
        (one for one in paper.spans if one.kind == "Art"), key=lambda one: one.first
    ):
        if held and not any(span.first <= title <= span.last for title in titles):
            held = Span("Art", held.first, span.last)
            continue
        if held:
            yield held
        held = span
    if held:
        yield held


@pytest.mark.parametrize("printed", PRINTED, indirect=True)
def test_every_page_is_a4_and_none_is_blank(printed: Printed) -> None:
    paper = printed.paper
    assert len(paper.pages) > 1
    for size in paper.sizes:
        assert size == pytest.approx(A4, abs=1)
    assert [page + 1 for page in range(len(paper.pages)) if not paper.body(page)] == []


@pytest.mark.parametrize("printed", PRINTED, indirect=True)
def test_every_page_but_the_cover_says_whose_it_is_and_its_number(printed: Printed) -> None:
    paper = printed.paper
    assert not NUMBERED.search(paper.running(0))
    title = printed.outline["title"].rpartition(" – ")[0]
    wanted = set(title[:60].split()[:-1]) | set(printed.holder[:60].split()[:-1])
    assert wanted
    assert len(paper.pages) > 1
    for page in range(1, len(paper.pages)):
        running = paper.running(page)
        assert wanted <= set(running.split()), (page + 1, running)
        assert (str(page + 1), str(len(paper.pages))) in NUMBERED.findall(running), running


@pytest.mark.parametrize("printed", PRINTED, indirect=True)
def test_nothing_is_inked_beyond_the_margins(printed: Printed, tmp_path: Path) -> None:
    inked = list(ink_beside(printed.paper, tmp_path))
    assert len(inked) == len(printed.paper.pages)
    assert [page + 1 for page, ink in enumerate(inked) if ink] == []
    # Chromium cuts a page at its margins. In the PDF a clipped name has words that are not inked.
    assert printed.engine != "browser" or list(beyond(printed.paper)) == []
    low = printed.paper.margins.bottom + 3
    for number in range(len(inked)):
        assert [word for word in printed.paper.body(number) if word.bottom > low] == [], number + 1


def beyond(paper: Paper) -> Iterator[Word]:
    """The words that are not wholly between the margins of the sides."""
    left, right = paper.margins.left - MILLIMETRE, paper.margins.right + MILLIMETRE
    for page in paper.pages:
        yield from (word for word in page if word.left < left or word.right > right)


def ink_beside(paper: Paper, folder: Path) -> Iterator[bool]:
    """Whether the margins at the sides of each page are other than white."""
    command = ["pdftoppm", "-gray", "-r", "36", str(paper.path), str(folder / "page")]
    subprocess.run(command, timeout=PATIENCE_SECONDS, check=True)
    for file in sorted(folder.glob("page*.pgm")):
        _, size, _, dots = file.read_bytes().split(b"\n", 3)
        width = int(size.split()[0])
        left, right = int(paper.margins.left / 2) - 1, int(paper.margins.right / 2) + 2
        rows = (dots[at : at + width] for at in range(0, len(dots), width))
        yield any(min(row[:left] + row[right:]) < 250 for row in rows)


@pytest.mark.parametrize(
    "printed",
    PRINTED,
    indirect=True,
)
def test_no_heading_stands_alone_at_the_foot_of_a_page(printed: Printed) -> None:
    headings = [span for span in printed.paper.spans if re.fullmatch(r"H\d?", span.kind)]
    assert len(headings) > 8
    assert list(alone(printed.paper)) == []


@pytest.mark.parametrize("printed", WITH_ENTRIES, indirect=True)
def test_an_entry_that_goes_on_leaves_no_single_line(printed: Printed) -> None:
    assert len(printed.outline["entries"]) > 20
    cut = list(split(printed))
    assert len(cut) >= 2
    assert [entry for entry in cut if min(entry[1:]) < 2] == []


@pytest.mark.parametrize("engine", ["browser", "typst"])
def test_a_text_of_several_pages_goes_on_and_loses_no_word(press: Press, engine: str) -> None:
    paper = press(engine, "extreme").paper
    words = [word.text for page in paper.pages for word in page]
    found = [word for word in words if re.fullmatch(r"mot\d{5}", word)]
    assert found == [f"mot{rank:05}" for rank in range(LONG_WORDS)]


@pytest.mark.parametrize("name", ["whole", "empty", "request"])
def test_a_browser_prints_every_letter_that_it_shows(press: Press, name: str) -> None:
    printed = press("browser", name)
    shown, inked = letters(printed.outline["text"]), letters(
        "".join(printed.paper.text(page) for page in range(len(printed.paper.pages)))
    )  # fmt: skip
    assert shown.total() > 2_000
    assert shown - inked == Counter()


def letters(text: str) -> Counter[str]:
    return Counter(one for one in unicodedata.normalize("NFKC", text).casefold() if one.isalnum())


def test_a_badly_cut_paper_would_be_seen(tabs: Tabs, forms: Forms, tmp_path: Path) -> None:
    tab = look(tabs, forms.html("whole"), "paper")
    outline = tab.page.evaluate(OUTLINE)
    tab.page.evaluate(LINK_ALL)
    tab.page.evaluate(f"""(() => {{
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(`{BROKEN_SHEET}`);
      document.adoptedStyleSheets = [sheet];
    }})()""")
    print_page(tab, tmp_path / "cut.pdf")
    cut = Printed("browser", "whole", paper_of(tmp_path / "cut.pdf", paged=False), outline)
    assert len(list(alone(cut.paper))) > 10
    assert len(list(split(cut))) > 20
    assert len(list(beyond(cut.paper))) > 10
    narrower = replace(cut.paper, margins=replace(cut.paper.margins, left=100))
    assert any(ink_beside(narrower, tmp_path))
    assert cut.paper.sizes[0] != pytest.approx(A4, abs=1)

"""A PDF as paper: its words and where they stand, and what its structure says stands on which page.

Whoever laid it out, Chromium or Typst, tags headings as H1, H2… and entries as Art.
"""

import html
import re
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pikepdf

from print_site.settings import STATIC, TYPST
from tests.patience import PATIENCE_SECONDS

POINTS = 72 / 25.4
A4 = (210 * POINTS, 297 * POINTS)
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.DOTALL)
_WORD = re.compile(r'<word xMin="(\S+)" yMin="(\S+)" xMax="(\S+)" yMax="(\S+)">(.*?)</word>')
_TYPST = re.compile(r"margin: \(top: ([\d.]+)mm, bottom: ([\d.]+)mm, x: ([\d.]+)mm\)")
_RULE = re.compile(r"@page\s*\{[^}]*?margin:\s*([^;]+);")


@dataclass(frozen=True)
class Word:
    """A word and its box, in points from the top left corner."""

    text: str
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True)
class Margins:
    """Where the body of a page begins and ends, in points."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def height(self) -> float:
        return self.bottom - self.top


@dataclass(frozen=True)
class Span:
    """A tagged element: the first and the last of the pieces of content that are in it."""

    kind: str
    first: int
    last: int


@dataclass
class Paper:
    """The words of each page; and `pieces`, on which page each piece of content is, as it is heard."""

    path: Path
    margins: Margins
    sizes: list[tuple[float, float]] = field(default_factory=list)
    pages: list[list[Word]] = field(default_factory=list)
    pieces: list[int] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)

    @cached_property
    def pdf(self) -> Any:
        return pikepdf.open(self.path)

    @cached_property
    def numbers(self) -> dict[Any, int]:
        """The number of each page, from 0, by its object."""
        return {page.objgen: number for number, page in enumerate(self.pdf.pages)}

    @cached_property
    def places(self) -> dict[str, tuple[int, float]]:
        """The page of each anchor, and how far from its top it stands."""
        root = self.pdf.Root
        named = pikepdf.NameTree(root.Names.Dests) if "/Names" in root else root.Dests
        found = {}
        for name, place in dict(named.items()).items():
            page = self.numbers[place[0].objgen]
            found[str(name).removeprefix("/")] = (page, self.sizes[page][1] - float(place[3]))
        return found

    def body(self, page: int) -> list[Word]:
        """The words between the margins of top and bottom."""
        low, high = self.margins.top, self.margins.bottom
        return [word for word in self.pages[page] if low < (word.top + word.bottom) / 2 < high]

    def running(self, page: int) -> str:
        """The words of the header and of the footer."""
        body = self.body(page)
        return " ".join(word.text for word in self.pages[page] if word not in body)

    def text(self, page: int) -> str:
        """The words of a page, without spaces."""
        return "".join(word.text for word in self.pages[page])

    def lines(self, page: int) -> list[str]:
        """The lines between the margins, from the top, without spaces."""
        lines: dict[int, str] = {}
        for word in sorted(self.body(page), key=lambda word: (round(word.bottom), word.left)):
            lines[round(word.bottom)] = lines.get(round(word.bottom), "") + word.text
        return list(lines.values())


def paper_of(path: Path, *, paged: bool) -> Paper:
    """Read a PDF; `paged` for one that Typst laid out."""
    paper = words_of(path, paged=paged)
    for element in _kids(paper.pdf.Root.StructTreeRoot):
        _hear(paper, element, 0)
    return paper


def words_of(path: Path, *, paged: bool) -> Paper:
    """Read the words of a PDF alone, as of one that is not tagged."""
    paper = Paper(path, margins_of(paged=paged))
    for width, height, words in _PAGE.findall(_told(path, "-bbox")):
        paper.sizes.append((float(width), float(height)))
        paper.pages.append([
            Word(html.unescape(text), *map(float, box)) for *box, text in _WORD.findall(words)
        ])  # fmt: skip
    return paper


def text_of(path: Path) -> str:
    """The text of a PDF, whoever made it."""
    return _told(path)


def _told(path: Path, *options: str) -> str:
    command = ["pdftotext", "-enc", "UTF-8", *options, str(path), "-"]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True
    ).stdout


def margins_of(*, paged: bool) -> Margins:
    """What the sheets say of every page, where the last rule wins, or the template of Typst."""
    if paged:
        rule = _TYPST.search((TYPST / "lib.typ").read_text("utf-8"))
        assert rule
        top, bottom, across = (float(side) * POINTS for side in rule.groups())
        return Margins(across, top, A4[0] - across, A4[1] - bottom)
    sheets = sorted(STATIC.glob("*.css"))
    rules = [rule for sheet in sheets for rule in _RULE.findall(sheet.read_text("utf-8"))]
    sides = [float(side.removesuffix("mm")) * POINTS for side in rules[-1].split()]
    top = sides[0]
    right = sides[1] if len(sides) > 1 else top
    bottom = sides[2] if len(sides) > 2 else top
    left = sides[3] if len(sides) > 3 else right
    return Margins(left, top, A4[0] - right, A4[1] - bottom)


def _kids(element: Any) -> Iterator[Any]:
    kids = element.get("/K", [])
    yield from kids if isinstance(kids, pikepdf.Array) else [kids]


def _hear(paper: Paper, element: Any, page: int) -> None:
    if "/Pg" in element:
        page = paper.numbers[element.Pg.objgen]
    first = len(paper.pieces)
    for kid in _kids(element):
        if not isinstance(kid, pikepdf.Object):
            paper.pieces.append(page)
        elif kid.get("/Type") == "/MCR":
            paper.pieces.append(paper.numbers[kid.Pg.objgen] if "/Pg" in kid else page)
        elif "/S" in kid:
            _hear(paper, kid, page)
    if len(paper.pieces) > first:
        paper.spans.append(Span(str(element.S)[1:], first, len(paper.pieces) - 1))

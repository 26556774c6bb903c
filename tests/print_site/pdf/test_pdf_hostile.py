"""Hostile text in a PDF: nothing is fetched, nothing runs, nothing moves, and it ends in time."""

import re
import subprocess
import unicodedata
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from fontTools.ttLib import TTFont

from print_site import build
from print_site.dossier.parsing import parse_dossier
from print_site.dossier.text import clean
from print_site.pdf.fonts import font_folders
from print_site.pdf.printable import printable_with
from tests.print_site.conftest import shortened
from tests.print_site.hostile import LONG_ENOUGH, hostile
from tests.print_site.hostile_texts import TEXTS
from tests.print_site.outlines import LONGEST_NAME, MARK, MarkedPage, bare, marked
from tests.print_site.pdf_checks import UNSEEN, is_drawing
from tests.print_site.pdf_tree import Tree

pytestmark = pytest.mark.real

A4 = (595, 842)
BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2066-\u2069]")
LONGEST = 3_000  # characters: more than a page of them
# Their glyphs are not one a letter from left to right: a reader of PDFs puts them in order.
SHAPED = {"right to left", "both directions", "marks"}


@pytest.mark.parametrize("name", TEXTS)
def test_each_hostile_text_in_every_field_makes_a_sound_pdf_that_says_it_all(
    tmp_path: Path, short: dict[str, Any], name: str
) -> None:
    text = TEXTS[name]
    short["annexes"] = ["PANORAMA", "CHARTER"]
    for legal in (short["charter"], short["decree"]):
        legal["sections"] = legal["sections"][:1]
    # A text of pages stands once, and shortened wherever it names something.
    data = marked([text[:LONG_ENOUGH]], short)
    for days in data["panorama"]["trainingDays"]:
        # The heads of columns stand on every page: one as tall as a page leaves no room, and goes.
        days["fiveYears"] = days["fiveYears"].partition("\n")[0]
    line = data["parts"][0]["rubrics"][0]["entries"][0]["lines"][0]
    line["text"] = f"{line['text'].partition(chr(10))[0]}\n{text[:LONGEST]}"
    build.build_pdf(parse_dossier(data), tmp_path / "d.pdf")
    build.build_html(parse_dossier(data), tmp_path / "d.html")
    tree = Tree(tmp_path / "d.pdf")
    check_sound(tree)
    said = marked_pieces(UNSEEN.sub("", tree.heard(leaving_out=is_drawing)))
    # What is folded on a screen is told elsewhere on paper.
    html = (tmp_path / "d.html").read_text(encoding="utf-8")
    page = MarkedPage(
        re.sub('<details class="reading-aid">.*?</details>', "", html, flags=re.DOTALL)
    )
    if name in SHAPED:
        read = BIDI.sub("", told_by_poppler(tmp_path / "d.pdf"))
        words = drawn_words(clean(text[:LONG_ENOUGH]))
        if (
            name == "both directions"
        ):  # a reader orders its ligatures and vowels in a way of its own
            assert set("".join(words)) <= set(read)
        else:
            assert all(word in read for word in words)
    else:
        assert {number for number, _ in said} == {number for number, _ in page.said}
        cut = drawn(clean(text[:LONG_ENOUGH])[:LONGEST_NAME])
        heads = {int(days["fiveYears"].strip("§")) for days in data["panorama"]["trainingDays"]}
        lost = [number for number, piece in said if not piece.startswith(cut)]
        assert set(lost) <= heads | set(labels_of(data))
        assert any(piece.startswith(drawn(clean(text[:LONGEST]))) for _, piece in said)


def told_by_poppler(pdf: Path) -> str:
    command = ["pdftotext", "-enc", "UTF-8", str(pdf), "-"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    return unicodedata.normalize("NFC", done.stdout)


def drawn_words(text: str) -> list[str]:
    words = (word.strip(",()") for word in printable_with(font_folders()).text(text).split())
    return [word for word in words if len(word) > 2]


def labels_of(data: Any) -> Iterator[int]:
    """Return the labels of lines, for which a column has room for few words."""
    if isinstance(data, dict):
        if data.keys() == {"key", "label", "text"}:
            yield from (int(number) for number in re.findall(r"§(\d+)§", data["label"]))
        for inner in data.values():
            yield from labels_of(inner)
    elif isinstance(data, list):
        for inner in data:
            yield from labels_of(inner)


def drawn(text: str) -> str:
    """Return the text that paper shows, without what typesetting changes and adds."""
    return UNSEEN.sub("", bare(printable_with(font_folders()).text(text)))


def marked_pieces(text: str) -> list[tuple[int, str]]:
    _, *pieces = MARK.split(text)
    return [
        (int(number), drawn(said)) for number, said in zip(pieces[::2], pieces[1::2], strict=True)
    ]


def test_hostile_texts_side_by_side_make_a_sound_pdf(
    tmp_path: Path,
) -> None:
    data = shortened(hostile())
    data["annexes"] = ["PANORAMA"]
    build.build_pdf(parse_dossier(data), tmp_path / "d.pdf")
    check_sound(Tree(tmp_path / "d.pdf"))


def check_sound(tree: Tree) -> None:
    """Check that pages have one size, that nothing is active and that every character is drawn."""
    for page in tree.pdf.pages:
        assert tuple(round(float(side)) for side in page.MediaBox[2:]) == A4
    assert len(tree.pdf.pages) < 200
    assert {str(name) for name in tree.pdf.attachments} == {"livret.json"}
    for found in tree.pdf.objects:
        if isinstance(found, pikepdf.Dictionary):
            assert not {"/JS", "/JavaScript", "/URI", "/Launch"} & found.keys()
    assert tree.untagged == []
    glyphs: dict[tuple[int, int], int] = {}
    assert not any(uses_missing_glyph(page, glyphs) for page in tree.pdf.pages)


def uses_missing_glyph(page: Any, read_character_map: dict[tuple[int, int], int]) -> bool:
    """Whether a text needs a glyph that its font lacks, or the glyph of missing characters."""
    fonts: Any = page.resources["/Font"]
    held = 0
    for instruction in pikepdf.parse_content_stream(page, "Tf TJ"):
        if str(instruction.operator) == "Tf":
            file = fonts[str(instruction.operands[0])].DescendantFonts[0].FontDescriptor.FontFile2
            if file.objgen not in read_character_map:
                read_character_map[file.objgen] = TTFont(BytesIO(file.read_bytes()))[
                    "maxp"
                ].numGlyphs
            held = read_character_map[file.objgen]
            continue
        for item in instruction.operands[0]:
            if isinstance(item, pikepdf.String):
                codes = bytes(item)
                glyphs = {int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)}
                if not glyphs <= set(range(1, held)):
                    return True
    return False

"""Hostile text in a PDF: nothing is fetched, nothing runs, nothing moves, and it ends in time."""

from tests.print_site.pdf_extra import pikepdf  # first: without it the rest is skipped

# isort: split
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from fontTools.ttLib import TTFont

from print_site import build, model
from print_site.pdf import pdf_of
from tests.print_site.conftest import shortened
from tests.print_site.hostile import LONG_ENOUGH, LONGEST, all_of
from tests.print_site.hostile_texts import TEXTS
from tests.print_site.pdf_tree import Tree

pytestmark = pytest.mark.real

A4 = (595, 842)
FETCHES = (
    '<img src="{url}/img">',
    '<link rel="stylesheet" href="{url}/link">',
    '<link rel="attachment" href="{url}/attachment">',
    "<style>@import '{url}/import'; body {{ background: url({url}/background) }}</style>",
    "<style>@font-face {{ font-family: x; src: url({url}/font) }} p {{ font-family: x }}</style>",
    '<svg><image href="{url}/svg"/><use href="{url}/use#x"/></svg>',
    '<object data="{url}/object"></object><embed src="{url}/embed">',
    '<img src="file:///etc/passwd"><a rel="attachment" href="file:///etc/passwd">x</a>',
)


@pytest.mark.parametrize("markup", FETCHES)
def test_nothing_is_fetched_whatever_a_page_says(short: dict[str, Any], markup: str) -> None:
    asked: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_arguments: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_address[1]}"
        body = markup.format(url=url)
        page = f'<html lang="fr"><head><meta name="generator" content="x"><title>t</title></head><body><p>{body}</p></body></html>'
        written = pdf_of(model.read(short), page)
        server.shutdown()
        thread.join()
    assert asked == []
    assert b"root:" not in written
    with pikepdf.open(BytesIO(written)) as pdf:
        assert list(pdf.attachments) == ["livret.json"]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_each_hostile_text_in_every_field_makes_a_sound_pdf(
    tmp_path: Path, short: dict[str, Any], text: str
) -> None:
    short["annexes"] = ["PANORAMA", "CHARTER"]
    for legal in (short["charter"], short["decree"]):
        legal["sections"] = legal["sections"][:1]
    # A text of pages stands once, and shortened wherever it names something.
    data = all_of(text[:LONG_ENOUGH], short)
    data["parts"][0]["rubrics"][0]["entries"][0]["lines"][0]["text"] = text[:LONGEST]
    build.build_pdf(model.read(data), tmp_path / "d.pdf")
    tree = Tree(tmp_path / "d.pdf")
    check_sound(tree)
    if "<" in text or "{" in text:
        assert "".join(text.split()) in "".join(tree.heard().split())


def test_hostile_texts_side_by_side_make_a_sound_pdf(
    tmp_path: Path, hostile: dict[str, Any]
) -> None:
    hostile["annexes"] = ["PANORAMA"]
    build.build_pdf(model.read(shortened(hostile)), tmp_path / "d.pdf")
    check_sound(Tree(tmp_path / "d.pdf"))


def check_sound(tree: Tree) -> None:
    """Whole pages of the same size, nothing that acts, every character drawn."""
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


def uses_missing_glyph(page: Any, glyphs_of: dict[tuple[int, int], int]) -> bool:
    """Whether a text calls for a glyph that its font does not hold, or for the one that is none."""
    fonts: Any = page.resources["/Font"]
    held = 0
    for instruction in pikepdf.parse_content_stream(page, "Tf TJ"):
        if str(instruction.operator) == "Tf":
            file = fonts[str(instruction.operands[0])].DescendantFonts[0].FontDescriptor.FontFile2
            if file.objgen not in glyphs_of:
                glyphs_of[file.objgen] = TTFont(BytesIO(file.read_bytes()))["maxp"].numGlyphs
            held = glyphs_of[file.objgen]
            continue
        for item in instruction.operands[0]:
            if isinstance(item, pikepdf.String):
                codes = bytes(item)
                glyphs = {int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2)}
                if not glyphs <= set(range(1, held)):
                    return True
    return False

"""A PDF as assistive technology reads it: elements, their text, and what it skips."""

import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pikepdf

_BFCHAR = re.compile(rb"<([0-9A-Fa-f]+)>\s*<([0-9A-Fa-f]*)>")

LeavesOut = Callable[["Tree", Any], bool]


class Tree:
    """The structure tree of an open PDF, and the text of each piece of marked content."""

    def __init__(self, path: Path | BytesIO) -> None:
        self.pdf = pikepdf.open(path)
        self.root: Any = self.pdf.Root.StructTreeRoot
        self.pages = {page.objgen: number for number, page in enumerate(self.pdf.pages)}
        self.pieces: dict[tuple[int, int], str] = {}
        self.untagged: list[str] = []
        self.painted: list[str] = []  # every text, also of running headers
        for number, page in enumerate(self.pdf.pages):
            self._read(number, page)

    def elements(self, kind: str = "") -> Iterator[Any]:
        """Yield the elements of a kind (TH, Figure…) in reading order."""
        for element, _ in self._walk(self.root.K[0]):
            if kind in ("", str(element.S)[1:]):
                yield element

    def heard(self, *, leaving_out: LeavesOut | None = None) -> str:
        """Return the text in reading order, without some of the elements."""
        return "".join(self._heard(self.root.K[0], leaving_out))

    def text(self, element: Any) -> str:
        return "".join(self._heard(element, None))

    def orphans(self) -> set[tuple[int, int]]:
        """Return the pieces of marked content that belong to no element."""
        held = {piece for _, pieces in self._walk(self.root.K[0]) for piece in pieces}
        return self.pieces.keys() - held

    def owners(self) -> Iterator[tuple[int, int, Any]]:
        """Yield page, number and element of each piece, from the parent tree."""
        numbers = self.root.ParentTree.Nums
        for at in range(0, len(numbers), 2):
            if isinstance(numbers[at + 1], pikepdf.Array):
                for mcid, owner in enumerate(numbers[at + 1]):
                    yield int(numbers[at]), mcid, owner

    def _walk(self, element: Any) -> Iterator[tuple[Any, list[tuple[int, int]]]]:
        kids = list(self._kids(element))
        yield element, [kid for kid in kids if isinstance(kid, tuple)]
        for kid in kids:
            if not isinstance(kid, tuple):
                yield from self._walk(kid)

    def _heard(self, element: Any, leaving_out: LeavesOut | None) -> Iterator[str]:
        if leaving_out and leaving_out(self, element):
            return
        for kid in self._kids(element):
            if isinstance(kid, tuple):
                yield self.pieces.get(kid, "")
            else:
                yield from self._heard(kid, leaving_out)

    def _kids(self, element: Any) -> Iterator[Any]:
        """Yield the child elements, and each piece of content as its page and number."""
        page = self.pages.get(element.Pg.objgen) if "/Pg" in element else None
        for kid in element.K:
            if not isinstance(kid, pikepdf.Object):
                yield page, int(kid)
            elif kid.get("/Type") == "/MCR":  # on another page than the rest
                yield self.pages[kid.Pg.objgen] if "/Pg" in kid else page, int(kid.MCID)
            elif kid.get("/Type") == "/StructElem":
                yield kid

    def _read(self, number: int, page: Any) -> None:
        fonts: Any = page.resources["/Font"]
        glyphs: dict[int, str] = {}
        marks: list[int | str] = []
        said: dict[int, list[str]] = defaultdict(list)
        for instruction in pikepdf.parse_content_stream(page, "Tf Tj TJ BDC BMC EMC"):
            name, operands = str(instruction.operator), instruction.operands
            if name == "Tf":
                glyphs = read_character_map(fonts[str(operands[0])].ToUnicode.read_bytes())
            elif name == "EMC":
                marks.pop()
            elif name in ("BMC", "BDC"):
                marked = name == "BDC" and "/MCID" in operands[1]
                marks.append(int(operands[1].MCID) if marked else str(operands[0]))
                if marked:
                    said[int(operands[1].MCID)] += []
            else:
                strings = operands[0] if name == "TJ" else operands
                text = "".join(
                    decode_string(item, glyphs)
                    for item in strings
                    if isinstance(item, pikepdf.String)
                )
                self.painted.append(text)
                holder = next((mark for mark in reversed(marks) if isinstance(mark, int)), None)
                if holder is not None:
                    said[holder].append(text)
                elif "/Artifact" not in marks:
                    self.untagged.append(text)
        self.pieces.update({(number, mcid): "".join(texts) for mcid, texts in said.items()})


def decode_string(item: Any, glyphs: dict[int, str]) -> str:
    """The text of one string of a content stream, by the character map of its font."""
    codes = bytes(item)
    pairs = (int.from_bytes(codes[at : at + 2]) for at in range(0, len(codes), 2))
    return "".join(glyphs.get(code, "\ufffd") for code in pairs)


@cache
def read_character_map(mapping: bytes) -> dict[int, str]:
    """A ToUnicode map that is written one two-byte code at a time."""
    return {
        int(code, 16): bytes.fromhex(text.decode("ascii")).decode("utf-16-be", "replace")
        for code, text in _BFCHAR.findall(mapping)
    }

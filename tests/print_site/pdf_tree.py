"""A PDF as assistive technology reads it: elements, their text, and what it skips."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pikepdf

from print_site.pdf.reader import decode_string, read_character_map


class Tree:
    """The structure tree of an open PDF, and the text of each piece of marked content."""

    def __init__(self, path: Path) -> None:
        self.pdf = pikepdf.open(path)
        self.root: Any = self.pdf.Root.StructTreeRoot
        self.pages = {page.objgen: number for number, page in enumerate(self.pdf.pages)}
        self.pieces: dict[tuple[int, int], str] = {}
        self.untagged: list[str] = []
        for number, page in enumerate(self.pdf.pages):
            self._read(number, page)

    def elements(self, kind: str = "") -> Iterator[Any]:
        """Yield the elements of a kind (TH, Figure…) in reading order."""
        for element, _ in self._walk(self.root.K[0]):
            if kind in ("", str(element.S)[1:]):
                yield element

    def heard(self, *, without: tuple[str, ...] = ()) -> str:
        """Return the text in reading order, without some kinds of elements."""
        return "".join(self._heard(self.root.K[0], without))

    def text(self, element: Any) -> str:
        return "".join(self._heard(element, ()))

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
        page = self.pages.get(element.Pg.objgen) if "/Pg" in element else None
        kids = list(element.K)
        yield element, [(page, int(kid)) for kid in kids if not isinstance(kid, pikepdf.Object)]
        for kid in kids:
            if isinstance(kid, pikepdf.Dictionary) and kid.Type == "/StructElem":
                yield from self._walk(kid)

    def _heard(self, element: Any, without: tuple[str, ...]) -> Iterator[str]:
        if str(element.S)[1:] in without:
            return
        page = self.pages.get(element.Pg.objgen) if "/Pg" in element else None
        for kid in element.K:
            if not isinstance(kid, pikepdf.Object):
                yield self.pieces.get((page, int(kid)), "")
            elif kid.get("/Type") == "/StructElem":
                yield from self._heard(kid, without)

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
                holder = next((mark for mark in reversed(marks) if isinstance(mark, int)), None)
                if holder is not None:
                    said[holder].append(text)
                elif "/Artifact" not in marks:
                    self.untagged.append(text)
        self.pieces.update({(number, mcid): "".join(texts) for mcid, texts in said.items()})

"""Checks of every PDF: it has the text of its HTML page, and a PDF/UA checker finds no error."""

import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from tests.print_site.pdf_tree import Tree

GENERATED = re.compile(r"[–·():●○\d]*")
# A word that goes on in the next line has a hyphen, and a very long one an invisible space.
UNSEEN = re.compile("[\\s\u00ad\u200b\u2010-]")


class Said(HTMLParser):
    """The texts of an HTML page that paper shows, in order, and those of its table heads."""

    SILENT = frozenset({"head", "template", "svg"})
    UNPRINTED = frozenset({"skip", "back", "reading-aid", "for-screens"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.heads: list[str] = []
        self.open: list[tuple[str, bool]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("meta", "link", "br", "wbr"):
            classes = (dict(attrs).get("class") or "").split()
            silent = tag in self.SILENT or not self.UNPRINTED.isdisjoint(classes)
            self.open.append((tag, silent))
            if tag == "thead":
                self.heads.append("")

    def handle_endtag(self, tag: str) -> None:
        self.open.pop()

    def handle_data(self, data: str) -> None:
        text = UNSEEN.sub("", data)
        if not text or any(silent for _, silent in self.open):
            return
        self.texts.append(text)
        if any(tag == "thead" for tag, _ in self.open):
            self.heads[-1] += text


def check_same_text(page: str, tree: Tree) -> None:
    """Check that the PDF has every text of the page in its place, and no more but numbers and dashes."""
    said, heard, at = Said(page), UNSEEN.sub("", tree.heard(leaving_out=is_drawing)), 0
    for text in said.texts:
        found = heard.find(text, at)
        assert found >= 0, f"not in the PDF, or not in its place: {text[:60]}"
        extra = heard[at:found]
        for head in said.heads:
            extra = extra.replace(head, "", 1)
        assert GENERATED.fullmatch(extra), f"only in the PDF: {extra[:60]}"
        at = found + len(text)
    assert GENERATED.fullmatch(heard[at:])


def is_drawing(tree: Tree, element: Any) -> bool:
    """Whether an element stands where the page has a drawing: a figure, or the matrix, which is a table."""
    kind = str(element.S)[1:]
    return kind == "Figure" or (kind == "Table" and tree.text(element).startswith("Compétence"))


def check_outloud(pdf: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "outloud.cli", str(pdf)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "0 error(s)" in done.stdout, done.stdout
    assert done.returncode == 0

"""Checks of every PDF: it has the text of its HTML page, and a PDF/UA checker finds no error."""

import json
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
    """Check that outloud finds no error, but that the head of a table is heard once.

    Typst repeats it on each page as an artifact, as ISO 14289-1 7.8 has it. outloud knows that of what
    stands on three pages; a long head that goes on to one page only it takes for lost prose (TAG-002).
    """
    told = pdf.with_suffix(".json")
    done = subprocess.run(
        [sys.executable, "-m", "outloud.cli", str(pdf), "--json", str(told)],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    (result,) = json.loads(told.read_text(encoding="utf-8"))["results"]
    assert not result["error"]
    heads = heads_of(Tree(pdf))
    errors = [one for one in result["findings"] if one["severity"] == "error"]
    lost = [
        (one["rule"], one["message"], one.get("evidence"))
        for one in errors
        if not is_repeated_head(one, heads)
    ]
    assert lost == [], lost


def heads_of(tree: Tree) -> list[list[str]]:
    """The words of the head of each table, cell by cell."""
    return [
        [word for cell in cells_of(head) for word in words_of(tree.text(cell))]
        for head in tree.elements("THead")
    ]


def cells_of(head: Any) -> list[Any]:
    return [cell for row in head.K for cell in row.K]


def words_of(text: str) -> list[str]:
    return [UNSEEN.sub("", word) for word in text.split()]


def is_repeated_head(finding: dict[str, Any], heads: list[list[str]]) -> bool:
    """Whether outloud's finding is the first line of a table's head: its words, in order."""
    if finding["rule"] != "TAG-002" or finding["count"] != 1:
        return False
    said = words_of(finding["evidence"])
    return any(said[:2] == head[:2] and is_within(said, head) for head in heads)


def is_within(said: list[str], head: list[str]) -> bool:
    """Whether words stand in a head, in order; the rest of a long cell is in its second line.

    The last word of a line may be cut by a hyphen.
    """
    following = iter(head)
    return all(any(_is_said(word, one) for one in following) for word in said)


def _is_said(word: str, whole: str) -> bool:
    return word == whole or (word.endswith("-") and whole.startswith(word[:-1]))

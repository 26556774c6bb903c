"""Parsers of a page of HTML: its elements, its words, and marked texts."""

import re
from collections.abc import Callable
from html.parser import HTMLParser
from itertools import count
from typing import Any

from tests.print_site.conftest import shortened
from tests.print_site.hostile import BOOKLET, Data, worded

LONGEST_NAME = 380  # names are cut at 400 characters, of which the mark takes some
MARK = re.compile("§([0-9]+)§")
SHORT = shortened(BOOKLET, 2)
Page = Callable[[dict[str, Any]], str]
VOID = {"meta", "link", "br", "wbr", "img", "input", "hr"}


class Outline(HTMLParser):
    """The elements, attributes and texts of a page. Fails on tags that do not nest."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text.append(data)

    def values(self, attribute: str) -> list[str]:
        return [str(found[attribute]) for _, found in self.elements if attribute in found]


def words(page: str) -> str:
    """Return the text of the page with ordinary spaces."""
    return re.sub(r"\s+", " ", "".join(Outline(page).text))


def piece(page: str, pattern: str) -> str:
    found = re.search(pattern, page, re.DOTALL)
    assert found
    return found[0]


def article(page: str, anchor: str) -> str:
    return words(piece(page, rf'<article class="entry" id="{anchor}".*?</article>'))


class MarkedPage(Outline):
    """An outline that keeps apart the text outside drawings, and collects what is no element."""

    def __init__(self, page: str) -> None:
        self.strange: list[str] = []
        super().__init__(page)

    def handle_data(self, data: str) -> None:
        if not {"svg", "style", "template"} & set(self.open):
            super().handle_data(data)

    def handle_comment(self, data: str) -> None:
        self.strange.append(data)

    def handle_pi(self, data: str) -> None:
        self.strange.append(data)

    def unknown_decl(self, data: str) -> None:
        self.strange.append(data)

    @property
    def vocabulary(self) -> set[tuple[str, str]]:
        """Every element with each of its attributes."""
        return {(tag, name) for tag, found in self.elements for name in ["", *found]}

    @property
    def said(self) -> list[tuple[int, str]]:
        """The number of each marked text in page order, with the bare text that follows it."""
        _, *pieces = MARK.split("".join(self.text))
        return [
            (int(number), bare(text))
            for number, text in zip(pieces[::2], pieces[1::2], strict=True)
        ]


def bare(text: str) -> str:
    """Return the text without what typesetting changes: spaces, and the dashes of lists."""
    return re.sub(r"[\s\-–—•*]", "", text)


def marked(texts: list[str], data: Data = SHORT) -> Data:
    """Return the dossier with these texts in turn wherever there are words, each after a number."""
    numbers = count()

    def word(_: str) -> str:
        number = next(numbers)
        return f"§{number}§\n{texts[number % len(texts)]}"

    return worded(data, word)

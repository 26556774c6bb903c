"""Texts of the view of paper: typeset, isolated from their neighbours' direction, never markup."""

import re
from collections.abc import Iterable
from typing import Any

from print_site.dossier.model import PrintedLine, facts_and_texts
from print_site.dossier.references import Reference
from print_site.dossier.text import blocks, is_right_to_left, typeset_line, with_breaks

_MOST_IN_A_HEADER = 70
# Hebrew and Arabic: such a text is isolated from the direction of its neighbours, as by <bdi>.
_RIGHT_TO_LEFT = re.compile("[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]")
_SEEN = re.compile("[^\\s\u034f\u200b-\u200d\u2060\ufe00-\ufe0f]")


def one_line(text: str) -> str:
    """Return one line, typeset; empty when nothing of it is seen."""
    if not _SEEN.search(text):
        return ""
    said = with_breaks(typeset_line(text))
    return f"\u2068{said}\u2069" if _RIGHT_TO_LEFT.search(said) else said


def running_line(text: str) -> str:
    """Return a text for the head of pages, cut where it would meet its neighbour."""
    said = typeset_line(text)
    return said if len(said) <= _MOST_IN_A_HEADER else f"{said[: _MOST_IN_A_HEADER - 1]}…"


def line_rows(lines: Iterable[PrintedLine]) -> dict[str, Any]:
    """Return facts, which run in one paragraph, and texts."""
    facts, texts = facts_and_texts(lines)
    return {
        "facts": [[one_line(fact.label), one_line(fact.text)] for fact in facts],
        "texts": [[one_line(text.label), block_rows(text.text)] for text in texts],
    }


def block_rows(text: str) -> list[dict[str, Any]]:
    """Return the paragraphs and lists of a text, each line with its direction."""
    return [
        {
            "list": block.is_list,
            "first": block.first,
            "lines": [
                {"text": with_breaks(line), "rtl": is_right_to_left(line)} for line in block.lines
            ],
        }
        for block in blocks(text)
    ]


def reference_row(to: Reference) -> dict[str, Any]:
    """Return an entry as other places name and link it."""
    return {
        "code": to.code,
        "part": to.part.removeprefix("volet-"),
        "anchor": to.anchor,
        "headline": one_line(to.headline),
    }


def reference_rows(items: Iterable[Reference]) -> list[dict[str, Any]]:
    """Return entries as other places name and link them."""
    return [reference_row(to) for to in items]

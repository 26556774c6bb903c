"""Which characters the PDF of a dossier can draw: printable.txt, which a test holds to its fonts.

A range a line, in hexadecimal. A service that has more fonts tells their ranges too. What cannot be
drawn is replaced there by its compatibility form, or by U+FFFD; the page of HTML and the data keep it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from schema.description.fields import fields_of
from schema.description.refusals import Problem, problem

MAX_NAMED = 10  # characters that a warning names

# Joiners, selectors, hyphens and spaces that are read and not drawn.
_UNSEEN = "\n\r\t\u00ad\u034f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"
_PLACES = {"identityFields": " de votre identité", "situation": " de votre situation actuelle"}


class Printable:
    """The characters that the fonts of a service draw."""

    def __init__(self, ranges: Iterable[str]) -> None:
        """`ranges` are written as in printable.txt: `0020-007E`."""
        inside = ("-".join(f"\\U{int(end, 16):08x}" for end in one.split("-")) for one in ranges)
        self._lost = re.compile(f"[^{''.join(inside)}{_UNSEEN}]")

    def lost_in(self, text: str) -> set[str]:
        """The characters of a text that the PDF replaces by U+FFFD."""
        if text.isascii():
            return set()
        return {found for found in self._lost.findall(text) if self._is_lost(found)}

    def _is_lost(self, character: str) -> bool:
        return bool(self._lost.search(unicodedata.normalize("NFKC", character)))


@cache
def bundled_printable() -> Printable:
    """What the fonts that come with Livret draw."""
    return Printable(
        files(__package__).joinpath("printable.txt").read_text(encoding="ascii").split()
    )


def unprintable_warnings(
    typed: Iterable[tuple[str, Iterable[str]]], printable: Printable
) -> Iterator[Problem]:
    """A warning for each path whose texts hold a character that the PDF cannot draw."""
    for path, texts in typed:
        found = sorted(printable.lost_in(" ".join(texts)))
        if found:
            named = " ".join(found[:MAX_NAMED])
            yield problem(
                path,
                "UNPRINTABLE",
                f"Le PDF ne peut pas imprimer « {named} »{_PLACES.get(path, '')} : il met « \ufffd » à la place. La page web et les données les gardent.",
            )


def texts_of(written: Any, content: type) -> Iterator[str]:
    """What the owner typed of an entry or a form, in its fields of one text or of several."""
    for each in fields_of(content):
        held = getattr(written, each.name)
        yield from (
            text for text in (held if isinstance(held, list) else [held]) if isinstance(text, str)
        )

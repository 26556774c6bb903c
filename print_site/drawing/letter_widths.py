"""Estimates the width of text in a drawing (Public Sans, size 10), since SVG cannot truncate it."""

import unicodedata
from functools import cache

ELLIPSIS = "…"
_NARROW = frozenset("iIjl.,'’ \u00a0\u202f|")
_SLIM = frozenset("frtJ1;:!()[]-‐‑")
_WIDE = frozenset("mwMWœŒæÆ@%‰…—")
_LATIN = 0x0250


def text_width(text: str) -> float:
    """Return an estimated width, slightly more than the real one."""
    return sum(map(_width, text))


def truncate(text: str, room: float) -> str:
    """Return the text, cut with an ellipsis if it does not fit."""
    if text_width(text) <= room:
        return text
    left = room - _width(ELLIPSIS)
    for place, letter in enumerate(text):
        left -= _width(letter)
        if left < 0:
            return text[:place].rstrip() + ELLIPSIS
    return text


@cache
def _width(letter: str) -> float:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0.0
    if letter in _NARROW:
        return 3.0
    if letter in _SLIM:
        return 4.2
    if letter in _WIDE:
        return 9.6
    if ord(letter) >= _LATIN:  # set in another font, whose widths are unknown
        return 10.5
    return 7.5 if letter.isupper() else 6.0

"""Which characters the PDF of a dossier can draw: printable.txt, which a test holds to its fonts.

A range a line, in hexadecimal. What cannot be drawn is replaced there by its compatibility form, or by
U+FFFD; the page of HTML and the data keep it.
"""

import re
import unicodedata
from functools import cache
from importlib.resources import files

# Joiners, selectors, hyphens and spaces that are read and not drawn.
_UNSEEN = "\n\r\t\u00ad\u034f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff\U000e0000-\U000e0fff"


def unprintable_in(text: str) -> set[str]:
    """The characters of a text that the PDF replaces by U+FFFD."""
    if text.isascii():
        return set()
    return {found for found in _unprintable().findall(text) if _is_lost(found)}


def _is_lost(character: str) -> bool:
    return bool(_unprintable().search(unicodedata.normalize("NFKC", character)))


@cache
def _unprintable() -> re.Pattern[str]:
    lines = files(__package__).joinpath("printable.txt").read_text(encoding="ascii").split()
    ranges = ("-".join(f"\\U{int(end, 16):08x}" for end in line.split("-")) for line in lines)
    return re.compile(f"[^{''.join(ranges)}{_UNSEEN}]")

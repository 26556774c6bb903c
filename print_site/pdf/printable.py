"""What the fonts of the PDF can draw, and what is printed for what they cannot.

A character without a glyph is forbidden by PDF/A, and stops Typst: it is replaced by its compatibility
form if that can be drawn, otherwise by U+FFFD. The attached data keep it.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Any

from print_site.pdf.font_characters import characters_of, ranges_of

UNKNOWN = "\ufffd"
# Invisible within a word, and needed by no font of ours: selectors, soft hyphens, joiners.
_HIDDEN = re.compile("[\u00ad\u034f\ufe00-\ufe0f\U000e0000-\U000e0fff]")
# Joiners shape Arabic and Persian words; elsewhere they would be characters without a glyph.
_JOINERS_ALONE = "[\u200c\u200d]"
_JOINERS = re.compile(
    "(?<![\u0620-\u06ff\u0750-\u077f])[\u200c\u200d]|[\u200c\u200d](?![\u0620-\u06ff\u0750-\u077f])"
)
# Zero-width spaces, joiners and isolates, which Typst reads and does not draw.
_WITHOUT_GLYPH = frozenset({0x0A, 0x200B, 0x200C, 0x200D, 0x2068, 0x2069})


class PrintableText:
    """The characters that the fonts of some folders draw."""

    def __init__(self, *folders: Path) -> None:
        drawn = frozenset().union(*(characters_of(folder) for folder in folders))
        self._drawn = drawn | _WITHOUT_GLYPH
        # Most texts hold nothing else, and are told so by one search.
        self._plain = re.compile(f"[{_class_of(drawn)}]*")

    def of(self, data: Any) -> Any:
        """Return JSON whose strings can all be drawn; keys stay as they are."""
        if isinstance(data, str):
            return self.text(data)
        if isinstance(data, list):
            return [self.of(item) for item in data]
        if isinstance(data, dict):
            return {key: self.of(value) for key, value in data.items()}
        return data

    def text(self, text: str) -> str:
        """Return the text with a replacement for each character that no font draws."""
        if self._plain.fullmatch(text):
            return text
        text = _JOINERS.sub("", _HIDDEN.sub("", text))
        strange = {character for character in set(text) if ord(character) not in self._drawn}
        if not strange:
            return text
        return text.translate({ord(character): self._instead(character) for character in strange})

    def _instead(self, character: str) -> str:
        plainer = unicodedata.normalize("NFKC", character)
        return plainer if all(ord(letter) in self._drawn for letter in plainer) else UNKNOWN


def _class_of(drawn: Iterable[int]) -> str:
    """Return the characters that are printed as they are, in the words of a regular expression."""
    hidden = f"{_HIDDEN.pattern}|{_JOINERS_ALONE}"
    shown = (code for code in drawn if not re.match(hidden, chr(code)))
    ends = (span.split("-") for span in ranges_of(shown))
    return "".join(f"\\U{first:0>8}-\\U{last:0>8}" for first, last in ends)


@cache
def printable_with(folders: tuple[Path, ...]) -> PrintableText:
    """Return what the fonts of these folders draw. Raises PrintError."""
    return PrintableText(*folders)

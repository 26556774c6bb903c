"""The fonts of the PDF: only ours, so that all machines write the same file.

A character that they lack would be a missing glyph, which PDF/A forbids: it is replaced by its
compatibility form if that can be printed, otherwise by U+FFFD. The attached data keep it.
"""

import atexit
import os
import re
import shutil
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from fontTools.ttLib import TTFont

from print_site.settings import FALLBACK_FONT, FONTS, STATIC

_SOURCES = (*(STATIC / "fonts" / font for font in FONTS), FALLBACK_FONT)
_UNKNOWN = "\ufffd"
# Joiners, selectors and soft hyphens: invisible within a word, but printed when they stand alone.
_HIDDEN = re.compile("[\u00ad\u034f\u200c\u200d\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_ESCAPE = re.compile(r"\\([0-9a-f]{6})")
_CONFIGURATION = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{folder}</dir><cachedir>{folder}/cache</cachedir></fontconfig>
"""


@cache
def install_fonts() -> frozenset[int]:
    """Make fontconfig find only our fonts, and return the characters that they draw."""
    folder = Path(tempfile.mkdtemp(prefix="livret-fonts-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    printable: set[int] = set()
    for source in _SOURCES:
        font = TTFont(source, recalcTimestamp=False)
        font.flavor = None
        font.save(folder / f"{source.stem}.ttf")
        printable |= font.getBestCmap().keys()
    configuration = folder / "fonts.conf"
    configuration.write_text(_CONFIGURATION.format(folder=escape(str(folder))), encoding="utf-8")
    os.environ["FONTCONFIG_FILE"] = str(configuration)
    return frozenset(printable)


def replace_unprintable(page: str) -> str:
    """Replace the characters of a page that our fonts lack. Markup is ASCII and stays."""
    known = install_fonts()
    head, end_of_style, body = page.partition("</style>")
    # The running header is in the style sheet, as CSS escapes.
    head = _ESCAPE.sub(lambda escape: _escaped(_drawable(chr(int(escape[1], 16)), known)), head)
    return _drawable(head + end_of_style + body, known)


def _drawable(text: str, known: frozenset[int]) -> str:
    text = _HIDDEN.sub("", text)
    strange = {character for character in set(text) if ord(character) not in known} - {"\n"}
    if not strange:
        return text
    return text.translate({ord(character): _replacement(character, known) for character in strange})


def _escaped(text: str) -> str:
    return "".join(f"\\{ord(character):06x}" for character in text)


def _replacement(character: str, known: frozenset[int]) -> str:
    plainer = unicodedata.normalize("NFKC", character)
    drawn = all(ord(letter) in known and letter not in "<>&\"'" for letter in plainer)
    return plainer if drawn else _UNKNOWN

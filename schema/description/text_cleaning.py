"""The one door through which every entered text passes: what is folded, dropped, kept and refused.

People paste from word processors, web pages and our own dossiers. A character that has an ordinary
form takes it; a mark that nobody sees is dropped; what can be meant is kept as it is. Only what
cannot be meant is refused, by its name and its place. `docs/texts.md` is this table for people.
"""

import re
import unicodedata
from dataclasses import dataclass

# Every space of Unicode but the ordinary one; a tab is one too, within a line.
SPACES = "\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000"
# What word processors put between lines and pages (a manual line break of Word is U+000B).
NEWLINES = "\u000b\u000c\u0085\u2028\u2029"
# Marks that nobody sees: breaks within words, joiners of nothing, directions, old language tags.
INVISIBLE = (
    "\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff"
    "\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"
)
HYPHENS = "\u2010\u2011"
FULL_WIDTH = "\uff01-\uff5e"
# Symbol and Wingdings, which Word writes in the private area: bullets, arrows, signs.
_BULLETS = "\uf02d\uf06c\uf06e\uf06f\uf071\uf075\uf076\uf077\uf09f\uf0a7\uf0a8\uf0b7\uf0d8"
WORD_SYMBOLS = {
    **dict.fromkeys(_BULLETS, "•"),
    "\uf0a3": "≤",
    "\uf0ab": "↔",
    "\uf0ae": "→",
    "\uf0b0": "°",
    "\uf0b1": "±",
    "\uf0b3": "≥",
    "\uf0b4": "×",
    "\uf0b9": "≠",
    "\uf0bb": "≈",
    "\uf0bc": "…",
    "\uf0de": "⇒",
    "\uf0e0": "→",
    "\uf0e8": "→",
    "\uf0fb": "✗",
    "\uf0fc": "✓",
    "\uf0fe": "☑",
}
_NONCHARACTERS = "\ufdd0-\ufdef" + "".join(
    chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF)
)
# Controls, halves of pairs, what stands for a lost character, what means nothing outside one font.
REFUSED = (
    "\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\ud800-\udfff\ufffd\ue000-\uf8ff"
    f"\U000f0000-\U000ffffd\U00100000-\U0010fffd{_NONCHARACTERS}"
)

_CLEAN = re.compile("[\u0020-\u007e\u00a1-\u00ac\u00ae-\u02ff\u2012-\u2027\u20a0-\u20bf]*")
_FOLDED = str.maketrans(
    {
        **WORD_SYMBOLS,
        **dict.fromkeys(HYPHENS, "-"),
        **{chr(code): chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    }
)
_SPACES = re.compile(f"[{SPACES}]")
_NEWLINES = re.compile(f"\r\n?|[{NEWLINES}]")
_INVISIBLE = re.compile(f"[{INVISIBLE}]")
_REFUSED = re.compile(f"[{REFUSED}]")
_BULLET = re.compile(r"(?m)^([ \t]*)(?:[•·▪◦‣●○■□◆❖➢➔✓–—-]|o(?=\t)|\d{1,3}[.)](?=\t))[ ]?\t[ \t]*")
_APOSTROPHES = re.compile("[\u0060\u00b4\u02b9\u2032\u201b]")
_DASHES = re.compile("[\u2012-\u2015\u2212]")


@dataclass(frozen=True, slots=True)
class RefusedCharacter:
    """A character that cannot be meant: its code point, and where it stands, counted from 1."""

    code_point: str
    line: int
    column: int


def clean_line(text: str) -> str:
    """A text of one line: every white space is an ordinary one, the outer ones are gone."""
    if _CLEAN.fullmatch(text):
        return text.strip()
    return re.sub(r"[\n\t]", " ", _folded(text)).strip()


def clean_text(text: str) -> str:
    """A text of several lines, with `\\n` between them.

    A mark of a list keeps one space behind it instead of a tab; between the cells of a pasted table
    stands ` | `, since a tab is one space on paper.
    """
    if _CLEAN.fullmatch(text):
        return text.strip()
    lines = _BULLET.sub(_mark, _folded(text)).split("\n")
    return "\n".join(_cells(line).rstrip() for line in lines).strip()


def clean_name(text: str) -> str:
    """The name of a person: apostrophes and hyphens as a keyboard types them, single spaces."""
    plain = _DASHES.sub("-", _APOSTROPHES.sub("’", clean_line(text)))
    return " ".join(plain.split())


def refused_character(text: str) -> RefusedCharacter | None:
    """The first character of a cleaned text that cannot be meant, or None."""
    found = _REFUSED.search(text)
    if found is None:
        return None
    before = text[: found.start()]
    line = before.count("\n") + 1
    column = found.start() - (before.rfind("\n") + 1) + 1
    return RefusedCharacter(f"U+{ord(found[0]):04X}", line, column)


def _folded(text: str) -> str:
    text = _SPACES.sub(" ", _NEWLINES.sub("\n", text).translate(_FOLDED))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", text))


def _mark(found: re.Match[str]) -> str:
    indent, mark = found[1], found[0].strip()
    return f"{indent}{'•' if mark == 'o' else mark} "


def _cells(line: str) -> str:
    body = line.lstrip("\t ")
    indent = line[: len(line) - len(body)].replace("\t", "  ")
    cells = [cell.strip() for cell in body.rstrip("\t ").split("\t")]
    return indent + (" | ".join(cells) if len(cells) > 1 else body)

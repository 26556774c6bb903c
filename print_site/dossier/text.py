"""Text of a dossier: cleaned once at the boundary, then set by the rules of French typography.

What returns Markup is escaped; everything else is plain text.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from markupsafe import Markup, escape

NARROW = "\u202f"
FIXED = "\u00a0"
LONGEST_RUN = 40
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)

_BEYOND = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
_NEWLINES = re.compile("\r\n?|[\u000b\u000c\u0085\u2028\u2029]")
_STRIPPED = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u009f"  # C0 and C1
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u206f"  # bidi controls
    "\u00ad\u180e\u200b\u2060-\u2064\ufeff\ufff9-\ufffb\U000e0001\U000e0020-\U000e007f"  # unseen
    "\ue000-\uf8ff\U000f0000-\U000ffffd\U00100000-\U0010fffd"  # means nothing outside one font
    f"\ud800-\udfff\ufdd0-\ufdef{_BEYOND}]"  # surrogates, noncharacters
)
# Bullets and signs of word processors, from the private area of Symbol and Wingdings.
_BULLETS = "\uf02d\uf06c\uf06e\uf06f\uf071\uf075\uf076\uf077\uf09f\uf0a7\uf0a8\uf0b7\uf0d8"
_SIGNS = "\uf0a3\uf0ab\uf0ae\uf0b0\uf0b1\uf0b3\uf0b4\uf0b9\uf0bb\uf0bc\uf0de\uf0e0\uf0e8\uf0fb\uf0fc\uf0fe"
_WORD_SYMBOLS = str.maketrans(_BULLETS + _SIGNS, "•" * len(_BULLETS) + "≤↔→°±≥×≠≈…⇒→→✗✓☑")
_COURIER_BULLET = re.compile(r"(?m)^(\s*)o\t")
_ITEM = re.compile(r"\s*(?:[-–—•*·▪◦‣●○■□◆❖➢➔✓]|(\d{1,2})[.)])\s+(?=\S)")
# Characters that are printed as they are. Most texts hold no others, and skip the rest.
_CLEAN = re.compile(
    "[\n\u0020-\u007e\u00a0-\u00ac\u00ae-\u02ff\u2010-\u2027\u202f-\u205e\u20a0-\u20bf]*"
)
_WITHOUT_MARKS = re.compile("[\u0000-\u02ff\u1e00-\u20cf\u2100-\u2bff]*")
_SPACES = f"[ {FIXED}\u2009{NARROW}]"
_SYMBOLS = "%|‰|€|k€|M€|°C|km/h|km|cm|mm|m²|m³|m|ha|kg|mg|g|t|l|L|kW|kV|V|W|h|min|s|Go|Mo"
_DURATIONS = "ans?|mois|semaines?|jours?|heures?|minutes?"
_VERBATIM = re.compile(
    r"((?:https?://|www\.)\S+|[^\s@]{1,64}@[^\s@]+\.[^\s@]+|\b\d{1,2}:\d{2}(?::\d{2})?\b)"
)
_ADDRESS = re.compile(r"://|www\.|@|\d:\d")
_MARK = re.compile(r"[;:!?«»]")
_SPACE_OF_MARK = re.compile(r"(?<!\s) (?=[;:!?»])|(?<=«) (?!\s)")
_DIGIT = re.compile(r"\d")
_LONG_RUN = re.compile(rf"[^ \n]{{{LONGEST_RUN + 1},}}")
_THOUSANDS = re.compile(r"(?<![\d,.])(?<!\d )\d{1,3}(?: \d{3})+(?! ?\d)")
_TELEPHONE = re.compile(r"(?<!\d)(?:\+\d{1,3} \d|0\d)(?: \d\d){4}(?!\d)")
_RULES_OF_MARKS, _RULES_OF_DIGITS = (
    tuple((re.compile(pattern), space) for pattern, space in rules)
    for rules in (
        (
            (rf"(?<!{_SPACES}){_SPACES}+(?=[;:!?»])", NARROW),
            (rf"(?<=[\w)\]»’'\"…%€])(?<!{NARROW})(?=[;:!?]+(?:\s|$))", NARROW),
            (rf"(?<=\S)(?<!{NARROW})(?=»)", NARROW),
            (rf"(?<=«){_SPACES}*(?=\S)", NARROW),
        ),
        (
            (rf"(?<=\d){_SPACES}(?=(?:{_SYMBOLS})(?![\w'’]))", NARROW),
            (rf"(?<=\d) (?=(?:{_DURATIONS})\b)", FIXED),
            (rf"(?:{'|'.join(f'(?<={month})' for month in MONTHS)}) (?=\d{{4}}\b)", FIXED),
            (r"(?<=\bn°) ?(?=\d)|(?<=\b[Aa]rticle) (?=\d)|(?<=\b[Aa]rt\.) (?=\d)", FIXED),
        ),
    )
)
_COPIED = re.compile("@|://")
_LONG_WORD = re.compile(r"[^ \n-]{25,}")
_STEP = 6
_LONGEST_ADDRESS = 60


def clean_json(data: Any) -> Any:
    """Return the JSON with every string cleaned; keys stay as they are."""
    if isinstance(data, str):
        return clean(data)
    if isinstance(data, list):
        return [clean_json(item) for item in data]
    if isinstance(data, dict):
        return {key: clean_json(value) for key, value in data.items()}
    return data


def clean(text: str) -> str:
    """Return NFC text without unprintable characters; tabs become spaces, line separators \\n."""
    if _CLEAN.fullmatch(text):
        return text
    text = _COURIER_BULLET.sub(r"\1• ", _NEWLINES.sub("\n", text).translate(_WORD_SYMBOLS))
    text = _STRIPPED.sub("", text.replace("\t", " "))
    text = unicodedata.normalize("NFC", text)
    return text if _WITHOUT_MARKS.fullmatch(text) else "".join(_limit_marks(text))


def _limit_marks(text: str, most: int = 3) -> Iterator[str]:
    run = 0
    for character in text:
        run = run + 1 if unicodedata.category(character) in ("Mn", "Me") else 0
        if run <= most:
            yield character


def typeset(text: str) -> str:
    """Put fixed spaces where French wants them, except in addresses and times of day."""
    if not _ADDRESS.search(text):
        return _spaced(text)
    pieces = _VERBATIM.split(text)
    return "".join(
        piece if position % 2 else _spaced(piece) for position, piece in enumerate(pieces)
    )


def typeset_marks(text: str) -> str:
    """Put fixed spaces before marks in place of ordinary ones: for lines that hold names of files."""
    return _SPACE_OF_MARK.sub(NARROW, text)


def _spaced(text: str) -> str:
    if _MARK.search(text):
        for pattern, space in _RULES_OF_MARKS:
            text = pattern.sub(space, text)
    if _DIGIT.search(text):
        for pattern, space in _RULES_OF_DIGITS:
            text = pattern.sub(space, text)
        if " " in text:
            text = _THOUSANDS.sub(lambda number: number[0].replace(" ", NARROW), text)
            text = _TELEPHONE.sub(lambda number: number[0].replace(" ", FIXED), text)
    return text


def typeset_line(text: str) -> str:
    """Return a text as one line, typeset."""
    return typeset(text.replace("\n", " "))


def inline(text: str) -> Markup:
    """Return a person's text as one line of HTML, isolated from the direction of its neighbours."""
    return _tagged("bdi", plain(text))


def plain(text: str) -> Markup:
    """Return text as one line of HTML, typeset, with break opportunities in very long words."""
    return _breakable(typeset_line(text))


def paragraphs(text: str) -> Markup:
    """Return text as HTML: blank lines separate paragraphs, marked or numbered lines are lists."""
    return Markup("").join(_html_block(block) for block in blocks(text))


def blocks(text: str) -> Iterator["Block"]:
    """Yield the paragraphs and lists of a text, typeset."""
    for lines in re.split(r"\n\s*\n", text.strip()):
        yield from _blocks(lines.split("\n"))


def legal(passages: Iterable[str]) -> Markup:
    """Return the passages of a legal text as HTML; those that start with « - » become a list."""
    return paragraphs(joined_passages(passages))


def joined_passages(passages: Iterable[str]) -> str:
    """Return the passages of a legal text as one text of paragraphs and lists."""
    return "\n".join(p if p.startswith("- ") else f"\n{p}\n" for p in passages)


def with_breaks(text: str) -> str:
    """Return typeset text with zero-width spaces in words that are longer than those of French.

    A line ends after a hyphen anyway. An address of a usual length stays whole: who copies it from
    the PDF would copy the spaces too.
    """
    if not _LONG_WORD.search(text):
        return text
    return "".join(
        word
        if len(word) <= _LONGEST_ADDRESS and _COPIED.search(word)
        else "\u200b".join(_pieces(word, _LONG_WORD, _STEP))
        for word in re.split("([ \n]+)", text)
    )


def is_right_to_left(text: str) -> bool:
    """Whether the first letter of a text belongs to a script that is written from right to left."""
    if text.isascii():
        return False
    kinds = (unicodedata.bidirectional(character) for character in text)
    return next((kind != "L" for kind in kinds if kind in ("L", "R", "AL")), False)


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a list of a text: `first` is the number of a list's first item, if it has one."""

    is_list: bool
    first: int | None
    lines: tuple[str, ...]


def _blocks(lines: list[str]) -> Iterator[Block]:
    held: list[str] = []
    open_list: _OpenList | None = None
    for line in [*lines, None]:
        item = _ITEM.match(line) if line is not None else None
        number = int(item[1]) if item and item[1] else None
        goes_on = line is not None and _goes_on(open_list, item, number, len(held))
        if held and not goes_on:
            yield Block(open_list is not None, open_list.first if open_list else None, tuple(held))
            held = []
        if line is not None and line.strip():
            if not held:
                open_list = _OpenList(number) if item else None
            held.append(typeset(line[item.end() :] if item else line))


def _html_block(block: Block) -> Markup:
    lines = [_breakable(line) for line in block.lines]
    return _list(lines, block.first) if block.is_list else _paragraph(lines)


@dataclass(frozen=True, slots=True)
class _OpenList:
    """A list under way; `first` is the number of its first item, None when it has marks."""

    first: int | None


def _goes_on(
    open_list: "_OpenList | None", item: re.Match[str] | None, number: int | None, held: int
) -> bool:
    """Whether a line goes on with what was begun: a paragraph, a list of marks, the next number."""
    if open_list is None or item is None:
        return open_list is None and item is None
    expected = None if open_list.first is None else open_list.first + held
    return number == expected


def _list(items: list[Markup], first: int | None) -> Markup:
    rows = Markup("").join(_tagged("li", item, ' dir="auto"') for item in items)
    if first is None:
        return _tagged("ul", rows)
    return _tagged("ol", rows, "" if first == 1 else f' start="{first}"')


def _paragraph(lines: list[Markup]) -> Markup:
    return _tagged("p", Markup("<br>").join(lines), ' dir="auto"')


def _tagged(tag: str, content: Markup, attributes: str = "") -> Markup:
    return Markup(f"<{tag}{attributes}>{content}</{tag}>")  # noqa: S704, its content is escaped


def _breakable(text: str) -> Markup:
    if len(text) <= LONGEST_RUN or not _LONG_RUN.search(text):
        return escape(text)
    return Markup("<wbr>").join(escape(piece) for piece in _pieces(text))


def _pieces(text: str, runs: re.Pattern[str] = _LONG_RUN, step: int = LONGEST_RUN) -> Iterator[str]:
    start = 0
    for run in runs.finditer(text):
        for wished in range(run.start() + step, run.end(), step):
            near = range(wished, min(wished + step, run.end()))
            cut = next((at for at in near if not _is_inseparable(text, at)), wished)
            if cut > start:
                yield text[start:cut]
                start = cut
    yield text[start:]


def _is_inseparable(text: str, position: int) -> bool:
    """Whether a mark, a joiner or a fixed space forbids a break at this position."""
    joiners = ("\u200d", "\ufe0f", NARROW, FIXED)
    return (
        unicodedata.category(text[position]) in ("Mn", "Me")
        or text[position] in joiners
        or text[position - 1] in (joiners[0], NARROW, FIXED)
    )


def french_day(moment: datetime) -> str:
    """Return the day of a moment in Paris, or in UTC on a system without time zones."""
    try:
        zone: tzinfo = ZoneInfo("Europe/Paris")
    except ZoneInfoNotFoundError:
        zone = UTC
    return french_date(moment.astimezone(zone).date())


def french_date(day: date) -> str:
    """Return a date in French: 2025-01-01 → 1er janvier 2025."""
    number = "1er" if day.day == 1 else str(day.day)
    return f"{number}{FIXED}{MONTHS[day.month - 1]} {day.year}"


def french_number(value: float) -> str:
    """Return a number in French with at most two decimals: 1234.5 → 1 234,5."""
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.replace(",", NARROW).replace(".", ",")

"""Estimates heights on paper: of an entry against a page, of the cover against its notice."""

from print_site.dossier.model import (
    COLUMNS,
    PrintedDossier,
    PrintedEntry,
    PrintedLine,
    facts_and_texts,
)

PAGE = 251.0
# In millimetres, for type of 9 points in the columns of the theme.
HEADER = 15.0
ROW = 8.6
LINE = 4.35
GAP = 1.2
LETTERS = 84
# An entry that is estimated a little taller than a page may still fit.
DOUBT = 1.12
# Between the name and the notice.
ROOM_ON_A_COVER = 105.0


def is_taller_than_a_page(entry: PrintedEntry) -> bool:
    """Whether the entry needs more than one page, so that it need not start on a new one."""
    ties = sum(
        LINE * _lines(f"{link.to.headline} {link.relation}") + LINE * _lines(link.note)
        for link in entry.links
    )
    ties += sum(LINE * _lines(to.headline) for to in (*entry.attachments, *entry.proves))
    return HEADER + _height(entry.lines) + ties > PAGE * DOUBT


def is_short_on_its_cover(dossier: PrintedDossier) -> bool:
    """Whether the cover has room for its notice at the foot of the page."""
    holder = dossier.holder
    named = f"{dossier.title}{holder.first_name}{holder.last_name}"
    height = _height(dossier.about + holder.lines) + HEADER + _height(holder.situation)
    return len(named) <= LETTERS and height <= ROOM_ON_A_COVER


def _height(lines: tuple[PrintedLine, ...]) -> float:
    facts, texts = facts_and_texts(lines)
    return ROW * _rows(facts) + sum(
        GAP + sum(LINE * _lines(part) for part in _parts(line)) for line in texts
    )


def _lines(text: str) -> int:
    return -(-len(text) // LETTERS)


def _parts(line: PrintedLine) -> list[str]:
    return [part for part in line.text.split("\n") if part]


def _rows(facts: list[PrintedLine]) -> int:
    rows, taken = (1 if facts else 0), 0
    for fact in facts:
        if taken + fact.columns > COLUMNS:
            rows, taken = rows + 1, 0
        taken += fact.columns
    return rows

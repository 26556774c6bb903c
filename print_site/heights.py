"""About how tall an entry is on paper: whether it can be kept on one page at all."""

from print_site.model import COLUMNS, Entry, Line

PAGE = 251.0
# In millimetres, for type of 9 points in the columns of the theme.
HEADER = 15.0
ROW = 8.6
LINE = 4.35
GAP = 1.2
LETTERS = 84
# What is only a little taller than a page by this count may still fit it.
DOUBT = 1.12


def is_taller_than_a_page(entry: Entry) -> bool:
    """Whether it has to be parted anyway, so that it may as well begin where there is room."""
    ties = sum(
        LINE * _lines(f"{link.to.headline} {link.relation}") + LINE * _lines(link.note)
        for link in entry.links
    )
    ties += sum(LINE * _lines(to.headline) for to in (*entry.attachments, *entry.proves))
    texts = sum(GAP + sum(LINE * _lines(part) for part in _parts(line)) for line in entry.texts)
    return HEADER + ROW * _rows(entry.facts) + texts + ties > PAGE * DOUBT


def _lines(text: str) -> int:
    return -(-len(text) // LETTERS)


def _parts(line: Line) -> list[str]:
    return [part for part in line.text.split("\n") if part]


def _rows(facts: tuple[Line, ...]) -> int:
    rows, taken = (1 if facts else 0), 0
    for fact in facts:
        if taken + fact.columns > COLUMNS:
            rows, taken = rows + 1, 0
        taken += fact.columns
    return rows

"""Estimates the height of an entry on paper, against that of a page."""

from print_site.dossier.model import PrintedEntry, PrintedLine, facts_and_texts

PAGE = 251.0
# In millimetres, for type of 9 points.
HEADER = 15.0
LINE = 4.35
GAP = 1.2
LETTERS = 84
_BETWEEN = 6
# An entry that is estimated a little taller than a page may still fit.
DOUBT = 1.12


def is_taller_than_a_page(entry: PrintedEntry) -> bool:
    """Whether the entry needs more than one page, so that it need not start on a new one."""
    ties = sum(
        LINE * _lines(f"{link.to.headline} {link.relation}") + LINE * _lines(link.note)
        for link in entry.links
    )
    ties += sum(LINE * _lines(to.headline) for to in (*entry.attachments, *entry.proves))
    return HEADER + _height(entry.lines) + ties > PAGE * DOUBT


def _height(lines: tuple[PrintedLine, ...]) -> float:
    facts, texts = facts_and_texts(lines)
    run = sum(len(fact.label) + len(fact.text) + _BETWEEN for fact in facts)
    return LINE * -(-run // LETTERS) + sum(
        GAP + sum(LINE * _lines(part) for part in _parts(line)) for line in texts
    )


def _lines(text: str) -> int:
    return -(-len(text) // LETTERS)


def _parts(line: PrintedLine) -> list[str]:
    return [part for part in line.text.split("\n") if part]

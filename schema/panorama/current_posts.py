"""The posts that are held today."""

from collections.abc import Iterable
from datetime import date

from schema.entries.entries import Entry, ProfessionalExperience


def current_posts_of(entries: Iterable[Entry], today: date) -> list[ProfessionalExperience]:
    """The professional experiences that go on, or whose end is certainly not past."""
    return [
        entry
        for entry in entries
        if isinstance(entry, ProfessionalExperience)
        and entry.described_by.period(entry).is_current(today)
    ]

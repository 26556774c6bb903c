"""The posts that are held today, the main one first."""

from collections.abc import Iterable
from datetime import date

from schema.entries.entries import Entry, ProfessionalExperience
from schema.rubrics.professional_experiences import is_worked, main_first


def current_posts_of(entries: Iterable[Entry], today: date) -> list[ProfessionalExperience]:
    """The professional experiences that go on, or whose end is certainly not past.

    By working time, permanent ones first. A position outside of the service is no post held.
    """
    posts = [
        entry
        for entry in entries
        if isinstance(entry, ProfessionalExperience)
        and is_worked(entry)
        and entry.period.is_current(today)
    ]
    return sorted(posts, key=main_first)

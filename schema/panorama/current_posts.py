"""The posts that are held today, the main one first."""

from collections.abc import Iterable
from datetime import date

from schema.description.rubric import parse_date
from schema.entries.entries import Entry, ProfessionalExperience
from schema.rubrics.professional_experiences import is_worked, main_first


def current_posts_of(entries: Iterable[Entry], today: date) -> list[ProfessionalExperience]:
    """The professional experiences that go on, or whose end is certainly not past.

    By working time, permanent ones first. A position outside of the service is no post held.
    """
    posts = [
        entry
        for entry in entries
        if isinstance(entry, ProfessionalExperience) and is_worked(entry) and _goes_on(entry, today)
    ]
    return sorted(posts, key=main_first)


def _goes_on(post: ProfessionalExperience, today: date) -> bool:
    """Whether it has begun and certainly has not ended: ongoing, or with an end still to come."""
    if post.ongoing is not True:  # most have ended, which their end alone tells
        end = parse_date(post.end)
        if end is None or end.earliest < today:
            return False
    start = parse_date(post.start)
    return start is None or start.earliest <= today

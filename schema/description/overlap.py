"""Which entries surely overlap: share a day however their partial dates are read."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from schema.description.rubric import ValidationContext, parse_date, text_or_empty


class SureDays(NamedTuple):
    """The days that a period covers for certain: none when `last` comes before `first`."""

    first: date
    last: date


def sure_days(content: Any) -> SureDays | None:
    """The days that a content with `start`, `end` and `ongoing` surely covers; None without start."""
    return _sure_days(
        text_or_empty(content.start), text_or_empty(content.end), content.ongoing is True
    )


# A booklet may compare each of a thousand entries with every other: each is read once.
@lru_cache(maxsize=2_048)
def _sure_days(start: str, end: str, ongoing: bool) -> SureDays | None:
    begun = parse_date(start)
    if begun is None:
        return None
    return SureDays(begun.latest, date.max if ongoing else (parse_date(end) or begun).earliest)


def overlapping(content: Any, context: ValidationContext) -> Iterator[tuple[Any, SureDays]]:
    """The other entries of the rubric that surely share a day with this one, with their days."""
    own = sure_days(content)
    if own is None:
        return
    for other in context.others:
        days = sure_days(other)
        if days is not None and max(own.first, days.first) <= min(own.last, days.last):
            yield other, days

"""Which entries certainly overlap: they share a day however their partial dates are read."""

from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

from schema.description.rubric import ValidationContext, parse_date, text_or_empty


class CertainDays(NamedTuple):
    """The days that a period covers for certain: none when `last` comes before `first`."""

    first: date
    last: date


def certain_days(content: Any) -> CertainDays | None:
    """The days that a content with `start`, `end` and `ongoing` certainly covers; None without start."""
    return _certain_days(
        text_or_empty(content.start), text_or_empty(content.end), content.ongoing is True
    )


# Rules compare each entry with every other of its rubric: each is parsed once.
@lru_cache(maxsize=2_048)
def _certain_days(start: str, end: str, ongoing: bool) -> CertainDays | None:
    begun = parse_date(start)
    if begun is None:
        return None
    return CertainDays(begun.latest, date.max if ongoing else (parse_date(end) or begun).earliest)


def overlapping(content: Any, context: ValidationContext) -> Iterator[tuple[Any, CertainDays]]:
    """The other entries of the rubric that certainly share a day with this one, with their days."""
    own = certain_days(content)
    if own is None:
        return
    for other in context.others:
        days = certain_days(other)
        if days is not None and max(own.first, days.first) <= min(own.last, days.last):
            yield other, days

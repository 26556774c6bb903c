"""How much professional experience a booklet declares, and the three years of article 18.

Months are counted as the public accounts count them, in thirtieths: every month has 30 days, the
31st is not counted and the end of February counts until the 30th, so that three years from any
day are exactly 36 months. The sum is of whole numbers, so that no order changes it.
"""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

import strawberry

from schema.description.dates import Period
from schema.entries.entries import Entry, ProfessionalExperience

MONTHS_OF_ARTICLE_18 = 36
_DAYS_OF_A_MONTH = 30
_FULL_TIME = 10_000  # hundredths of a percent
_LAYERS = 2  # what a post may cover, and what it certainly covers


@strawberry.type(
    description="Professional experience: overlaps merged, weighted by working time, up to today. Placements during studies are left out."
)
class ExperienceTotal:
    """A total to orient people; an employer judges it on evidence."""

    months: int = strawberry.field(
        description="Whole months, in full-time equivalent. A date known to the month is read as the whole month; a year known alone counts for half."
    )
    text: str = strawberry.field(description="The same in French: « 14 ans et 3 mois ».")
    over_three_years: bool = strawberry.field(
        description="Whether it reaches the three years of decree 2008-512, article 18."
    )


def experience_total_of(entries: Iterable[Entry], today: date) -> ExperienceTotal:
    """The cumulated professional experience of these entries.

    Posts held on the same day add their working time, and a day never counts more than full
    time; working time that is not given is full time. Nothing counts after `today`.

    A date known to the month is read as the whole month. A year known alone counts for half,
    since nobody knows how much of it was worked: « 2015 – 2018 » is three years, « 2015 » is six
    months. A post with one date and not ongoing is read as that date; an undated one, or one that
    ends before it starts, counts for nothing.
    """
    steps: list[tuple[int, int]] = []
    for entry in entries:
        if isinstance(entry, ProfessionalExperience) and not _is_placement(entry):
            share = _working_time(entry.work_quota)
            for first, after in _layers(entry.described_by.period(entry), today):
                if first < after:
                    steps += [(first, share), (after, -share)]
    total = _sweep(steps)
    months = total // (_DAYS_OF_A_MONTH * _FULL_TIME * _LAYERS)
    return ExperienceTotal(
        months=months,
        text="moins d’un mois" if total and not months else years_and_months(months),
        over_three_years=months >= MONTHS_OF_ARTICLE_18,
    )


def years_and_months(months: int) -> str:
    """`14 ans et 3 mois`, `1 an`, `5 mois`."""
    years, rest = divmod(months, 12)
    words = [f"{years} an{'s' if years > 1 else ''}"] if years else []
    if rest or not years:
        words.append(f"{rest} mois")
    return " et ".join(words)


def _is_placement(entry: ProfessionalExperience) -> bool:
    """A placement during studies is no employment."""
    return entry.sector == "STAGE_ECOLE" or entry.status == "STAGE"


def _working_time(quota: object) -> int:
    """Hundredths of a percent; a quota that is absent or impossible is full time."""
    if isinstance(quota, int | float) and 0 < quota <= 100:
        return round(quota * 100)
    return _FULL_TIME


def _layers(period: Period, today: date) -> Iterator[tuple[int, int]]:
    """What the post may cover, then what it certainly covers: first day, and the day after the last.

    Either can be empty. A day in both counts in full, a day in the first alone for half.
    """
    start = period.start or (None if period.ongoing else period.end)
    end = None if period.ongoing else period.end or period.start
    if start is None:
        return
    limit = _day_after(today)
    widest, surest = _day(start.earliest), _day(start.earliest)
    widest_end = surest_end = limit
    if start.month is None:
        surest = _day_after(start.latest)
    if end is not None:
        widest_end = surest_end = _day_after(end.latest)
        if end.month is None:
            surest_end = _day(end.earliest)
    yield widest, min(widest_end, limit)
    yield surest, min(surest_end, limit)


def _day(day: date) -> int:
    """The place of a day in a calendar of 30-day months; the 31st is where the next month begins."""
    return (day.year * 12 + day.month - 1) * _DAYS_OF_A_MONTH + min(day.day - 1, _DAYS_OF_A_MONTH)


def _day_after(day: date) -> int:
    """The place of the day that follows."""
    return _day(day + timedelta(days=1)) if day < date.max else _day(day)


def _sweep(steps: list[tuple[int, int]]) -> int:
    """The area under the steps, none of which rises above full time in both layers."""
    total = level = 0
    since = 0
    for place, change in sorted(steps):
        total += (place - since) * min(level, _FULL_TIME * _LAYERS)
        level += change
        since = place
    return total

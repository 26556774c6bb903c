"""How much professional experience a booklet declares, and the three years of article 18.

Months are counted as the public accounts count them, in thirtieths: every month has 30 days, the
31st is not counted and the end of February counts until the 30th, so that three years from any
day are exactly 36 months. The sum is of whole numbers, so that no order changes it.
"""

from collections.abc import Iterable
from datetime import date, timedelta

import strawberry

from schema.description.dates import Period
from schema.entries.entries import Entry, ProfessionalExperience
from schema.rubrics.professional_experiences import FULL_TIME, is_worked, working_time

MONTHS_OF_ARTICLE_18 = 36
LABEL = "Expérience cumulée"
WEIGHTED_LABEL = f"{LABEL} en équivalent temps plein"
_DAYS_OF_A_MONTH = 30
_PARTS_OF_A_DAY = 4  # so that half of a span, and the middle of it, are whole numbers


@strawberry.type(
    description="Professional experience: overlaps merged, weighted by working time, up to today. What is not worked is left out: placements during studies, positions outside of the service (« disponibilité », « congé parental »)."
)
class ExperienceTotal:
    """A total to orient people; an employer judges it on evidence."""

    months: int = strawberry.field(
        description="Whole months, in full-time equivalent. A date known to the month is read as the whole month; a lone year starts on 1 July and ends on 30 June, and a post within one year counts for half of what is possible."
    )
    label: str = strawberry.field(
        description="Its label in French: « Expérience cumulée », and « en équivalent temps plein » where a post that counts is part-time."
    )
    text: str = strawberry.field(description="The months in French: « 14 ans et 3 mois ».")
    over_three_years: bool = strawberry.field(
        description="Whether it reaches the three years of decree 2008-512, article 18."
    )

    @property
    def missing(self) -> str:
        """What is missing to the three years of article 18, in French."""
        return years_and_months(max(MONTHS_OF_ARTICLE_18 - self.months, 0))


def experience_total_of(entries: Iterable[Entry], today: date) -> ExperienceTotal:
    """The cumulated professional experience of these entries.

    Posts held on the same day add their working time, and a day never counts more than full
    time; working time that is not given is full time. Nothing counts after `today`, nor what is
    not worked: a placement during studies, a leave without service.
    """
    steps: list[tuple[int, int]] = []
    for entry in entries:
        if isinstance(entry, ProfessionalExperience) and is_worked(entry):
            first, after = _counted(entry.period, today)
            if first < after:
                share = working_time(entry)
                steps += [(first, share), (after, -share)]
    total = _area(steps)
    is_weighted = any(0 < share < FULL_TIME for _, share in steps)
    months = total // (_DAYS_OF_A_MONTH * _PARTS_OF_A_DAY * FULL_TIME)
    return ExperienceTotal(
        months=months,
        label=WEIGHTED_LABEL if is_weighted else LABEL,
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


def _counted(period: Period, today: date) -> tuple[int, int]:
    """The first place that a post counts and the one where it stops; the same when it counts for nothing.

    A date known to the month is read as the whole month. A lone year starts on 1 July and ends on
    30 June, so that posts that follow each other leave no gap and the same post entered twice
    counts once. Within one year, half of what is possible counts: beside the end that is known, or
    in the middle. A post with one date and not ongoing is read as that date.
    """
    start = period.start or (None if period.ongoing else period.end)
    end = None if period.ongoing else period.end or period.start
    if start is None:
        return 0, 0
    last = min(end.latest, today) if end else today
    first, after = _place(start.earliest), _place_after(last)
    lone_start = start.month is None
    lone_end = end is not None and end.month is None and end.year == last.year
    if first >= after or not (lone_start or lone_end):
        return first, max(first, after)
    if start.year == last.year:
        half = (after - first) // 2
        if lone_start and lone_end:
            return first + half // 2, first + half // 2 + half
        return (after - half, after) if lone_start else (first, first + half)
    if lone_start:
        first = _place(date(start.year, 7, 1))
    if end is not None and lone_end:
        after = min(_place(date(end.year, 7, 1)), after)
    return first, after


def _place(day: date) -> int:
    """The place of a day in a calendar of 30-day months; the 31st is where the next month begins."""
    months = day.year * 12 + day.month - 1
    return (months * _DAYS_OF_A_MONTH + min(day.day - 1, _DAYS_OF_A_MONTH)) * _PARTS_OF_A_DAY


def _place_after(day: date) -> int:
    """The place of the day that follows."""
    return _place(day + timedelta(days=1)) if day < date.max else _place(day)


def _area(steps: list[tuple[int, int]]) -> int:
    """The area under the steps, where no day rises above full time."""
    total = level = 0
    since = 0
    for place, change in sorted(steps):
        total += (place - since) * min(level, FULL_TIME)
        level += change
        since = place
    return total

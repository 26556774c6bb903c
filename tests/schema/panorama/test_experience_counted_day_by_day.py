"""The experience total against a slow and obvious count: quarter of a day by quarter of a day.

The reference shares nothing with the product but the rules: months of thirty days, a lone year
from 1 July and until 30 June, half of what is possible within one year, full time at most.
"""

import calendar
from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from schema.panorama.experience_total import experience_total_of
from tests.schema.panorama.posts import TODAY, post

FIRST_YEAR, LAST_YEAR = 2008, 2027


def thirtieths(first: date, last: date) -> list[tuple[int, int, int]]:
    """The days from one to the other in a calendar of twelve months of thirty days.

    A 31st is no day of that calendar; the last of February stands for the days until the 30th.
    """
    days = []
    for year in range(first.year, last.year + 1):
        for month in range(1, 13):
            length = calendar.monthrange(year, month)[1]
            for day in range(1, 31):
                real = date(year, month, min(day, length))
                begun = first <= real and not (day > length and real == first == last != real)
                if begun and real <= last and not (day > length and last < real):
                    days.append((year, month, day))
    return days


def quarters_of(start: str | None, end: str | None, ongoing: bool | None) -> list[tuple[int, ...]]:
    """The quarters of days for which a post counts."""
    begun = start or (None if ongoing else end)
    ended = None if ongoing else (end or start)
    if begun is None:
        return []
    first = date.fromisoformat((begun + "-01-01")[:10])
    if ended is None:
        last = TODAY
    else:
        known = [int(part) for part in ended.split("-")]
        month = known[1] if len(known) > 1 else 12
        day = known[2] if len(known) > 2 else calendar.monthrange(known[0], month)[1]
        last = min(date(known[0], month, day), TODAY)
    possible = [(*day, part) for day in thirtieths(first, last) for part in range(4)]
    lone_start = len(begun) == 4
    lone_end = ended is not None and len(ended) == 4 and int(ended) == last.year
    if not possible or not (lone_start or lone_end):
        return possible
    if first.year == last.year:
        half = len(possible) // 2
        if lone_start and lone_end:
            skipped = half // 2
            return possible[skipped : skipped + half]
        return possible[-half:] if lone_start else possible[:half]
    kept = possible
    if lone_start:
        kept = [one for one in kept if one[:2] >= (first.year, 7)]
    if lone_end:
        kept = [one for one in kept if one[:2] < (last.year, 7)]
    return kept


def months_counted(posts: list[dict[str, object]]) -> int:
    """Whole months: each quarter of a day at the working time of its posts, full time at most."""
    worked: dict[tuple[int, ...], int] = {}
    for one in posts:
        for quarter in quarters_of(one["start"], one["end"], one["ongoing"]):
            worked[quarter] = min(worked.get(quarter, 0) + one["work_quota"], 100)
    return sum(worked.values()) // (100 * 4 * 30)


def written(day: date) -> st.SearchStrategy[str]:
    full = day.isoformat()
    return st.sampled_from([full, full[:7], full[:4], full[:4]])


DAYS = st.dates(date(FIRST_YEAR, 1, 1), date(LAST_YEAR, 12, 31)).map(
    lambda day: day.replace(day=min(day.day, 27))
)
BOUND = st.one_of(st.none(), DAYS.flatmap(written))
CAREERS = st.lists(
    st.fixed_dictionaries(
        {
            "start": BOUND,
            "end": BOUND,
            "ongoing": st.sampled_from([None, None, True]),
            "work_quota": st.sampled_from([100, 100, 80, 50, 20, 14]),
        }
    ),
    max_size=6,
)


@settings(max_examples=150, deadline=None)
@given(CAREERS)
def test_a_career_counts_as_it_does_day_by_day(career):
    assert experience_total_of([post(**one) for one in career], TODAY).months == months_counted(
        career
    )


@settings(max_examples=100, deadline=None)
@given(CAREERS)
def test_a_career_entered_twice_at_full_time_counts_once(career):
    posts = [post(**{**one, "work_quota": 100}) for one in career]
    once = experience_total_of(posts, TODAY).months
    assert experience_total_of([*posts, *posts], TODAY).months == once


@settings(max_examples=100, deadline=None)
@given(CAREERS)
def test_no_post_counts_more_than_the_days_that_it_can_cover(career):
    for one in career:
        quarters = quarters_of(one["start"], one["end"], one["ongoing"])
        assert experience_total_of([post(**one)], TODAY).months * 120 <= len(quarters)

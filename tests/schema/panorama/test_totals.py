"""The total of professional experience."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.description.rubric import RubricName, ValidationContext
from schema.entries.entries import ExtraProfessionalExperience, ProfessionalExperience
from schema.panorama.experience_total import experience_total_of, years_and_months

TODAY = date(2024, 6, 15)
NOW = datetime(2024, 6, 1, tzinfo=UTC)


def entry(entry_type, rubric, /, **content):
    return entry_type(
        id="e", rubric=rubric, version=1, shareable=True, created_at=NOW, updated_at=NOW,
        rank=0, context=ValidationContext(today=TODAY), **content,
    )  # fmt: skip


def post(start=None, end=None, **content):
    return entry(
        ProfessionalExperience, RubricName.PROFESSIONAL_EXPERIENCE, start=start, end=end, **content
    )


def months(*posts):
    return experience_total_of(posts, TODAY).months


# Professional experience


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2010-01-01", "2012-12-31", 36),
        ("2013-02-15", "2016-02-14", 36),
        ("2013-01-31", "2016-01-30", 36),
        ("2013-02-15", "2016-02-13", 35),
        ("2019-02-01", "2019-02-28", 1),
        ("2020-02-01", "2020-02-28", 0),
        ("2020-02-01", "2020-02-29", 1),
        ("2019-03", "2019-08", 6),
        ("2019-03", "2019-03", 1),
        ("2019-03-16", "2019-08", 5),
        ("2015", "2018", 36),
        ("2015", "2015", 6),
        ("2015", "2016", 12),
        ("2015-07", "2018", 36),
        ("2015", "2015-04", 2),
        ("2015", None, 6),
        ("2015-03", None, 1),
        (None, "2015", 6),
        ("2015-03-02", None, 0),
        (None, None, 0),
    ],
)
def test_dates_are_read_as_whole_months_and_lone_years_count_for_half(start, end, expected):
    assert months(post(start, end)) == expected


def test_posts_that_follow_each_other_within_a_year_leave_no_gap():
    assert months(post("2010", "2013"), post("2013", "2016")) == 72


def test_an_ongoing_post_counts_until_today():
    assert months(post("2023-06-16", ongoing=True)) == 12
    assert months(post("2023-06-17", ongoing=True)) == 11


def test_nothing_counts_after_today():
    assert months(post("2024-05-16", "2030-12")) == 1
    assert months(post("2025-01", "2025-12")) == 0
    assert months(post("2025-01", ongoing=True)) == 0


def test_overlaps_count_once():
    assert months(post("2010-01", "2012-12"), post("2011-01", "2013-12")) == 48
    assert months(post("2010-01", "2012-12"), post("2011-01", "2011-12")) == 36


def test_working_time_weighs():
    assert months(post("2010-01", "2011-12", work_quota=50)) == 12
    assert months(post("2010-01", "2011-12", work_quota=100)) == 24
    assert months(post("2010-01", "2011-12")) == 24


def test_part_time_posts_held_together_add_up_to_full_time_at_most():
    half, other_half = (post("2010-01", "2011-12", work_quota=50) for _ in range(2))
    assert months(half, other_half) == 24
    assert months(half, post("2010-01", "2011-12", work_quota=30)) == 19
    assert months(half, other_half, post("2010-01", "2011-12", work_quota=80)) == 24


@pytest.mark.parametrize("quota", [0, -20, 101, 10**400, float("nan"), float("inf"), None])
def test_an_impossible_quota_is_read_as_full_time(quota):
    assert months(post("2010-01", "2010-12", work_quota=quota)) == 12


def test_an_end_before_the_start_counts_for_nothing():
    assert months(post("2015-05", "2014-02")) == 0
    assert months(post("2015-05", "2014-02"), post("2010-01", "2010-12")) == 12


@pytest.mark.parametrize("position", ["DISPONIBILITE", "CONGE_PARENTAL"])
def test_what_is_not_worked_is_no_experience(position):
    leave = {"start": "2019-01", "end": "2023-12", "administrative_position": position}
    total = experience_total_of([post(**leave)], TODAY)
    assert (total.months, total.over_three_years) == (0, False)
    private = post("2019-01", "2020-12", sector="PRIVE")
    assert months(post(**leave), private) == 24


@pytest.mark.parametrize("position", ["ACTIVITE", "DETACHEMENT", "MISE_A_DISPOSITION", None])
def test_a_civil_servant_in_service_elsewhere_gains_experience(position):
    assert months(post("2019-01", "2020-12", administrative_position=position)) == 24


def test_lone_years_merge_like_other_dates():
    assert months(post("2015", "2017"), post("2015", "2017")) == 24
    assert months(*(post("2010", "2012", work_quota=quota) for quota in (80, 20, 14))) == 24
    assert months(post("2013", "2015"), post("2015", "2015"), post("2015", "2018")) == 60


def test_half_of_a_year_stands_beside_the_end_that_is_known():
    assert months(post("2024", ongoing=True), post("2024-01", "2024-03")) == 5
    assert months(post("2015-03", "2015"), post("2015-08", "2015-12")) == 10
    assert months(post("2015", "2015-10"), post("2015-01", "2015-05")) == 10
    assert months(post("2024", "2026"), post("2024-01", "2024-03")) == 5


def test_placements_during_studies_are_not_employment():
    assert months(post("2010-01", "2010-12", sector="STAGE_ECOLE")) == 0
    assert months(post("2010-01", "2010-12", sector="PRIVE", status="STAGE")) == 0
    assert months(post("2010-01", "2010-12", sector="FPT", status="STAGIAIRE")) == 12


def test_only_the_professional_rubric_counts():
    volunteer = entry(
        ExtraProfessionalExperience, RubricName.EXTRA_PROFESSIONAL_EXPERIENCE,
        start="2010-01", end="2019-12",
    )  # fmt: skip
    assert months(volunteer) == 0


def test_three_years_are_reached_at_36_months_and_not_before():
    assert experience_total_of([post("2010-01", "2012-12")], TODAY).over_three_years
    short = experience_total_of(
        [post("2010-01-01", "2012-12-30"), post("2013-01-02", "2013-01-02")], TODAY
    )
    assert short.over_three_years
    assert not experience_total_of([post("2010-01-02", "2012-12-31")], TODAY).over_three_years
    assert not experience_total_of([], TODAY).over_three_years


def test_a_total_with_a_part_time_post_is_said_in_full_time_equivalent():
    whole, part = post("2010", "2012"), post("2013", "2015", work_quota=80)
    future = post("2031", "2032", work_quota=50)
    assert experience_total_of([whole, future], TODAY).label == "Expérience cumulée"
    assert (
        experience_total_of([whole, part], TODAY).label
        == "Expérience cumulée en équivalent temps plein"
    )


@pytest.mark.parametrize(
    ("total", "text"),
    [
        (0, "0 mois"), (1, "1 mois"), (11, "11 mois"), (12, "1 an"), (13, "1 an et 1 mois"),
        (24, "2 ans"), (171, "14 ans et 3 mois"),
    ],
)  # fmt: skip
def test_months_are_said_in_french(total, text):
    assert years_and_months(total) == text


def test_a_few_days_are_less_than_a_month():
    assert experience_total_of([post("2019-03-04", "2019-03-08")], TODAY).text == "moins d’un mois"
    assert experience_total_of([], TODAY).text == "0 mois"


DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
BOUND = DAYS.flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
POSTS = st.lists(
    st.builds(
        post, BOUND, BOUND, work_quota=st.integers(1, 100), ongoing=st.sampled_from([None, True])
    ),
    max_size=6,
)
QUICK = settings(max_examples=60, deadline=None)


@QUICK
@given(POSTS, st.randoms(use_true_random=False))
def test_the_order_of_posts_changes_nothing(posts, random):
    shuffled = random.sample(posts, len(posts))
    assert experience_total_of(shuffled, TODAY) == experience_total_of(posts, TODAY)


@QUICK
@given(POSTS)
def test_the_total_never_exceeds_the_calendar(posts):
    first = min((p.start for p in posts), default="2024")
    span = (TODAY.year - int(first[:4]) + 1) * 12
    assert 0 <= months(*posts) <= max(span, 0)


@QUICK
@given(POSTS)
def test_a_post_entered_twice_at_full_time_counts_once(posts):
    for one in posts:
        one.work_quota = 100
        if one.start is not None and len(one.start) == 4:
            one.start += "-01"
        if one.end is not None and len(one.end) == 4:
            one.end += "-12"
    assert months(*posts, *posts) == months(*posts)


@QUICK
@given(POSTS, POSTS)
def test_another_post_never_takes_anything_away(posts, others):
    assert months(*posts) <= months(*posts, *others) <= months(*posts) + months(*others) + 1


@QUICK
@given(st.lists(DAYS.filter(lambda day: day <= TODAY), min_size=3, max_size=3), st.integers(1, 100))
def test_a_post_cut_in_two_counts_as_much(days, quota):
    first, cut, last = (day.isoformat() for day in sorted(days))
    following = date.fromordinal(date.fromisoformat(cut).toordinal() + 1).isoformat()
    whole = experience_total_of([post(first, last, work_quota=quota)], TODAY)
    pieces = [post(first, cut, work_quota=quota), post(following, last, work_quota=quota)]
    assert experience_total_of(pieces, TODAY) == whole

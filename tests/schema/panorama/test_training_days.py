"""Days of training by type and by five years."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schema.description.rubric import RubricName, ValidationContext
from schema.entries.entries import Training
from schema.panorama.training_days import training_days_of

TODAY = date(2024, 6, 15)
NOW = datetime(2024, 6, 1, tzinfo=UTC)
DAYS = st.dates(date(1990, 1, 1), date(2030, 12, 31))
BOUND = DAYS.flatmap(
    lambda day: st.sampled_from([day.isoformat(), day.isoformat()[:7], day.isoformat()[:4]])
)
QUICK = settings(max_examples=60, deadline=None)


def entry(entry_type, rubric, /, **content):
    return entry_type(
        id="e", rubric=rubric, version=1, shareable=True, created_at=NOW, updated_at=NOW,
        rank=0, context=ValidationContext(today=TODAY), **content,
    )  # fmt: skip


def training(start="2017-03", value=2, unit="DAY", **content):
    return entry(
        Training, RubricName.TRAINING, start=start, duration_value=value, duration_unit=unit,
        **content,
    )  # fmt: skip


def days(*trainings):
    return {
        (total.statutory_type and total.statutory_type.code, total.five_years): total.days
        for total in training_days_of(trainings, TODAY)
    }


def test_days_are_summed_by_statutory_type_and_five_year_period():
    assert days(
        training("2015", 5, statutory_type="INTEGRATION"),
        training("2019-12-31", 5, statutory_type="INTEGRATION"),
        training("2020-01-01", 1.5, statutory_type="INTEGRATION"),
        training("2016", 2, statutory_type="PERFECTIONNEMENT"),
    ) == {
        ("INTEGRATION", "2015–2019"): 10,
        ("INTEGRATION", "2020–2024"): 1.5,
        ("PERFECTIONNEMENT", "2015–2019"): 2,
    }


def test_types_follow_the_code_table_then_time_and_the_unknown_come_last():
    trainings = [
        training("2011"),
        training("2021", statutory_type="PERFECTIONNEMENT"),
        training("2011", statutory_type="RETIRED_CODE"),
        training("2011", statutory_type="PERFECTIONNEMENT"),
        training("2021", statutory_type="INTEGRATION"),
    ]
    assert list(days(*trainings)) == [
        ("INTEGRATION", "2020–2024"),
        ("PERFECTIONNEMENT", "2010–2014"),
        ("PERFECTIONNEMENT", "2020–2024"),
        ("RETIRED_CODE", "2010–2014"),
        (None, "2010–2014"),
    ]
    first = training_days_of(trainings, TODAY)[0]
    assert first.statutory_type.label == "Formation d’intégration"


def test_six_hours_are_a_day_in_this_total_only():
    taken = training(value=9, unit="HOUR")
    assert days(taken) == {(None, "2015–2019"): 1.5}
    assert (taken.duration_value, taken.duration_unit) == (9, "HOUR")
    assert days(training(value=1, unit="HOUR")) == {(None, "2015–2019"): 0.5}


def test_small_rounding_errors_do_not_add_up():
    assert days(*[training(value=1, unit="HOUR")] * 6) == {(None, "2015–2019"): 1}
    assert days(*[training(value=0.1)] * 10) == {(None, "2015–2019"): 1}


@pytest.mark.parametrize(
    "left_out",
    [
        training(role="FORMATEUR"),
        training(value=2, unit="MONTH"),
        training(value=1, unit="YEAR"),
        training(value=None),
        training(unit=None),
        training(start=None),
        training(start="not a date"),
        training(start="2024-07"),
        training(value=float("nan")),
        training(value=float("inf")),
        training(value=-3),
        training(value=10**400),
    ],
)
def test_what_was_not_surely_followed_for_some_days_is_left_out(left_out):
    assert days(left_out) == {}


def test_a_training_begun_today_counts_and_so_does_one_without_a_role():
    assert days(training("2024-06-15", role="STAGIAIRE")) == {(None, "2020–2024"): 2}
    assert days(training("2024")) == {(None, "2020–2024"): 2}


@QUICK
@given(
    st.lists(
        st.builds(
            training,
            BOUND,
            st.integers(1, 10_000).map(lambda hundredths: hundredths / 100),
            st.sampled_from(["DAY", "HOUR"]),
            statutory_type=st.sampled_from([None, "INTEGRATION", "CPF"]),
        ),
        max_size=8,
    ),
    st.randoms(use_true_random=False),
)
def test_the_order_of_trainings_changes_no_total(trainings, random):
    shuffled = random.sample(trainings, len(trainings))
    assert training_days_of(shuffled, TODAY) == training_days_of(trainings, TODAY)


@pytest.mark.parametrize(
    ("hours", "total"), [(7.5, 1.5), (7.4, 1.0), (313, 52.0), (1.5, 0.5), (12, 2.0), (10.5, 2.0)]
)
def test_days_are_told_to_half_a_day_and_halves_go_up(hours, total):
    assert days(training(value=hours, unit="HOUR")) == {(None, "2015–2019"): total}

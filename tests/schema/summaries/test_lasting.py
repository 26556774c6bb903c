"""For how long a summary stays what it is: as long as it says, whatever its dates."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schema.description.rubric import RubricName
from schema.entries.entries import Entry
from schema.entries.sorting import sort_entries
from schema.sharing.consent import SummarySection
from schema.summaries.build import SummaryConsent, build_summary
from schema.summaries.lasting import last_day_of_summary
from tests.schema.entry_samples import NOW, a_numbered_entry

DAY = timedelta(days=1)
CONSENT = SummaryConsent("id", frozenset(SummarySection), NOW, NOW)
DAYS = st.dates(date(2026, 1, 1), date(2027, 12, 31))
PARTIAL = st.builds(lambda day, length: day.isoformat()[:length], DAYS, st.sampled_from((4, 7, 10)))
POSTS = st.builds(
    lambda start, end, ongoing: a_numbered_entry(
        RubricName.PROFESSIONAL_EXPERIENCE, job_title="Jardinier", start=start, end=end, ongoing=ongoing
    ),
    PARTIAL, st.none() | PARTIAL, st.booleans(),
)  # fmt: skip
LICENCES = st.builds(
    lambda until: a_numbered_entry(
        RubricName.DRIVING_LICENCE, licence_category="C", valid_until=until
    ),
    st.none() | PARTIAL,
)
ACCREDITATIONS = st.builds(
    lambda until, issued: a_numbered_entry(
        RubricName.ACCREDITATION, accreditation_type="SST", valid_until=until, issued_on=issued
    ),
    st.none() | PARTIAL,
    st.none() | PARTIAL,
)


@given(st.lists(POSTS | LICENCES | ACCREDITATIONS, max_size=3), DAYS, st.integers(0, 400))
def test_until_its_last_day_a_summary_says_the_same(
    entries: list[Entry], today: date, later: int
) -> None:
    last = last_day_of_summary(entries, today)
    assert last >= today
    days = {min(last, today + later * DAY), min(last, today + 800 * DAY)}
    assert all(built(entries, day) == built(entries, today) for day in days)


def test_a_summary_without_a_date_to_come_lasts_for_ever() -> None:
    entries = [
        a_numbered_entry(RubricName.DIPLOMA, title="BTS"),
        a_numbered_entry(RubricName.DRIVING_LICENCE, licence_category="B"),
        a_numbered_entry(
            RubricName.ACCREDITATION, accreditation_type="SST", valid_until="2026-01-31"
        ),
        a_numbered_entry(RubricName.PROFESSIONAL_EXPERIENCE, start="2015-09", ongoing=True),
    ]
    assert last_day_of_summary(entries, date(2026, 11, 22)) == date.max
    assert last_day_of_summary([], date(2026, 11, 22)) == date.max


def test_it_lasts_until_the_day_before_something_changes() -> None:
    licence = a_numbered_entry(
        RubricName.DRIVING_LICENCE, licence_category="C", valid_until="2028-06-30"
    )
    expected = {  # what is near is told to the day; when it becomes near, within four days
        date(2026, 11, 22): date(2027, 12, 26),
        date(2027, 12, 28): date(2027, 12, 28),
        date(2028, 1, 10): date(2028, 6, 30),
        date(2028, 7, 1): date.max,
    }
    assert {day: last_day_of_summary([licence], day) for day in expected} == expected


def built(entries: list[Entry], day: date) -> object:
    return build_summary(CONSENT, None, None, sort_entries(entries), {}, day)

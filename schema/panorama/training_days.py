"""How many days of training were followed, by statutory type and by five-year period."""

from collections import Counter
from collections.abc import Iterable
from datetime import date

import strawberry

from schema.codes import code_table, label_of
from schema.codes.table import CodeLabel
from schema.entries.entries import Entry, Training

HOURS_OF_A_DAY = 6
DAYS_OF_A_WEEK = 5
_TYPES = "statutoryType"
_LONGEST = 100_000
_HUNDREDTHS = 100
_HOURS = {"HOUR": 1, "DAY": HOURS_OF_A_DAY, "WEEK": DAYS_OF_A_WEEK * HOURS_OF_A_DAY}


@strawberry.type(
    description="Days of training followed: of one statutory type, begun within five years. Trainings given, planned or undated, and durations in months or years are left out; entries keep their durations as given."
)
class TrainingDays:
    """One total of the panorama."""

    statutory_type: CodeLabel | None = strawberry.field(
        description="The statutory type; null when not given."
    )
    five_years: str = strawberry.field(
        description="The period in which the trainings began: « 2015–2019 »."
    )
    days: float = strawberry.field(
        description=f"Days, to half a day, halves up; hours are counted for {HOURS_OF_A_DAY} a day, as the CNFPT does, and a week for {DAYS_OF_A_WEEK} days."
    )


def training_days_of(entries: Iterable[Entry], today: date) -> list[TrainingDays]:
    """The totals that are above zero: in the order of the code table, then oldest first.

    A training counts in the period in which it began, for the whole of its duration.
    """
    totals: Counter[tuple[str, int]] = Counter()
    for entry in entries:
        if isinstance(entry, Training) and entry.role != "FORMATEUR":
            began = entry.period.earliest()
            worth = _hundredths_of_hours(entry)
            if began is not None and began <= today and worth:
                totals[entry.statutory_type or "", began.year - began.year % 5] += worth
    places = {code.code: place for place, code in enumerate(code_table(_TYPES).codes)}

    def place(key: tuple[str, int]) -> tuple[bool, int, str, int]:
        code, first_year = key
        return (not code, places.get(code, len(places)), code, first_year)

    return [_total(*key, totals[key]) for key in sorted(totals, key=place)]


def _total(code: str, first_year: int, hundredths: int) -> TrainingDays:
    return TrainingDays(
        statutory_type=CodeLabel(code=code, label=label_of(_TYPES, code)) if code else None,
        five_years=f"{first_year}–{first_year + 4}",
        days=max(1, _rounded(hundredths * 2, _HUNDREDTHS * HOURS_OF_A_DAY)) / 2,
    )


def _rounded(numerator: int, denominator: int) -> int:
    """The nearest whole number; halves go up, as people count."""
    return (2 * numerator + denominator) // (2 * denominator)


def _hundredths_of_hours(training: Training) -> int:
    """The duration as a whole number, so that no order changes a sum; 0 when it is not counted.

    Durations in months or years are not counted: nobody can tell how many days they had.
    """
    value = training.duration_value
    if not isinstance(value, int | float) or not 0 < value <= _LONGEST:
        return 0
    return round(value * _HUNDREDTHS) * _HOURS.get(training.duration_unit or "", 0)

"""Partial dates: as precise after a calculation as before it."""

import pytest

from schema.description.dates import PartialDate


def parsed(text: str) -> PartialDate:
    date = PartialDate.parse(text)
    assert date is not None
    return date


@pytest.mark.parametrize(
    ("start", "months", "later"),
    [
        ("2023-03-15", 36, "2026-03-15"),
        ("2023-03", 36, "2026-03"),
        ("2023", 36, "2026"),
        ("2023", 25, "2026"),
        ("2024-12", 1, "2025-01"),
        ("2024-02-29", 24, "2026-02-28"),
        ("2025-12-31", 2, "2026-02-28"),
    ],
)
def test_months_are_added_to_the_precision_of_the_date(start, months, later):
    assert parsed(start).plus_months(months) == parsed(later)

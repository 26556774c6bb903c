"""How far the validity of something has run."""

from datetime import date

import pytest

from schema.description.dates import PartialDate
from schema.description.validity import Validity, validity, validity_label

TODAY = date(2025, 8, 31)


@pytest.mark.parametrize(
    ("written", "status"),
    [
        ("2025-08-30", Validity.EXPIRED),
        ("2025-08-31", Validity.EXPIRING),
        ("2026-02-28", Validity.EXPIRING),
        ("2026-03-01", Validity.VALID),
        ("2025-07", Validity.EXPIRED),
        ("2025-08", Validity.EXPIRING),
        ("2026-02", Validity.EXPIRING),
        ("2026-03", Validity.VALID),
        ("2024", Validity.EXPIRED),
        ("2025", Validity.EXPIRING),
        ("2026", Validity.VALID),
    ],
)
def test_validity_runs_to_the_last_day_that_the_date_can_mean(written, status):
    assert validity(PartialDate.parse(written), TODAY) is status


def test_what_has_no_date_has_no_expiry():
    assert validity(None, TODAY) is Validity.NO_EXPIRY


def test_every_state_is_said_in_french():
    assert [validity_label(status) for status in Validity] == [
        "Valide",
        "Expire bientôt",
        "Expirée",
        "Sans échéance",
    ]

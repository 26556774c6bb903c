"""The terms of share links, and which of several reasons says that one has ended."""

from datetime import date

import pytest

from schema.sharing.share_link import ShareLinkState, share_link_errors, share_link_terms, state_of
from tests.schema.problems import codes

TODAY = date(2026, 11, 22)


def errors(name: str, expires_on: date | None, views: int | None) -> list[tuple[str, str]]:
    terms = share_link_terms(name, expires_on, views, TODAY, has_pin=False)
    return codes(share_link_errors(terms, TODAY))


def test_a_name_is_one_line_and_a_link_lasts_a_week_unless_said() -> None:
    terms = share_link_terms("  Jury\n\tde  VAE ", None, None, TODAY, has_pin=True)
    assert (terms.name, terms.expires_on, terms.has_pin) == (
        "Jury de VAE",
        date(2026, 11, 29),
        True,
    )
    assert list(share_link_errors(terms, TODAY)) == []


@pytest.mark.parametrize(
    ("last_day", "is_right"),
    [
        (date(2026, 11, 21), False),
        (date(2026, 11, 22), True),
        (date(2026, 12, 22), True),
        (date(2026, 12, 23), False),
        (date(9999, 12, 31), False),
    ],
)
def test_the_last_day_is_within_thirty_days(last_day: date, is_right: bool) -> None:
    assert (errors("Jury", last_day, None) == []) == is_right


@pytest.mark.parametrize(
    ("views", "is_right"), [(-1, False), (0, False), (1, True), (100, True), (101, False)]
)
def test_a_link_is_opened_one_to_a_hundred_times(views: int, is_right: bool) -> None:
    assert (errors("Jury", None, views) == []) == is_right


@pytest.mark.parametrize(
    ("revoked", "expired", "wrong", "left", "state"),
    [
        (False, False, 4, 1, "LIVE"),
        (False, False, 0, None, "LIVE"),
        (False, False, 4, 0, "USED_UP"),
        (False, False, 5, 0, "LOCKED"),
        (False, True, 5, 0, "EXPIRED"),
        (True, True, 5, 0, "REVOKED"),
    ],
)
def test_what_the_owner_did_says_most_of_why_a_link_ended(
    revoked: bool, expired: bool, wrong: int, left: int | None, state: str
) -> None:
    found = state_of(is_revoked=revoked, is_expired=expired, wrong_pins=wrong, views_left=left)
    assert found is ShareLinkState(state)

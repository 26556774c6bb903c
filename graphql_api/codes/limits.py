"""Limits of authorization codes: how many, and how long they serve."""

from dataclasses import dataclass
from datetime import date, timedelta

MAX_PER_BATCH = 500
MAX_USES = 1_000
SMALLEST_COUNTED = 11  # a total of fewer codes would tell who of a few people opened a booklet


@dataclass(frozen=True, slots=True)
class CodeValidity:
    """How long a code serves, with the words for it."""

    days: int
    in_english: str
    in_french: str


USUAL_VALIDITY = CodeValidity(365, "one", "un an")
MAX_VALIDITY = CodeValidity(2 * 365, "two years", "deux ans")


def may_expire_on(day: date, today: date) -> bool:
    """Whether that may be the last day of codes issued today."""
    return today <= day <= today + timedelta(MAX_VALIDITY.days)

"""How far the validity of an accreditation or a licence has run: computed when read, never stored."""

from collections.abc import Iterator
from datetime import date
from enum import Enum

import strawberry

from schema.description.bounds import in_words
from schema.description.dates import PartialDate
from schema.description.fields import member
from schema.description.refusals import Problem, problem
from schema.description.rubric import parse_date

EXPIRING_MONTHS = 6


@strawberry.enum(description="How far the validity of something has run on a given day.")
class Validity(Enum):
    """The state of something that can expire."""

    VALID = member("VALID", f"More than {in_words(EXPIRING_MONTHS)} months are left.")
    EXPIRING = member(
        "EXPIRING", f"{in_words(EXPIRING_MONTHS).capitalize()} months or less are left."
    )
    EXPIRED = member("EXPIRED", "The date on the document is past.")
    NO_EXPIRY = member("NO_EXPIRY", "The document has no end date.")


_LABELS = {
    Validity.VALID: "Valide",
    Validity.EXPIRING: "Expire bientôt",
    Validity.EXPIRED: "Expirée",
    Validity.NO_EXPIRY: "Sans échéance",
}


def validity_label(status: Validity) -> str:
    """The state in French."""
    return _LABELS[status]


def validity(valid_until: PartialDate | None, today: date) -> Validity:
    """The state, on a day, of something valid up to and including a date; NO_EXPIRY without one.

    A date known to the year or the month is read to its last day.
    """
    if valid_until is None:
        return Validity.NO_EXPIRY
    if valid_until.latest < today:
        return Validity.EXPIRED
    soon = PartialDate.from_date(today).plus_months(EXPIRING_MONTHS)
    return Validity.EXPIRING if valid_until.latest <= soon.latest else Validity.VALID


def expiry_warnings(key: str, valid_until: object, today: date, message: str) -> Iterator[Problem]:
    """A warning at `key` when the end of validity is past."""
    if validity(parse_date(valid_until), today) is Validity.EXPIRED:
        yield problem(key, "EXPIRED", message)

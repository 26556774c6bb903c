"""How far the validity of an accreditation or a licence has run: computed when read, never stored.

A state is never computed from a usual validity: a date is what the document says, or it is not known.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum
from functools import lru_cache

import strawberry

from schema.description.bounds import in_words
from schema.description.dates import PartialDate
from schema.description.enums import member
from schema.description.refusals import Problem, problem
from schema.description.rubric import parse_date

EXPIRING_MONTHS = 6


@strawberry.enum(
    description="How far the validity of something has run on a given day, among what else is known of its kind."
)
class Validity(Enum):
    """The state of something that can expire."""

    VALID = member("VALID", f"More than {in_words(EXPIRING_MONTHS)} months are left.")
    EXPIRING = member(
        "EXPIRING", f"{in_words(EXPIRING_MONTHS).capitalize()} months or less are left."
    )
    EXPIRED = member("EXPIRED", "The date on the document is past, and nothing newer renews it.")
    RENEWED = member(
        "RENEWED", "A newer entry of the same type covers the same or more: read that one."
    )
    EXPIRY_NOT_GIVEN = member(
        "EXPIRY_NOT_GIVEN", "What it is usually has an end date, and none was given."
    )
    NO_EXPIRY = member("NO_EXPIRY", "No end date was given, and what it is usually has none.")


_LABELS = {
    Validity.VALID: "Valide",
    Validity.EXPIRING: "Expire bientôt",
    Validity.EXPIRED: "Expirée",
    Validity.RENEWED: "Renouvelée",
    Validity.EXPIRY_NOT_GIVEN: "Échéance non renseignée",
    Validity.NO_EXPIRY: "Sans échéance",
}


def validity_label(status: Validity) -> str:
    """The state in French."""
    return _LABELS[status]


@dataclass(frozen=True, slots=True)
class Held:
    """What renewals are told by: what somebody holds, what it covers, since when and until when.

    `kind` is what a renewal shares with what it renews; `expires` says whether that kind usually
    has an end. Raw dates, so that a comparison that ends at the kind reads none.
    """

    kind: tuple[str, ...]
    covers: frozenset[str]
    since: str | None
    until: str | None
    expires: bool

    def is_renewed_by(self, other: "Held") -> bool:
        """Whether the other is of the same kind, covers the same or more, and is the newer one."""
        return self.kind == other.kind and self.covers <= other.covers and other._is_newer(self)

    def _is_newer(self, older: "Held") -> bool:
        """Whether it runs longer or, where ends do not tell, was surely issued later.

        A date known to the year or the month may be any of its days: unsure is no.
        """
        since, older_since = _parse(self.since), _parse(older.since)
        later = bool(since and older_since and since.earliest > older_since.latest)
        until, older_until = _parse(self.until), _parse(older.until)
        if until is None or older_until is None or until.latest == older_until.latest:
            return later
        earlier = bool(since and older_since and since.latest < older_since.earliest)
        return until.latest > older_until.latest and not earlier


@lru_cache(maxsize=4096)
def _parse(written: str | None) -> PartialDate | None:
    return parse_date(written)


def validity(held: Held, others: Iterable[Held], today: date) -> Validity:
    """The state, on a day, of what is held, among all that the same person holds.

    It is valid up to and including its last day; a date known to the year or the month is read to
    its last day. What never expires is not renewed.
    """
    until = parse_date(held.until)
    if until is None and not held.expires:
        return Validity.NO_EXPIRY
    if any(other is not held and held.is_renewed_by(other) for other in others):
        return Validity.RENEWED
    return Validity.EXPIRY_NOT_GIVEN if until is None else date_validity(until, today)


def date_validity(until: PartialDate, today: date) -> Validity:
    """The state of a date alone: valid, expiring or expired."""
    if until.latest < today:
        return Validity.EXPIRED
    return Validity.EXPIRING if until.latest <= _soon(today) else Validity.VALID


@lru_cache(maxsize=8)
def _soon(today: date) -> date:
    return PartialDate.from_date(today).plus_months(EXPIRING_MONTHS).latest


def validity_warnings(
    key: str, status: Validity, *, expired: str, missing: str
) -> Iterator[Problem]:
    """A warning at `key` when the end of validity is past, or is missing where there usually is one."""
    if status is Validity.EXPIRED:
        yield problem(key, "EXPIRED", expired)
    elif status is Validity.EXPIRY_NOT_GIVEN:
        yield problem(key, "RECOMMENDED", missing)


def usual_validity_in_french(months: int, *, until_year_end: bool) -> str:
    """« en général 5 ans », « en général jusqu’au 31 décembre de l’année suivante »."""
    years = months // 12
    if until_year_end:
        when = "l’année suivante" if years == 1 else f"la {years}e année suivante"
        return f"en général jusqu’au 31 décembre de {when}"
    return f"en général {years} an{'s' if years > 1 else ''}"

"""Reminders by e-mail: what they are sent for, and the owner's setting."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

import strawberry

from schema.description.bounds import in_words
from schema.description.dates import PartialDate
from schema.description.rubric import parse_date
from schema.description.validity import Validity
from schema.entries.entries import Entry
from schema.panorama.validity_items import validity_of

REMINDER_MONTHS = 3
REMINDER_DAYS = 30  # between two letters to one person, at least


def ends_soon(entries: Iterable[Entry], today: date) -> dict[str, date]:
    """The last day of what expires within `REMINDER_MONTHS`, by the id of the entry.

    The rule is the panorama's: what was renewed does not expire, and a date known to the month or
    the year is read to its last day.
    """
    soon = PartialDate.from_date(today).plus_months(REMINDER_MONTHS).latest
    ends: dict[str, date] = {}
    for entry, status in validity_of(entries, today):
        until = parse_date(entry.valid_until)
        if status is Validity.EXPIRING and until is not None and until.latest <= soon:
            ends[entry.id] = until.latest
    return ends


@strawberry.type(
    description=f"Letters by e-mail, if the owner wants them: one when something expires within {in_words(REMINDER_MONTHS)} months, at most one in {REMINDER_DAYS} days, never twice for the same date. They say neither whose booklet it is nor what expires."
)
class Reminder:
    """The owner's setting, off until they say yes."""

    enabled: bool = strawberry.field(description="Whether the owner wants them.")
    since: datetime | None = strawberry.field(
        description="Since when (UTC); null where they do not want them."
    )
    last_letter_at: datetime | None = strawberry.field(
        description="When the last letter was written (UTC)."
    )
    has_address: strawberry.Private[Callable[[], bool]]

    @strawberry.field(
        description="Whether an address is known to write to: the verified one of the owner's account here. Who signs in at another issuer has none, and gets no letter."
    )
    def available(self) -> bool:
        return self.has_address()

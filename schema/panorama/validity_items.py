"""What can expire, accreditations and driving licences, and how far their validity has run."""

from datetime import date

import strawberry

from schema.description.rubric import parse_date
from schema.description.validity import Validity, validity, validity_label
from schema.entries.entries import Accreditation, DrivingLicence, Entry

_MOST_PRESSING_FIRST = (Validity.EXPIRED, Validity.EXPIRING, Validity.VALID, Validity.NO_EXPIRY)


@strawberry.type(
    description="An accreditation or a category of driving licence, and where it stands."
)
class ValidityItem:
    """One line of what can expire."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    status: Validity = strawberry.field(description="Where it stands on the day of reading.")
    label: str = strawberry.field(description="The same in French.")
    valid_until: str | None = strawberry.field(
        description="The date on the document, in French; null when it has none."
    )


def validity_items_of(entries: list[Entry], today: date) -> list[ValidityItem]:
    """What can expire, the most pressing first."""
    items = []
    for entry in entries:
        if isinstance(entry, Accreditation | DrivingLicence):
            until = parse_date(entry.valid_until)
            status = validity(until, today)
            item = ValidityItem(
                entry=entry.id,
                headline=entry.described_by.headline(entry),
                status=status,
                label=validity_label(status),
                valid_until=until.in_french() if until else None,
            )
            items.append(
                (_MOST_PRESSING_FIRST.index(status), until.latest if until else date.max, item)
            )
    return [item for *_, item in sorted(items, key=lambda found: found[:2])]

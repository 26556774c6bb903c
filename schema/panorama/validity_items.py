"""What can expire, accreditations and driving licences, and how far their validity has run."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Generic

import strawberry

from schema.description.rubric import parse_date
from schema.description.validity import Held, Validity, validity, validity_label
from schema.entries.entries import Accreditation, DrivingLicence, Entry
from schema.panorama.panorama_entry import Node, Show
from schema.rubrics.accreditations import held_accreditation
from schema.rubrics.driving_licences import held_licence

Expiring = Accreditation | DrivingLicence

_MOST_PRESSING_FIRST = (
    Validity.EXPIRED,
    Validity.EXPIRING,
    Validity.EXPIRY_NOT_GIVEN,
    Validity.VALID,
    Validity.NO_EXPIRY,
    Validity.RENEWED,
)


@strawberry.type(
    description="An accreditation or a category of driving licence, and where it stands."
)
class ValidityItem(Generic[Node]):
    """One line of what can expire."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    status: Validity = strawberry.field(description="Where it stands on the day of reading.")
    label: str = strawberry.field(description="The same in French.")
    valid_until: str | None = strawberry.field(
        description="The date on the document, in French; null when none was given."
    )
    source: strawberry.Private[Entry]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The entry itself.")
    def node(self) -> Node:
        return self.show(self.source)


def validity_items_of(
    entries: list[Entry], today: date, show: Show[Node]
) -> list[ValidityItem[Node]]:
    """What can expire, the most pressing first and what was renewed last."""
    items = []
    for entry, status in validity_of(entries, today):
        until = parse_date(entry.valid_until)
        item = ValidityItem(
            entry=entry.id,
            headline=entry.described_by.headline(entry),
            status=status,
            label=validity_label(status),
            valid_until=until.in_french() if until else None,
            source=entry,
            show=show,
        )
        items.append(
            (_MOST_PRESSING_FIRST.index(status), until.latest if until else date.max, item)
        )
    return [item for *_, item in sorted(items, key=lambda found: found[:2])]


def validity_of(entries: Iterable[Entry], today: date) -> list[tuple[Expiring, Validity]]:
    """Each accreditation and licence with its state, in the order of the entries.

    Only these entries renew one another: a selection tells nothing of what it leaves out.
    """
    held = [(entry, _held(entry)) for entry in entries if isinstance(entry, Expiring)]
    of_a_kind: dict[tuple[type, tuple[str, ...]], list[Held]] = defaultdict(list)
    for entry, one in held:
        of_a_kind[type(entry), one.kind].append(one)
    return [(entry, validity(one, of_a_kind[type(entry), one.kind], today)) for entry, one in held]


def _held(entry: Expiring) -> Held:
    if isinstance(entry, DrivingLicence):
        return held_licence(entry)
    return held_accreditation(entry)

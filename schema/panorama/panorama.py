"""The « Panorama »: what is computed, at reading time, from the entries of a booklet or a dossier.

Nothing here knows more than the entries that it is given, so that a selection shows nothing of
the rest; and what a query does not select is not computed.
"""

from collections import Counter
from datetime import date, datetime

import strawberry

from schema.codes import code_table, label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.dates import Period
from schema.description.rubric import RubricName, parse_date
from schema.description.validity import Validity, validity, validity_label
from schema.entries.entries import Accreditation, Diploma, DrivingLicence, Entry
from schema.panorama.experience_total import ExperienceTotal, experience_total_of
from schema.panorama.matrix import CompetenceMatrix, matrix_of
from schema.panorama.timeline import TimelineSpan, timeline_of
from schema.panorama.training_days import TrainingDays, training_days_of
from schema.rubrics import RUBRICS


@strawberry.type(description="A rubric with its number of entries.")
class RubricCount:
    """« Titres et diplômes (3) » as data."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    label: str = strawberry.field(description="Its French label.")
    count: int = strawberry.field(description="How many entries.")


@strawberry.type(description="An entry that the panorama names.")
class PanoramaEntry:
    """A reference with the words to show."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French; empty when undated.")


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


@strawberry.type(
    description="How many entries have the document that decree 2008-830, article 5, wants in annex."
)
class EvidenceCoverage:
    """Paper documents expected and listed; nothing is checked by anyone."""

    expected: int = strawberry.field(description="How many entries ask for a document.")
    covered: int = strawberry.field(description="How many of them have at least one listed.")
    missing: list[PanoramaEntry] = strawberry.field(
        description=f"The others, in the booklet's order; {at_most(MAX_ENTRIES)}."
    )


@strawberry.type(description="« Panorama »: what can be computed from the whole.")
class Panorama:
    """The panorama of some entries on some day."""

    last_update: datetime | None = strawberry.field(
        description="When something last changed (UTC)."
    )
    entry_list: strawberry.Private[list[Entry]]
    today: strawberry.Private[date]

    @strawberry.field(
        description=f"Every rubric with its count, in the guide's order; {len(RubricName)}."
    )
    def counters(self) -> list[RubricCount]:
        counts = Counter(entry.rubric for entry in self.entry_list)
        return [
            RubricCount(rubric=rubric.name, label=rubric.label, count=counts[rubric.name])
            for rubric in RUBRICS
        ]

    @strawberry.field(
        description=f"Professional experiences that go on today, or whose end is surely not past; {at_most(MAX_ENTRIES)}."
    )
    def current_posts(self) -> list[PanoramaEntry]:
        return [
            _panorama_entry(entry)
            for entry in self.entry_list
            if entry.rubric is RubricName.PROFESSIONAL_EXPERIENCE
            and is_current(entry.described_by.period(entry), self.today)
        ]

    @strawberry.field(
        description=f"Dated formations, experiences and recognitions of prior learning, oldest first; {at_most(MAX_ENTRIES)}."
    )
    def timeline(self) -> list[TimelineSpan]:
        return timeline_of(self.entry_list, self.today)

    @strawberry.field(description="Competences and the entries that support them.")
    def matrix(self) -> CompetenceMatrix:
        return matrix_of(self.entry_list)

    @strawberry.field(
        description="The highest level among awarded diplomas; « sans niveau » (NONE) only when no other is given, null when none is."
    )
    def highest_level(self) -> CodeLabel | None:
        return highest_level_of(self.entry_list)

    @strawberry.field(description="Cumulated professional experience.")
    def experience(self) -> ExperienceTotal:
        return experience_total_of(self.entry_list, self.today)

    @strawberry.field(
        description=f"Days of training followed, by statutory type and five-year period; {at_most(MAX_ENTRIES)}."
    )
    def training_days(self) -> list[TrainingDays]:
        return training_days_of(self.entry_list, self.today)

    @strawberry.field(
        description=f"Accreditations and driving licences: expired, then expiring, valid, without term; the earliest date first; {at_most(MAX_ENTRIES)}."
    )
    def validity(self) -> list[ValidityItem]:
        return validity_items_of(self.entry_list, self.today)

    @strawberry.field(description="The documents of article 5, listed or missing.")
    def evidence(self) -> EvidenceCoverage:
        return evidence_coverage_of(self.entry_list, self.today)


def panorama_of(entries: list[Entry], today: date, updated_at: datetime | None) -> Panorama:
    """The panorama of these entries, which are arranged and tied."""
    return Panorama(entry_list=entries, today=today, last_update=updated_at)


def is_current(period: Period, today: date) -> bool:
    """Whether it has begun and surely has not ended: ongoing, or with an end still to come."""
    begun = period.start is None or period.start.earliest <= today
    return begun and (period.ongoing or (period.end is not None and period.end.earliest >= today))


def highest_level_of(entries: list[Entry]) -> CodeLabel | None:
    """The highest known level of the diplomas that were awarded; the table goes upwards."""
    places = {code.code: place for place, code in enumerate(code_table("level").codes)}
    levels = [
        entry.level
        for entry in entries
        if isinstance(entry, Diploma) and entry.outcome == "OBTENU" and entry.level in places
    ]
    highest = max(levels, key=lambda level: places[level or ""], default=None)
    return CodeLabel(code=highest, label=label_of("level", highest)) if highest else None


_STANDING = (Validity.EXPIRED, Validity.EXPIRING, Validity.VALID, Validity.NO_EXPIRY)


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
            items.append((_STANDING.index(status), until.latest if until else date.max, item))
    return [item for *_, item in sorted(items, key=lambda found: found[:2])]


def evidence_coverage_of(entries: list[Entry], today: date) -> EvidenceCoverage:
    """Which entries of the rubrics that ask for a document have one listed."""
    asking = [
        entry
        for entry in entries
        if entry.described_by.evidence and entry.described_by.expects_evidence(entry, today)
    ]
    missing = [_panorama_entry(entry) for entry in asking if not entry.attachment_list]
    return EvidenceCoverage(
        expected=len(asking), covered=len(asking) - len(missing), missing=missing
    )


def _panorama_entry(entry: Entry) -> PanoramaEntry:
    rubric = entry.described_by
    return PanoramaEntry(
        entry=entry.id, headline=rubric.headline(entry), when=rubric.period(entry).in_french()
    )

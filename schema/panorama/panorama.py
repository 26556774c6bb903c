"""The « Panorama »: the figures computed, at reading time, from the entries of a booklet or a dossier.

A figure is a module of this room, a function of entries and of the day, and a field of `Panorama`. It
knows no more than the entries that it is given, so that a selection shows nothing of the rest; a
figure that a query does not select is not computed, and the entries are read for the first that is.
"""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Generic

import strawberry

from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.rubric import RubricName
from schema.entries.entries import Entry, ProfessionalExperience
from schema.panorama.counters import RubricCount, counters
from schema.panorama.current_posts import current_posts_of
from schema.panorama.evidence_coverage import EvidenceCoverage, evidence_coverage_of
from schema.panorama.experience_total import ExperienceTotal, experience_total_of
from schema.panorama.highest_level import highest_level_of
from schema.panorama.matrix import CompetenceMatrix, matrix_of
from schema.panorama.panorama_entry import Node, PanoramaEntry, Show, panorama_entry
from schema.panorama.timeline import TimelineSpan, timeline_of
from schema.panorama.training_days import TrainingDays, training_days_of
from schema.panorama.validity_items import ValidityItem, validity_items_of


@strawberry.type(description="« Panorama »: what can be computed from the whole.")
class Panorama(Generic[Node]):
    """The panorama of some entries on some day."""

    last_update: datetime | None = strawberry.field(
        description="When something last changed (UTC)."
    )
    read_entries: strawberry.Private[Callable[[], list[Entry]]]
    read_counts: strawberry.Private[Callable[[], Mapping[RubricName, int]]]
    today: strawberry.Private[date]
    show: strawberry.Private[Show[Node]]

    @property
    def entry_list(self) -> list[Entry]:
        """The entries, read when they are first asked for."""
        return self.read_entries()

    @strawberry.field(
        description=f"Every rubric with its count, in the guide's order; entries of the owner that cannot be read count too; {len(RubricName)}."
    )
    def counters(self) -> list[RubricCount]:
        return counters(self.read_counts())

    @strawberry.field(
        description=f"Posts that go on today, or whose end is surely not past, the main one first; positions outside of the service are left out; {at_most(MAX_ENTRIES)}."
    )
    def current_posts(self) -> list[PanoramaEntry[Node]]:
        return [
            panorama_entry(post, self.show)
            for post in current_posts_of(self.entry_list, self.today)
        ]

    @strawberry.field(
        description=f"Dated formations, experiences and recognitions of prior learning, oldest first; {at_most(MAX_ENTRIES)}."
    )
    def timeline(self) -> list[TimelineSpan[Node]]:
        return timeline_of(self.entry_list, self.today, self.show)

    @strawberry.field(description="Competences and the entries that support them.")
    def matrix(self) -> CompetenceMatrix[Node]:
        return matrix_of(self.entry_list, self.show)

    @strawberry.field(
        description="The highest level among awarded diplomas, an old level (I to VI) read as the lowest that it means today (I as 7); « sans niveau » (NONE) only when no other is given, null when none is."
    )
    def highest_level(self) -> CodeLabel | None:
        return highest_level_of(self.entry_list)

    @strawberry.field(
        description="Cumulated professional experience; null without a professional experience, of which it would say « 0 mois »."
    )
    def experience(self) -> ExperienceTotal | None:
        if not any(isinstance(entry, ProfessionalExperience) for entry in self.entry_list):
            return None
        return experience_total_of(self.entry_list, self.today)

    @strawberry.field(
        description=f"Days of training followed, by statutory type and five-year period; {at_most(MAX_ENTRIES)}."
    )
    def training_days(self) -> list[TrainingDays]:
        return training_days_of(self.entry_list, self.today)

    @strawberry.field(
        description=f"Accreditations and driving licences: expired, then expiring, with an end to give, valid, without end, renewed; the earliest date first; {at_most(MAX_ENTRIES)}."
    )
    def validity(self) -> list[ValidityItem[Node]]:
        return validity_items_of(self.entry_list, self.today, self.show)

    @strawberry.field(description="The documents of article 5, listed or missing.")
    def evidence(self) -> EvidenceCoverage[Node]:
        return evidence_coverage_of(self.entry_list, self.today, self.show)


def panorama_of(
    entries: list[Entry], today: date, updated_at: datetime | None, show: Show[Node]
) -> Panorama[Node]:
    """The panorama of entries that are sorted and linked; `show` gives its reader's type of one."""
    return Panorama(
        last_update=updated_at,
        read_entries=lambda: entries,
        read_counts=lambda: Counter(entry.rubric for entry in entries),
        today=today,
        show=show,
    )

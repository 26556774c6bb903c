"""Which entries have the paper document that decree 2008-830, article 5, wants in annex."""

from collections.abc import Iterable
from datetime import date
from typing import Generic

import strawberry

from schema.description.bounds import MAX_ENTRIES, at_most
from schema.entries.entries import Entry
from schema.panorama.panorama_entry import Node, PanoramaEntry, Show, panorama_entry


@strawberry.type(
    description="How many entries have the document that decree 2008-830, article 5, wants in annex."
)
class EvidenceCoverage(Generic[Node]):
    """Paper documents expected and listed; nothing is checked by anyone."""

    expected: int = strawberry.field(description="How many entries ask for a document.")
    covered: int = strawberry.field(description="How many of them have at least one listed.")
    proved: int = strawberry.field(
        description="How many entries have a document listed, whether they ask for one or not."
    )
    without: strawberry.Private[list[Entry]]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description=f"The others, in the booklet's order; {at_most(MAX_ENTRIES)}.")
    def missing(self) -> list[PanoramaEntry[Node]]:
        return [panorama_entry(entry, self.show) for entry in self.without]


def evidence_coverage_of(
    entries: list[Entry], today: date, show: Show[Node]
) -> EvidenceCoverage[Node]:
    """Which entries of the rubrics that ask for a document have one listed."""
    asking = [entry for entry in entries if _expects_evidence(entry, today)]
    without = [entry for entry in asking if not entry.attachment_list]
    return EvidenceCoverage(
        expected=len(asking),
        covered=len(asking) - len(without),
        proved=sum(1 for entry in entries if entry.attachment_list),
        without=without,
        show=show,
    )


def missing_evidence(entries: Iterable[Entry], today: date) -> list[Entry]:
    """Those of the entries that ask for a document and have none listed, in their order."""
    return [one for one in entries if _expects_evidence(one, today) and not one.attachment_list]


def _expects_evidence(entry: Entry, today: date) -> bool:
    rubric = entry.described_by
    return bool(rubric.evidence) and rubric.expects_evidence(entry, today)

"""The request for an exemption as its reader sees it: the form, its arithmetic, the two who sign."""

from collections.abc import Sequence
from datetime import date

import strawberry

from schema.description.bounds import MAX_ENTRIES, MAX_FORM_LINES, at_most
from schema.description.display_lines import Line
from schema.description.rubric import text_or_empty
from schema.dossiers.dispense import DispenseContent, dispense_lines, in_days, rests_on
from schema.dossiers.dossier_lines import dossier_lines
from schema.dossiers.shared_entries import DossierReading, SharedEntry
from schema.entries.entries import Diploma, Entry, ProfessionalExperience, Training
from schema.panorama.experience_total import experience_total_of
from schema.panorama.training_days import training_days_of
from schema.typography import NARROW

_DAYS = ("statutoryDays", "requestedDays")
# What counts of each ground's support; of a « bilan de compétences », nothing does.
_COUNTS_LABELS = {
    "ART17_FORMATIONS": "Jours de formation",
    "ART18_TITRE_DIPLOME": "Niveau",
    "ART18_EXPERIENCE": "Durée en équivalent temps plein",
}


@strawberry.type(description="An entry on which a request for exemption rests.")
class DispenseSupport:
    """An entry and what it counts for."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    when: str = strawberry.field(description="When, in French; empty when undated.")
    counts: str = strawberry.field(
        description="What it counts for, in French: a level, days, months in full-time equivalent; empty when it is not counted."
    )
    source: strawberry.Private[Entry]
    reading: strawberry.Private[DossierReading]

    @strawberry.field(description="The entry itself.")
    def node(self) -> SharedEntry:
        return self.reading.show(self.source)


@strawberry.type(description="A request for an exemption, as the reader of the dossier sees it.")
class SharedDispense:
    """The form as it is printed, with the two who sign."""

    lines: list[Line] = strawberry.field(
        description=f"Every filled field, and what follows from them, without the days; {at_most(MAX_FORM_LINES)}."
    )
    days: list[Line] = strawberry.field(
        description="What the statute asks for, what the exemption is asked for, and what is left to follow; at most 3."
    )
    supports: list[DispenseSupport] = strawberry.field(
        description=f"The entries of the dossier on which the ground rests; {at_most(MAX_ENTRIES)}."
    )
    counts_label: str = strawberry.field(
        description="The head of `counts` in French: « Niveau », « Jours de formation », « Durée en équivalent temps plein »; empty where nothing is counted."
    )
    total: str | None = strawberry.field(
        description="What they make together, in French, overlaps counted once; null when they are not added up."
    )
    signatures: list[str] = strawberry.field(
        description="Who signs, in French: the agent, then the employer; 2."
    )


def shared_dispense(
    content: DispenseContent,
    holder: str,
    entries: Sequence[Entry],
    today: date,
    reading: DossierReading,
) -> SharedDispense:
    """The form as it is printed, with its support among these entries, signed by the holder of that name and by the employer."""
    for_employer = [content.signatory_name, content.signatory_role]
    signatory = ", ".join(each for each in for_employer if isinstance(each, str))
    employer = text_or_empty(content.employer_name)
    supports = [one for one in entries if rests_on(text_or_empty(content.ground), one)]
    return SharedDispense(
        lines=[line for line in dispense_lines(content) if line.key not in _DAYS],
        days=_days(content),
        supports=[_support(entry, today, reading) for entry in supports],
        counts_label=_COUNTS_LABELS.get(text_or_empty(content.ground), ""),
        total=_total(supports, today),
        signatures=[
            f"L’agent{NARROW}: {holder}",
            f"Pour {employer}{NARROW}: {signatory}" if signatory else f"Pour {employer}",
        ],
    )


def _days(content: DispenseContent) -> list[Line]:
    """The subtraction, when both numbers are given."""
    statutory, requested = content.statutory_days, content.requested_days
    if not isinstance(statutory, int | float) or not isinstance(requested, int | float):
        return [line for line in dispense_lines(content) if line.key in _DAYS]
    return [
        Line(key="statutoryDays", label="Durée statutaire", text=in_days(statutory)),
        Line(key="requestedDays", label="Dispense demandée", text=in_days(requested)),
        Line(key="remainingDays", label="Reste à suivre", text=in_days(statutory - requested)),
    ]


def _support(entry: Entry, today: date, reading: DossierReading) -> DispenseSupport:
    rubric = entry.described_by
    return DispenseSupport(
        entry=entry.id,
        headline=rubric.headline(entry),
        when=entry.period.in_french(),
        counts=_counts(entry, today),
        source=entry,
        reading=reading,
    )


def _counts(entry: Entry, today: date) -> str:
    if isinstance(entry, Diploma):
        lines = dossier_lines(entry, entry.described_by.content)
        return next((line.text for line in lines if line.key == "level"), "")
    return _total([entry], today) or ""


def _total(entries: Sequence[Entry], today: date) -> str | None:
    if any(isinstance(entry, ProfessionalExperience) for entry in entries):
        return experience_total_of(entries, today).text
    if any(isinstance(entry, Training) for entry in entries):
        days = sum(one.days for one in training_days_of(entries, today))
        return in_days(days) if days else None
    return None

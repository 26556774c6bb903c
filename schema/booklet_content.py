"""What a booklet holds, and its three parts as its owner sees them."""

from collections.abc import Mapping
from datetime import datetime
from typing import Protocol

import strawberry

from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.rubric import Part, RubricName
from schema.dossiers.dossier import Dossier
from schema.entries.entries import (
    Accreditation,
    Competence,
    CompetitiveExam,
    Diploma,
    DrivingLicence,
    Entry,
    ExtraProfessionalExperience,
    PriorLearningRecognition,
    ProfessionalExperience,
    Training,
    TutoringExperience,
)
from schema.entries.identity import Identity
from schema.entries.parts import Recap, recap_of
from schema.entries.situation import Situation


@strawberry.type(description="A version of the charter that the owner accepted.")
class CharterAcceptance:
    """Which version, and when."""

    version: str = strawberry.field(description="The version of the charter.")
    accepted_at: datetime = strawberry.field(description="When it was accepted (UTC).")


class BookletContent(Protocol):
    """What a booklet holds, read part by part when it is first asked for."""

    @property
    def identity(self) -> Identity | None:
        """The identity; None until it is written."""

    @property
    def situation(self) -> Situation | None:
        """The current situation; None until it is written."""

    @property
    def charters(self) -> list[CharterAcceptance]:
        """The versions of the charter that were accepted, the oldest first."""

    @property
    def entries(self) -> list[Entry]:
        """The entries in the guide's order, with their links."""

    @property
    def counts(self) -> Mapping[RubricName, int]:
        """How many entries each rubric has, those included that cannot be read."""

    @property
    def dossiers(self) -> list[Dossier]:
        """The dossiers, the built-in one first."""

    def of_rubric(self, rubric: RubricName) -> list[Entry]:
        """The entries of a rubric, in order; their links are attached when they are asked for."""

    def of_part(self, part: Part) -> list[Entry]:
        """The entries of a part, in the guide's order, as `of_rubric` gives them."""

    def entry(self, id: str) -> Entry | None:
        """The entry of that id, as `of_rubric` gives it, or None."""


def entries_of(content: BookletContent, rubric: RubricName) -> list:  # type: ignore[type-arg]  # the rubric decides the type
    """The entries of a rubric, in order."""
    return content.of_rubric(rubric)


@strawberry.type(description="« Mes formations ».")
class Formations:
    """The first part."""

    content: strawberry.Private[BookletContent]

    @strawberry.field(
        description=f"2.1 « Titres et diplômes », newest first; {at_most(MAX_ENTRIES)}."
    )
    def diplomas(self) -> list[Diploma]:
        return entries_of(self.content, RubricName.DIPLOMA)

    @strawberry.field(description=f"2.2 « Concours », newest first; {at_most(MAX_ENTRIES)}.")
    def competitive_exams(self) -> list[CompetitiveExam]:
        return entries_of(self.content, RubricName.COMPETITIVE_EXAM)

    @strawberry.field(
        description=f"2.3 « Autres formations », newest first; {at_most(MAX_ENTRIES)}."
    )
    def trainings(self) -> list[Training]:
        return entries_of(self.content, RubricName.TRAINING)

    @strawberry.field(
        description=f"2.4 « Habilitations professionnelles », newest first; {at_most(MAX_ENTRIES)}."
    )
    def accreditations(self) -> list[Accreditation]:
        return entries_of(self.content, RubricName.ACCREDITATION)

    @strawberry.field(
        description=f"2.5 « Permis de conduire », newest first; {at_most(MAX_ENTRIES)}."
    )
    def driving_licences(self) -> list[DrivingLicence]:
        return entries_of(self.content, RubricName.DRIVING_LICENCE)

    @strawberry.field(description="The « Récapitulatif » of the part.")
    def recap(self) -> Recap:
        return recap_of(Part.FORMATIONS, self.content.of_part(Part.FORMATIONS))


@strawberry.type(description="« Mes expériences ».")
class Experiences:
    """The second part."""

    content: strawberry.Private[BookletContent]

    @strawberry.field(
        description=f"3.1 « Expériences professionnelles », newest first; {at_most(MAX_ENTRIES)}."
    )
    def professional(self) -> list[ProfessionalExperience]:
        return entries_of(self.content, RubricName.PROFESSIONAL_EXPERIENCE)

    @strawberry.field(
        description=f"3.2 « Expériences extra-professionnelles », newest first; {at_most(MAX_ENTRIES)}."
    )
    def extra_professional(self) -> list[ExtraProfessionalExperience]:
        return entries_of(self.content, RubricName.EXTRA_PROFESSIONAL_EXPERIENCE)

    @strawberry.field(
        description=f"3.3 « Expériences de tutorat », newest first; {at_most(MAX_ENTRIES)}."
    )
    def tutoring(self) -> list[TutoringExperience]:
        return entries_of(self.content, RubricName.TUTORING_EXPERIENCE)

    @strawberry.field(description="The « Récapitulatif » of the part.")
    def recap(self) -> Recap:
        return recap_of(Part.EXPERIENCES, self.content.of_part(Part.EXPERIENCES))


@strawberry.type(description="« Mes compétences ».")
class Competences:
    """The third part."""

    content: strawberry.Private[BookletContent]

    @strawberry.field(
        description=f"4.1 « Compétences », in their owner's order; {at_most(MAX_ENTRIES)}."
    )
    def competences(self) -> list[Competence]:
        return entries_of(self.content, RubricName.COMPETENCE)

    @strawberry.field(
        description=f"4.2 « Reconnaissance des acquis et VAE », newest first; {at_most(MAX_ENTRIES)}."
    )
    def prior_learning_recognitions(self) -> list[PriorLearningRecognition]:
        return entries_of(self.content, RubricName.PRIOR_LEARNING_RECOGNITION)

    @strawberry.field(description="The « Récapitulatif » of the part.")
    def recap(self) -> Recap:
        return recap_of(Part.COMPETENCES, self.content.of_part(Part.COMPETENCES))

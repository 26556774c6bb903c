"""Entries: the interface that all entries of a booklet share, and its twelve types.

A type and its input inherit the same content, so that a field is declared once. An entry has its
rubric and the validation context of its booklet, from which it computes its headline, lines and
warnings.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum
from typing import Any

import strawberry
from strawberry.scalars import JSON

from schema.description.bounds import MAX_ENTRIES, MAX_LINES, at_most
from schema.description.dates import Period
from schema.description.display_lines import Line, display_lines
from schema.description.enums import member
from schema.description.fields import is_filled, long_text
from schema.description.input_values import input_values
from schema.description.refusals import Problem
from schema.description.rubric import Rubric, RubricName, ValidationContext
from schema.description.validation import content_warnings
from schema.kept_property import kept_property
from schema.rubrics import rubric_named
from schema.rubrics.accreditations import AccreditationContent
from schema.rubrics.attachments import AttachmentContent
from schema.rubrics.competences import CompetenceContent
from schema.rubrics.competitive_exams import CompetitiveExamContent
from schema.rubrics.diplomas import DiplomaContent
from schema.rubrics.driving_licences import DrivingLicenceContent
from schema.rubrics.extra_professional_experiences import ExtraProfessionalExperienceContent
from schema.rubrics.prior_learning_recognitions import PriorLearningRecognitionContent
from schema.rubrics.professional_experiences import ProfessionalExperienceContent
from schema.rubrics.recommendations import RecommendationContent
from schema.rubrics.trainings import TrainingContent
from schema.rubrics.tutoring_experiences import TutoringExperienceContent

COMMENT_LENGTH = 4_000
NOTE_LENGTH = 500


@strawberry.enum(
    description="How an entry is backed: declared by its owner, or declared with a paper document listed. Neither is proof."
)
class Assurance(Enum):
    """How far an entry is backed."""

    DECLARED = member("DECLARED", "Its owner says so.")
    EVIDENCED = member("EVIDENCED", "Its owner says so and lists a paper document.")


@strawberry.enum(description="How an entry supports a competence: acquired there, or used there.")
class LinkRelation(Enum):
    """The relation of an entry to a competence."""

    ACQUIRED = member("ACQUIRED", "The competence was acquired there.")
    USED = member("USED", "The competence was used there.")


def comment_field() -> Any:
    """The comment that any entry may carry."""
    return long_text(
        "Commentaire",
        "Free comment of the owner.",
        max_length=COMMENT_LENGTH,
        example="Le diplôme original est chez mes parents.",
    )


@strawberry.interface(description="One line of a booklet, whatever its rubric.")
class Entry:
    """The fields that the twelve entry types have in common."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    rubric: RubricName = strawberry.field(description="The rubric that the entry belongs to.")
    version: int = strawberry.field(
        description="Counts the revisions; give it back when revising or removing."
    )
    shareable: bool = strawberry.field(
        description="Whether new dossiers select the entry and summaries may count it."
    )
    created_at: datetime = strawberry.field(description="When it was first entered (UTC).")
    updated_at: datetime = strawberry.field(description="When it was last revised (UTC).")
    comment: str | None = comment_field()
    rank: strawberry.Private[int]
    context: strawberry.Private[ValidationContext]
    siblings: strawberry.Private[Sequence["Entry"]] = ()
    attached_links: strawberry.Private[Sequence["CompetenceLink"]] = ()
    attached_documents: strawberry.Private[Sequence["Attachment"]] = ()
    attached_proved: strawberry.Private[Sequence["Entry"]] = ()
    attach: strawberry.Private[Callable[[], object] | None] = None

    @property
    def link_list(self) -> Sequence["CompetenceLink"]:
        """The links of the entry, attached when they are first asked for."""
        if self.attach is not None:
            self._attach()
        return self.attached_links

    @property
    def attachment_list(self) -> Sequence["Attachment"]:
        """The documents listed for the entry, attached when they are first asked for."""
        if self.attach is not None:
            self._attach()
        return self.attached_documents

    @property
    def proved_list(self) -> Sequence["Entry"]:
        """What a document proves, attached when it is first asked for."""
        if self.attach is not None:
            self._attach()
        return self.attached_proved

    def _attach(self) -> None:
        if self.attach is not None:
            self.attach()
            self.attach = None

    @property
    def described_by(self) -> Rubric:
        """The rubric of the entry, with its texts and rules."""
        return rubric_named(self.rubric)

    @kept_property
    def period(self) -> Period:
        """When it was; several figures ask for it."""
        return self.described_by.period(self)

    @property
    def is_named_only(self) -> bool:
        """Whether no rubric or part that a dossier chooses whole takes the entry along."""
        return not self.shareable or self.described_by.hidden_by_default(self)

    @strawberry.field(description="The entry in a few words, in French.")
    def headline(self) -> str:
        return self.described_by.headline(self)

    @strawberry.field(
        description="When, in French (« depuis mars 2019 », « 2001 – 2004 »); empty when undated."
    )
    def when(self) -> str:
        return self.period.in_french()

    @strawberry.field(
        description=f"Every filled field with its French label and text, in the order of the screen; {at_most(MAX_LINES)}."
    )
    def lines(self) -> list[Line]:
        return entry_lines(self)

    @strawberry.field(
        description="The value of every field of the form by its key (`RubricGuide.fields`), null when it has none: what fills the form, and what the rubric's field of `EntryInput` takes back."
    )
    def values(self) -> JSON:
        values = input_values(self, self.described_by.content)
        return JSON(values | {"comment": self.comment or None, "shareable": self.shareable})

    @strawberry.field(
        description=f"What a complete and plausible entry would have; never blocks; {at_most(MAX_LINES)}."
    )
    def warnings(self) -> list[Problem]:
        return entry_warnings(self)

    @strawberry.field(
        description=f"The competences that the entry supports or, on a competence, what supports it; {at_most(MAX_ENTRIES)}."
    )
    def links(self) -> Sequence["CompetenceLink"]:
        return self.link_list

    @strawberry.field(
        description=f"The paper documents listed for the entry; {at_most(MAX_ENTRIES)}."
    )
    def evidence(self) -> Sequence["Attachment"]:
        return self.attachment_list

    @strawberry.field(description="Declared, or declared with a document listed.")
    def assurance(self) -> Assurance:
        return Assurance.EVIDENCED if self.attachment_list else Assurance.DECLARED


def entry_warnings(entry: Entry) -> list[Problem]:
    """The warnings on an entry among the others of its rubric."""
    return list(_warnings(entry))


def is_warned(entry: Entry) -> bool:
    """Whether an entry has warnings; no more than one is computed."""
    return next(_warnings(entry), None) is not None


def _warnings(entry: Entry) -> Iterator[Problem]:
    context = replace(entry.context, others=_Others(entry))
    return content_warnings(entry.described_by, entry, context)


@dataclass(frozen=True, slots=True)
class _Others:
    """The other entries of a rubric, found when a rule goes through them: as a rule, none does."""

    entry: Entry

    def __iter__(self) -> Iterator[Entry]:
        return (other for other in self.entry.siblings if other.id != self.entry.id)


def entry_lines(entry: Entry, *, without: tuple[str, ...] = ()) -> list[Line]:
    """The displayed lines of an entry, its comment last."""
    return display_lines(entry, entry.described_by.content, without=without) + comment_lines(entry)


def comment_lines(entry: Entry) -> list[Line]:
    """The line of the owner's comment, if there is one."""
    if not is_filled(entry.comment):
        return []
    return [Line(key="comment", label="Commentaire", text=str(entry.comment))]


@strawberry.type(description="2.1 « Titres et diplômes »: what is sanctioned by a title.")
class Diploma(DiplomaContent, Entry):
    """A diploma or title."""


@strawberry.type(description="2.2 « Concours »: competitive and professional exams, passed or not.")
class CompetitiveExam(CompetitiveExamContent, Entry):
    """A competitive or professional exam."""


@strawberry.type(description="2.3 « Autres formations »: training that no title sanctions.")
class Training(TrainingContent, Entry):
    """A training followed or given."""


@strawberry.type(description="2.4 « Habilitations professionnelles »: accreditations.")
class Accreditation(AccreditationContent, Entry):
    """An accreditation with its validity."""


@strawberry.type(description="2.5 « Permis de conduire »: one category a row.")
class DrivingLicence(DrivingLicenceContent, Entry):
    """A category of driving licence."""


@strawberry.type(
    description="3.1 « Expériences professionnelles », in and outside the public service."
)
class ProfessionalExperience(ProfessionalExperienceContent, Entry):
    """A post held."""


@strawberry.type(description="3.2 « Expériences extra-professionnelles »: activities outside work.")
class ExtraProfessionalExperience(ExtraProfessionalExperienceContent, Entry):
    """An activity outside work."""


@strawberry.type(description="3.3 « Expériences de tutorat »: tutoring of others.")
class TutoringExperience(TutoringExperienceContent, Entry):
    """Tutoring given; never names the person tutored."""


@strawberry.type(description="4.1 « Compétences »: general knowledge, know-how and competences.")
class Competence(CompetenceContent, Entry):
    """A competence, linked to what supports it."""


@strawberry.type(description="4.2 « Reconnaissance des acquis et VAE »: prior learning recognised.")
class PriorLearningRecognition(PriorLearningRecognitionContent, Entry):
    """A skills assessment, a VAE or another recognition of prior learning."""


@strawberry.type(description="A paper document that can be joined to the printed booklet.")
class Attachment(AttachmentContent, Entry):
    """A line of the list of paper documents; nothing is uploaded."""

    number: int = strawberry.field(
        default=0, description="« Pièce n° »: its place in the owner's list, from 1."
    )

    @strawberry.field(description=f"The entries that the document proves; {at_most(MAX_ENTRIES)}.")
    def proves(self) -> Sequence[Entry]:
        return self.proved_list


@strawberry.type(description="A recommendation made to the agent (decree 2008-830, article 5).")
class Recommendation(RecommendationContent, Entry):
    """A recommendation of a skills assessment or a professional interview."""


@strawberry.type(
    description="Where a competence was acquired or used; the same link from both ends."
)
class CompetenceLink:
    """A competence and an entry that supports it."""

    competence: Competence = strawberry.field(description="The competence.")
    target: Entry = strawberry.field(description="The entry that supports it.")
    relation: LinkRelation = strawberry.field(description="Acquired there, or used there.")
    note: str | None = strawberry.field(
        description=f"How it was acquired or used; {at_most(NOTE_LENGTH)} characters."
    )

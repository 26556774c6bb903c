"""The inputs of the twelve entry types, and the table that ties rubric, type and input.

An input inherits the content that its type inherits. Absent means unchanged and null erases, so
that a front end that does not know a field does not wipe it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry import UNSET

from schema.description.bounds import at_most
from schema.description.fields import camel, fields_of, yes_no
from schema.description.rubric import RubricName
from schema.entries.entries import (
    NOTE_LENGTH,
    Accreditation,
    Attachment,
    Competence,
    CompetitiveExam,
    Diploma,
    DrivingLicence,
    Entry,
    ExtraProfessionalExperience,
    LinkRelation,
    PriorLearningRecognition,
    ProfessionalExperience,
    Recommendation,
    Training,
    TutoringExperience,
    comment_field,
)
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


def shareable_field() -> Any:
    """Whether an entry may be communicated."""
    return yes_no(
        "Peut être communiqué",
        "Whether new dossiers select the entry and summaries may count it.",
        hint="Choisissez « Non » pour garder cet élément pour vous.",
        example="true",
    )


@dataclass(kw_only=True)
class CommonInput:
    """What every entry input has beside its rubric's content."""

    comment: str | None = comment_field()
    shareable: bool | None = shareable_field()


@strawberry.input(description="The content of a diploma. Absent: unchanged; null: erased.")
class DiplomaInput(CommonInput, DiplomaContent):
    """Input of 2.1."""


@strawberry.input(description="The content of an exam. Absent: unchanged; null: erased.")
class CompetitiveExamInput(CommonInput, CompetitiveExamContent):
    """Input of 2.2."""


@strawberry.input(description="The content of a training. Absent: unchanged; null: erased.")
class TrainingInput(CommonInput, TrainingContent):
    """Input of 2.3."""


@strawberry.input(description="The content of an accreditation. Absent: unchanged; null: erased.")
class AccreditationInput(CommonInput, AccreditationContent):
    """Input of 2.4."""


@strawberry.input(description="The content of a driving licence. Absent: unchanged; null: erased.")
class DrivingLicenceInput(CommonInput, DrivingLicenceContent):
    """Input of 2.5."""


@strawberry.input(description="The content of a post held. Absent: unchanged; null: erased.")
class ProfessionalExperienceInput(CommonInput, ProfessionalExperienceContent):
    """Input of 3.1."""


@strawberry.input(description="The content of an activity. Absent: unchanged; null: erased.")
class ExtraProfessionalExperienceInput(CommonInput, ExtraProfessionalExperienceContent):
    """Input of 3.2."""


@strawberry.input(description="The content of a tutoring. Absent: unchanged; null: erased.")
class TutoringExperienceInput(CommonInput, TutoringExperienceContent):
    """Input of 3.3."""


@strawberry.input(description="The content of a competence. Absent: unchanged; null: erased.")
class CompetenceInput(CommonInput, CompetenceContent):
    """Input of 4.1."""


@strawberry.input(description="The content of a recognition. Absent: unchanged; null: erased.")
class PriorLearningRecognitionInput(CommonInput, PriorLearningRecognitionContent):
    """Input of 4.2."""


@strawberry.input(description="The content of an attachment. Absent: unchanged; null: erased.")
class AttachmentInput(CommonInput, AttachmentContent):
    """Input of the list of paper documents."""


@strawberry.input(description="The content of a recommendation. Absent: unchanged; null: erased.")
class RecommendationInput(CommonInput, RecommendationContent):
    """Input of article 5's recommendations."""


@dataclass(frozen=True, slots=True)
class EntryKind:
    """A rubric with the type and the input that carry its content."""

    rubric: RubricName
    entry_type: type[Entry]
    input_type: type[CommonInput]


ENTRY_KINDS: tuple[EntryKind, ...] = (
    EntryKind(RubricName.DIPLOMA, Diploma, DiplomaInput),
    EntryKind(RubricName.COMPETITIVE_EXAM, CompetitiveExam, CompetitiveExamInput),
    EntryKind(RubricName.TRAINING, Training, TrainingInput),
    EntryKind(RubricName.ACCREDITATION, Accreditation, AccreditationInput),
    EntryKind(RubricName.DRIVING_LICENCE, DrivingLicence, DrivingLicenceInput),
    EntryKind(
        RubricName.PROFESSIONAL_EXPERIENCE, ProfessionalExperience, ProfessionalExperienceInput
    ),
    EntryKind(
        RubricName.EXTRA_PROFESSIONAL_EXPERIENCE,
        ExtraProfessionalExperience,
        ExtraProfessionalExperienceInput,
    ),
    EntryKind(RubricName.TUTORING_EXPERIENCE, TutoringExperience, TutoringExperienceInput),
    EntryKind(RubricName.COMPETENCE, Competence, CompetenceInput),
    EntryKind(
        RubricName.PRIOR_LEARNING_RECOGNITION,
        PriorLearningRecognition,
        PriorLearningRecognitionInput,
    ),
    EntryKind(RubricName.ATTACHMENT, Attachment, AttachmentInput),
    EntryKind(RubricName.RECOMMENDATION, Recommendation, RecommendationInput),
)


def _from_input(content: type[CommonInput], sent: Mapping[str, Any], _context: object) -> Any:
    """The input of a content of which GraphQL has checked the values: texts, numbers, lists of texts.

    Strawberry would look at the type of each again, which takes ten times as long.
    """
    named = _NAMES[content]
    return content(**{named[key]: value for key, value in sent.items()})


_NAMES: dict[type[CommonInput], dict[str, str]] = {
    kind.input_type: {field.key: field.name for field in fields_of(kind.input_type)}
    for kind in ENTRY_KINDS
}

KIND_OF: dict[RubricName, EntryKind] = {kind.rubric: kind for kind in ENTRY_KINDS}


@strawberry.input(
    one_of=True,
    description="The content of one entry: exactly one rubric, which must be the entry's own.",
)
class EntryInput:
    """One of the twelve inputs."""

    diploma: DiplomaInput | None = strawberry.field(default=UNSET, description="Diploma.")
    competitive_exam: CompetitiveExamInput | None = strawberry.field(
        default=UNSET, description="Competitive exam."
    )
    training: TrainingInput | None = strawberry.field(default=UNSET, description="Training.")
    accreditation: AccreditationInput | None = strawberry.field(
        default=UNSET, description="Accreditation."
    )
    driving_licence: DrivingLicenceInput | None = strawberry.field(
        default=UNSET, description="Driving licence."
    )
    professional_experience: ProfessionalExperienceInput | None = strawberry.field(
        default=UNSET, description="Professional experience."
    )
    extra_professional_experience: ExtraProfessionalExperienceInput | None = strawberry.field(
        default=UNSET, description="Extra professional experience."
    )
    tutoring_experience: TutoringExperienceInput | None = strawberry.field(
        default=UNSET, description="Tutoring experience."
    )
    competence: CompetenceInput | None = strawberry.field(default=UNSET, description="Competence.")
    prior_learning_recognition: PriorLearningRecognitionInput | None = strawberry.field(
        default=UNSET, description="Prior learning recognition."
    )
    attachment: AttachmentInput | None = strawberry.field(default=UNSET, description="Attachment.")
    recommendation: RecommendationInput | None = strawberry.field(
        default=UNSET, description="Recommendation."
    )


def _entry_from_input(chosen: type[EntryInput], sent: Mapping[str, Any], context: object) -> Any:
    """The input of an entry, of which GraphQL has checked that one content was sent."""
    contents = {}
    for key, content in sent.items():
        kind = _BY_KEY[key]
        contents[kind.rubric.value.lower()] = _from_input(kind.input_type, content, context)
    return chosen(**contents)


_BY_KEY = {camel(kind.rubric.value.lower()): kind for kind in ENTRY_KINDS}
for _input, _convert in [(EntryInput, _entry_from_input)] + [
    (kind.input_type, _from_input) for kind in ENTRY_KINDS
]:
    _definition: Any = vars(_input)["__strawberry_definition__"]
    _definition.from_input = _convert


@strawberry.input(description="One of the links of an entry, as competenceLinksSet sets them.")
class CompetenceLinkInput:
    """A link, without the entry whose links are set."""

    other: strawberry.ID = strawberry.field(
        description="The entry at the other end: what supports the competence, or the competence."
    )
    relation: LinkRelation = strawberry.field(description="Acquired there, or used there.")
    note: str | None = strawberry.field(
        default=UNSET,
        description=f"How it was acquired or used; {at_most(NOTE_LENGTH)} characters; stays when absent.",
    )


@strawberry.input(description="A draft, at the version that the caller last saw.")
class DraftVersionInput:
    """Which draft becomes an entry."""

    id: strawberry.ID = strawberry.field(description="The draft.")
    version: int = strawberry.field(description="The version that the caller last saw.")


def chosen_content(entry: EntryInput) -> tuple[RubricName, CommonInput]:
    """The rubric that was chosen and its content; GraphQL's @oneOf ensures that there is one."""
    for kind in ENTRY_KINDS:
        content = getattr(entry, kind.rubric.value.lower())
        if content is not UNSET and content is not None:
            return kind.rubric, content
    raise ValueError("an entry input names exactly one rubric")

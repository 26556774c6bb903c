"""The rubrics of a booklet, in the guide's order."""

from schema.description.rubric import Rubric, RubricName
from schema.rubrics.accreditations import ACCREDITATION
from schema.rubrics.attachments import ATTACHMENT
from schema.rubrics.competences import COMPETENCE
from schema.rubrics.competitive_exams import COMPETITIVE_EXAM
from schema.rubrics.diplomas import DIPLOMA
from schema.rubrics.driving_licences import DRIVING_LICENCE
from schema.rubrics.extra_professional_experiences import EXTRA_PROFESSIONAL_EXPERIENCE
from schema.rubrics.prior_learning_recognitions import PRIOR_LEARNING_RECOGNITION
from schema.rubrics.professional_experiences import PROFESSIONAL_EXPERIENCE
from schema.rubrics.recommendations import RECOMMENDATION
from schema.rubrics.trainings import TRAINING
from schema.rubrics.tutoring_experiences import TUTORING_EXPERIENCE

RUBRICS: tuple[Rubric, ...] = (
    DIPLOMA,
    COMPETITIVE_EXAM,
    TRAINING,
    ACCREDITATION,
    DRIVING_LICENCE,
    PROFESSIONAL_EXPERIENCE,
    EXTRA_PROFESSIONAL_EXPERIENCE,
    TUTORING_EXPERIENCE,
    COMPETENCE,
    PRIOR_LEARNING_RECOGNITION,
    ATTACHMENT,
    RECOMMENDATION,
)

_BY_NAME: dict[RubricName, Rubric] = {rubric.name: rubric for rubric in RUBRICS}


def rubric_named(name: RubricName) -> Rubric:
    """The rubric of that name."""
    return _BY_NAME[name]

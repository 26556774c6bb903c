"""The parts and rubrics of a booklet by name: what problems, guides and entries speak of."""

from enum import Enum

import strawberry

from schema.description.enums import member


@strawberry.enum(description="The parts (volets) of a booklet, in the guide's order.")
class Part(Enum):
    """A tab of the guide."""

    FORMATIONS = member("FORMATIONS", "« Mes formations ».")
    EXPERIENCES = member("EXPERIENCES", "« Mes expériences ».")
    COMPETENCES = member("COMPETENCES", "« Mes compétences ».")
    ATTACHMENTS = member("ATTACHMENTS", "« Pièces jointes » and the recommendations of article 5.")


@strawberry.enum(description="The rubrics of a booklet, in the guide's order.")
class RubricName(Enum):
    """A screen of the guide."""

    __hash__ = object.__hash__  # members are unique; the hash of `Enum` is ten times slower

    DIPLOMA = member("DIPLOMA", "2.1 « Titres et diplômes ».")
    COMPETITIVE_EXAM = member("COMPETITIVE_EXAM", "2.2 « Concours ».")
    TRAINING = member("TRAINING", "2.3 « Autres formations ».")
    ACCREDITATION = member("ACCREDITATION", "2.4 « Habilitations professionnelles ».")
    DRIVING_LICENCE = member("DRIVING_LICENCE", "2.5 « Permis de conduire ».")
    PROFESSIONAL_EXPERIENCE = member(
        "PROFESSIONAL_EXPERIENCE", "3.1 « Expériences professionnelles »."
    )
    EXTRA_PROFESSIONAL_EXPERIENCE = member(
        "EXTRA_PROFESSIONAL_EXPERIENCE", "3.2 « Expériences extra-professionnelles »."
    )
    TUTORING_EXPERIENCE = member("TUTORING_EXPERIENCE", "3.3 « Expériences de tutorat ».")
    COMPETENCE = member("COMPETENCE", "4.1 « Compétences ».")
    PRIOR_LEARNING_RECOGNITION = member(
        "PRIOR_LEARNING_RECOGNITION", "4.2 « Reconnaissance des acquis et VAE »."
    )
    ATTACHMENT = member("ATTACHMENT", "« Pièces jointes »: paper documents, listed only.")
    RECOMMENDATION = member("RECOMMENDATION", "« Préconisations » (decree 2008-830, article 5).")

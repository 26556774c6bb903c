"""4.2 « Reconnaissance des acquis et VAE »: skills assessments, VAE, exemptions, equivalences."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import label_of
from schema.description.fields import choice, date, is_filled, long_text, number, text, texts
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    period_of,
    text_or_empty,
)
from schema.description.shared_fields import (
    age_warnings,
    city,
    code_form,
    commune,
    country,
    date_order_problems,
    duration_errors,
    duration_unit,
    duration_value,
    organisation_name,
    period_end,
    period_errors,
    period_ongoing,
    period_start,
    siret,
)

CERTIFICATION_PATTERN = r"(RNCP|RS)[0-9]{1,6}"
THREE_WAYS = ("TOTALE", "PARTIELLE", "REFUS")
TWO_WAYS = ("FAVORABLE", "DEFAVORABLE")
DECISIONS = {
    "VAE": THREE_WAYS,
    "REP_DISPENSE": THREE_WAYS,
    "RED": TWO_WAYS,
    "REP_CONCOURS": TWO_WAYS,
    "BILAN_COMPETENCES": (),
}
GRANTED = ("TOTALE", "PARTIELLE")
LEAVE_HOURS = 24
WITH_LEAVE = ("BILAN_COMPETENCES", "VAE")


@dataclass(kw_only=True)
class PriorLearningRecognitionContent:
    """A recognition of prior learning (decree 2008-830, article 1: bilans and VAE)."""

    kind: str | None = choice(
        "Type", "What sort of recognition it is.", "recognitionKind", required=True
    )
    title: str | None = text(
        "Intitulé / certification visée", "The title, or the certification aimed at.",
        required=True,
    )  # fmt: skip
    certification_code: str | None = text(
        "Code RNCP / RS", "The code of the certification.", max_length=10,
        hint="Pour une VAE : le numéro de la fiche, par exemple RNCP38363.",
        normalize=code_form,
        pattern=CERTIFICATION_PATTERN,
        pattern_message="Le code commence par RNCP ou RS, suivi de 1 à 6 chiffres.",
    )  # fmt: skip
    level: str | None = choice("Niveau", "The level of the certification.", "level")
    body_name: str | None = organisation_name(
        "Organisme / autorité", "Who assessed or decided.", recommended=True,
        hint="Centre de bilan, certificateur, CNFPT, centre de gestion…",
    )  # fmt: skip
    body_siret: str | None = siret("organisme", "The SIRET of the body.")
    body_insee_commune: str | None = commune("organisme", "Where the body is: INSEE code.")
    body_city: str | None = city("organisme", "Where the body is.")
    body_country_code: str | None = country("Pays (organisme)", "In which country the body is.")
    start: str | None = period_start()
    end: str | None = period_end()
    ongoing: bool | None = period_ongoing()
    duration_value: float | None = duration_value()
    duration_unit: str | None = duration_unit()
    status: str | None = choice("Statut", "How far the procedure has come.", "recognitionStatus")
    decision: str | None = choice(
        "Décision", "What was decided; which codes fit depends on the type.",
        "recognitionDecision",
        hint="VAE et dispense : totale, partielle ou refus. Équivalence et concours : favorable ou "
        "défavorable.",
    )  # fmt: skip
    decided_on: str | None = date("Date de décision", "When it was decided.")
    validated_blocks: list[str] | None = texts(
        "Blocs validés", "The blocks of competences validated: RNCP codes or words.",
        hint="Par exemple RNCP38363BC01, ou l’intitulé du bloc.",
    )  # fmt: skip
    days_exempted: float | None = number(
        "Jours dispensés", "How many days of training were exempted.", maximum=1_000,
        unit="jours",
        hint="Le nombre de jours que l’attestation indique.",
    )  # fmt: skip
    training_type: str | None = choice(
        "Nature de la formation", "The statutory training concerned.", "statutoryType",
        hint="Celle que l’attestation de dispense indique.",
    )  # fmt: skip
    summary: str | None = long_text(
        "Synthèse", "The owner's summary; never in a summary sent to a site.", private=True,
        hint="Les résultats d’un bilan de compétences n’appartiennent qu’à vous.",
    )  # fmt: skip


def prior_learning_recognition_errors(
    content: PriorLearningRecognitionContent, _context: ValidationContext
) -> Iterator[Problem]:
    """Errors of the period, of the duration, and of the decision that the type calls for."""
    yield from period_errors(content)
    yield from duration_errors(content)
    yield from _decision_errors(content)
    yield from date_order_problems(
        "decidedOn", content.start, content.decided_on,
        "La décision ne peut pas précéder le début de la démarche.",
    )  # fmt: skip
    if content.kind == "REP_DISPENSE" and content.decision in GRANTED:
        if not is_filled(content.days_exempted):
            message = "Indiquez le nombre de jours dispensés (il figure sur l’attestation)."
            yield problem("daysExempted", "REQUIRED", message)
        if not is_filled(content.training_type):
            message = "Indiquez la nature de la formation (elle figure sur l’attestation)."
            yield problem("trainingType", "REQUIRED", message)


def _decision_errors(content: PriorLearningRecognitionContent) -> Iterator[Problem]:
    possible = DECISIONS.get(text_or_empty(content.kind))
    if possible is None:
        return
    if not is_filled(content.decision):
        if content.status == "TERMINE" and possible:
            yield problem(
                "decision", "REQUIRED", "La démarche est terminée : indiquez la décision."
            )
    elif not possible:
        yield problem(
            "decision",
            "DECISION_MISMATCH",
            "Un bilan de compétences ne donne pas lieu à une décision.",
        )
    elif content.decision not in possible:
        named = ", ".join(label_of("recognitionDecision", code).lower() for code in possible)
        yield problem(
            "decision", "DECISION_MISMATCH", f"Pour ce type, la décision est l’une de : {named}."
        )


def prior_learning_recognition_warnings(
    content: PriorLearningRecognitionContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: unlikely dates, a long leave, a decision without its details."""
    yield from age_warnings("start", content.start, context)
    value = content.duration_value
    if (
        content.kind in WITH_LEAVE
        and content.duration_unit == "HOUR"
        and isinstance(value, int | float)
        and value > LEAVE_HOURS
    ):
        yield problem(
            "durationValue",
            "LEAVE_OVER_24_HOURS",
            f"Le congé pour bilan de compétences ou pour VAE est en principe de {LEAVE_HOURS} heures au plus "
            "(72 heures pour les agents mentionnés à l’article L. 422-3 du code général de la fonction "
            "publique) : vérifiez la durée.",
        )
    if is_filled(content.decision) and not is_filled(content.decided_on):
        yield problem("decidedOn", "RECOMMENDED", "« Date de décision » n’est pas renseigné.")
    partial_vae = content.kind == "VAE" and content.decision == "PARTIELLE"
    if partial_vae and not is_filled(content.validated_blocks):
        yield problem("validatedBlocks", "RECOMMENDED", "« Blocs validés » n’est pas renseigné.")


def is_assessment(content: PriorLearningRecognitionContent) -> bool:
    """Whether it is a skills assessment, whose results belong to the agent alone."""
    return content.kind == "BILAN_COMPETENCES"


HELP = Help(
    what_it_is=(
        "Les démarches qui ont reconnu ce que vous savez : bilan de compétences, validation des "
        "acquis de l’expérience (VAE), dispense de formation, équivalence de diplôme, "
        "reconnaissance de l’expérience pour un concours, positionnement."
    ),
    to_enter=(
        "Une ligne par démarche, même en cours ou sans suite si elle compte pour vous : le type, la "
        "certification visée, l’organisme, les dates et la décision. Le diplôme obtenu par la VAE "
        "se saisit aussi dans « Titres et diplômes ». N’inscrivez ni test, ni information de "
        "santé, ni avis d’un tiers ; la synthèse d’un bilan est facultative."
    ),
    examples=[
        (
            "VAE : licence professionnelle Métiers des bibliothèques, jury de juin 2019, décision "
            "partielle, deux blocs validés."
        ),
        (
            "Bilan de compétences : 24 heures, de mars à mai 2021, centre de bilan extérieur à la "
            "collectivité."
        ),
        "Dispense de formation : formation d’intégration, 5 jours dispensés, décision totale, CNFPT.",
    ],
    documents=[
        "La décision du jury ou de la commission",
        "L’attestation de dispense délivrée par le CNFPT",
        "L’attestation de suivi ou la synthèse de votre bilan de compétences",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008, article 1 : le livret recense « les bilans de "
        "compétences et les actions de validation des acquis de l’expérience suivis ». Loi du 19 "
        "février 2007, article 1 : il « retrace les formations et bilans de compétences dont "
        "l’agent bénéficie ». Décret n° 2007-1845 du 26 décembre 2007, articles 20 et 28 : le congé "
        "pour bilan de compétences ou pour VAE est de vingt-quatre heures au plus, soixante-douze pour "
        "les agents mentionnés à l’article L. 422-3 du code général de la fonction publique."
    ),
    notes=[
        (
            "À retenir : les résultats d’un bilan de compétences n’appartiennent qu’à vous. Un bilan "
            "n’est pas communiqué tant que vous ne l’avez pas décidé."
        ),
        (
            "À savoir : l’attestation de dispense indique le nombre de jours et la nature de la "
            "formation ; reportez-les tels quels."
        ),
        (
            "À noter : le livret peut servir à préparer une VAE ou un bilan de compétences, si vous le "
            "souhaitez."
        ),
    ],
)

PRIOR_LEARNING_RECOGNITION = Rubric(
    name=RubricName.PRIOR_LEARNING_RECOGNITION,
    code="C2",
    part=Part.COMPETENCES,
    label="Reconnaissance des acquis et VAE",
    content=PriorLearningRecognitionContent,
    help=HELP,
    headline=lambda content: text_or_empty(content.title),
    headline_keys=("title",),
    period=period_of,
    errors=prior_learning_recognition_errors,
    warnings=prior_learning_recognition_warnings,
    hidden_by_default=is_assessment,
    supports_competences=True,
)

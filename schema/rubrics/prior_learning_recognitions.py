"""4.2 « Reconnaissance des acquis et VAE »: skills assessments, VAE, exemptions, equivalences."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import label_of
from schema.description.conditions import (
    CodesFor,
    DependentCodes,
    filled,
    none_of,
    one_of,
    recommended,
    required,
)
from schema.description.directives import TextFormat
from schema.description.fields import choice, date, long_text, number, text, texts
from schema.description.groups import group
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
    DURATION,
    PERIOD,
    age_warnings,
    city,
    code_form,
    commune,
    country,
    date_order_problems,
    duration_unit,
    duration_value,
    organisation_group,
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
_VAE = one_of("kind", ("VAE",))
_EXEMPTION = one_of("kind", ("REP_DISPENSE",))
_GRANTED = one_of("decision", ("TOTALE", "PARTIELLE"))
_DECIDED = one_of("kind", (kind for kind, decisions in DECISIONS.items() if decisions))
_MAY_BE_DECIDED = none_of("kind", (kind for kind, decisions in DECISIONS.items() if not decisions))
LEAVE_HOURS = 24
WITH_LEAVE = ("BILAN_COMPETENCES", "VAE")


def _decision_message(choice: CodesFor, _code: str) -> str:
    if not choice.codes:
        return "Un bilan de compétences ne donne pas lieu à une décision."
    named = ", ".join(label_of("recognitionDecision", code).lower() for code in choice.codes)
    return f"Pour ce type, la décision est l’une de : {named}."


@dataclass(kw_only=True)
class PriorLearningRecognitionContent:
    """A recognition of prior learning (decree 2008-830, article 1: bilans and VAE)."""

    GROUPS = (
        organisation_group("Organisme / autorité", "body"),
        PERIOD,
        DURATION,
        group("decision", "Décision", "status", "decision", "decided_on"),
        group("exemption", "Dispense accordée", "days_exempted", "training_type"),
    )

    kind: str | None = choice(
        "Type",
        "What sort of recognition it is.",
        "recognitionKind",
        required=True,
        example="VAE",
    )
    title: str | None = text(
        "Intitulé / certification visée", "The title, or the certification aimed at.",
        required=True,
        example="BTS Gestion de la PME",
    )  # fmt: skip
    certification_code: str | None = text(
        "Code RNCP / RS", "The code of the certification.", max_length=10,
        hint="Pour une VAE : le numéro de la fiche.",
        normalize=code_form,
        format=TextFormat.CERTIFICATION,
        pattern=CERTIFICATION_PATTERN,
        pattern_message="Le code commence par RNCP ou RS, suivi de 1 à 6 chiffres.",
        example="RNCP38363",
    )  # fmt: skip
    level: str | None = choice("Niveau", "The level of the certification.", "level", example="5")
    body_name: str | None = organisation_name(
        "Organisme / autorité", "Who assessed or decided.", recommended=True,
        hint="Centre de bilan, certificateur, CNFPT, centre de gestion…",
        example="Académie de Bordeaux",
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
    status: str | None = choice(
        "Statut", "How far the procedure has come.", "recognitionStatus", example="TERMINE"
    )
    decision: str | None = choice(
        "Décision", "What was decided; which codes fit depends on the type.",
        "recognitionDecision",
        hint="VAE et dispense : totale, partielle ou refus. Équivalence et concours : favorable ou "
        "défavorable.",
        required_when=(
            required(
                "La démarche est terminée : indiquez la décision.",
                one_of("status", ("TERMINE",)), _DECIDED,
            ),
        ),
        shown_when=(_MAY_BE_DECIDED,),
        depends_on=DependentCodes(
            "kind",
            tuple(CodesFor(kind, codes, strict=True) for kind, codes in DECISIONS.items()),
            code="DECISION_MISMATCH",
            message=_decision_message,
        ),
        example="PARTIELLE",
    )  # fmt: skip
    decided_on: str | None = date(
        "Date de décision", "When it was decided.",
        recommended_when=(recommended(filled("decision")),),
        shown_when=(_MAY_BE_DECIDED,),
        example="15/09/2022",
    )  # fmt: skip
    validated_blocks: list[str] | None = texts(
        "Blocs validés", "The blocks of competences validated: RNCP codes or words.",
        hint="Par exemple RNCP38363BC01, ou l’intitulé du bloc.",
        recommended_when=(recommended(_VAE, one_of("decision", ("PARTIELLE",))),),
        shown_when=(_VAE,),
        example="RNCP38363BC01",
    )  # fmt: skip
    days_exempted: float | None = number(
        "Jours dispensés", "How many days of training were exempted.", maximum=1_000,
        unit="jours",
        hint="Le nombre de jours que l’attestation indique.",
        required_when=(
            required(
                "Indiquez le nombre de jours dispensés (il figure sur l’attestation).",
                _EXEMPTION, _GRANTED,
            ),
        ),
        shown_when=(_EXEMPTION,),
        example="5",
    )  # fmt: skip
    training_type: str | None = choice(
        "Nature de la formation", "The statutory training concerned.", "statutoryType",
        hint="Celle que l’attestation de dispense indique.",
        required_when=(
            required(
                "Indiquez la nature de la formation (elle figure sur l’attestation).",
                _EXEMPTION, _GRANTED,
            ),
        ),
        shown_when=(_EXEMPTION,),
        example="INTEGRATION",
    )  # fmt: skip
    summary: str | None = long_text(
        "Synthèse", "The owner's summary; never in a summary sent to a site.", private=True,
        hint="Les résultats d’un bilan de compétences n’appartiennent qu’à vous.",
        example="Deux blocs validés ; les autres sont à présenter de nouveau.",
    )  # fmt: skip


def prior_learning_recognition_errors(
    content: PriorLearningRecognitionContent, _context: ValidationContext
) -> Iterator[Problem]:
    """Errors of the period, and of a decision before it."""
    yield from period_errors(content)
    yield from date_order_problems(
        "decidedOn", content.start, content.decided_on,
        "La décision ne peut pas précéder le début de la démarche.",
    )  # fmt: skip


def prior_learning_recognition_warnings(
    content: PriorLearningRecognitionContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: an unlikely date, a long leave."""
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
    one="une reconnaissance des acquis ou une VAE",
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

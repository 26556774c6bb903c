"""2.3 « Autres formations »: training followed or given, that no title sanctions."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from schema.description.dates import latest_today
from schema.description.fields import choice, long_text, text
from schema.description.groups import group
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    parse_date,
    period_of,
    text_or_empty,
)
from schema.description.shared_fields import (
    DURATION,
    PERIOD,
    age_warnings,
    city,
    commune,
    country,
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


@dataclass(kw_only=True)
class TrainingContent:
    """Continuing training, followed or given (decree 2008-830, articles 1 and 4)."""

    GROUPS = (
        organisation_group("Organisme", "provider"),
        group("codes", "Codes de l’organisme", "course_code", "session_code"),
        PERIOD,
        DURATION,
    )

    title: str | None = text(
        "Intitulé",
        "The title of the training.",
        max_length=250,
        required=True,
        example="La gestion différenciée des espaces verts",
    )
    statutory_type: str | None = choice(
        "Catégorie statutaire",
        "Which of the statutory types of training it is.",
        "statutoryType",
        recommended=True,
        hint="Elle figure en général sur l’attestation ou la convocation.",
        example="PERFECTIONNEMENT",
    )
    role: str | None = choice(
        "Rôle",
        "Whether it was followed or given.",
        "role",
        required=True,
        suggested="STAGIAIRE",
        hint="« Formateur » si vous avez dispensé la formation.",
    )
    domain: str | None = text(
        "Domaine",
        "Its field, in free words.",
        hint="Par exemple : finances, état civil, espaces verts.",
        example="Espaces verts",
    )
    provider_name: str | None = organisation_name(
        "Organisme",
        "Who gave it.",
        recommended=True,
        hint="CNFPT (et la délégation), INSET, INET, centre de gestion ou autre organisme.",
        example="CNFPT, délégation Nouvelle-Aquitaine",
    )
    provider_siret: str | None = siret("organisme", "The SIRET of the provider.")
    provider_insee_commune: str | None = commune(
        "organisme", "The INSEE code of the provider's commune."
    )
    provider_city: str | None = city("organisme", "The city of the provider.")
    provider_country_code: str | None = country("Pays (organisme)", "The country of the provider.")
    course_code: str | None = text(
        "Code stage",
        "The provider's code of the course.",
        max_length=30,
        example="SX1AB",
    )
    session_code: str | None = text(
        "Code session",
        "The provider's code of the session.",
        max_length=30,
        example="004",
    )
    start: str | None = period_start(future=True)
    end: str | None = period_end(needed=False)
    ongoing: bool | None = period_ongoing()
    duration_value: float | None = duration_value()
    duration_unit: str | None = duration_unit()
    training_level: str | None = choice(
        "Niveau",
        "The level of the training, or the level (CEC) that it prepares for.",
        "trainingLevel",
        example="PERFECTIONNEMENT",
    )
    mode: str | None = choice(
        "Modalité", "In a room, at a distance, at work.", "mode", example="PRESENTIEL"
    )
    place: str | None = text("Lieu", "Where it took place.", max_length=120, example="Bordeaux")
    content: str | None = long_text(
        "Objectifs / contenu",
        "What it aimed at and dealt with.",
        hint="Les objectifs et les thèmes principaux du programme.",
        example="Choisir les végétaux, espacer les tontes, économiser l’eau.",
    )
    training_outcome: str | None = choice(
        "Sanction",
        "What was given at its end.",
        "trainingOutcome",
        example="ATTESTATION_PRESENCE",
    )
    funding: str | None = choice(
        "Financement", "Who paid for it.", "funding", example="CNFPT_COTISATION"
    )


def training_errors(content: TrainingContent, _context: ValidationContext) -> Iterator[Problem]:
    """The error of the period."""
    yield from period_errors(content)


def training_warnings(content: TrainingContent, context: ValidationContext) -> Iterator[Problem]:
    """Warnings: an unlikely date; a planned training that is marked as ongoing."""
    yield from age_warnings("start", content.start, context)
    period = period_of(content)
    if period.ongoing and period.start and period.start.earliest > latest_today(context.today):
        yield problem(
            "ongoing",
            "NOT_STARTED",
            "Cette formation est à venir : elle n’est pas encore en cours.",
        )


def _has_begun(content: TrainingContent, today: date) -> bool:
    start = parse_date(content.start)
    return start is None or start.earliest <= today


TRAINING = Rubric(
    name=RubricName.TRAINING,
    code="F3",
    part=Part.FORMATIONS,
    label="Autres formations",
    one="une autre formation",
    content=TrainingContent,
    headline=lambda content: text_or_empty(content.title),
    headline_keys=("title",),
    period=period_of,
    columns=("providerName", "durationValue"),
    errors=training_errors,
    warnings=training_warnings,
    supports_competences=True,
    evidence="Attestation de formation ou de stage",
    expects_evidence=lambda content, today: (
        content.role != "FORMATEUR" and _has_begun(content, today)
    ),
    help=Help(
        what_it_is=(
            "Les actions de formation que vous avez suivies, ou dispensées comme formateur, sans"
            " qu’un titre ou un diplôme les sanctionne : formations d’intégration et de"
            " professionnalisation, perfectionnement, préparation aux concours, formation"
            " personnelle, stages. Une formation sanctionnée par un titre se saisit dans « Titres et"
            " diplômes »."
        ),
        to_enter=(
            "Saisissez une fiche par formation : intitulé, catégorie statutaire, organisme, dates"
            " et durée. Une formation déjà programmée peut être inscrite avec sa date à venir. Pour"
            " une formation d’une seule date, laissez « Fin » vide. Ne saisissez ici ni les"
            " habilitations (CACES, habilitation électrique, SST…), ni les bilans de compétences et"
            " la VAE : chacun a sa rubrique."
        ),
        examples=[
            (
                "Formation d’intégration des agents de catégorie C, CNFPT, mars 2019, 5 jours, en"
                " présentiel, attestation de présence."
            ),
            (
                "La gestion différenciée des espaces verts, CNFPT, 12 et 13/05/2022, 2 jours, formation"
                " de perfectionnement."
            ),
            (
                "Accueil des nouveaux agents d’état civil, formation interne dispensée comme formateur,"
                " 2023, 6 heures."
            ),
        ],
        documents=[
            "Vos attestations de formations et de stages",
            "Vos convocations et programmes, pour les codes, la durée et les objectifs",
        ],
        legal=(
            "Décret n° 2008-830 du 22 août 2008, article 1 : « les actions de formation suivies et"
            " dispensées au titre de la formation professionnelle continue », article 4 (« La date,"
            " la durée ainsi qu’éventuellement le niveau » sont mentionnés) et article 5"
            " (attestation jointe en annexe). Les formations d’intégration et de professionnalisation"
            " sont organisées par le décret n° 2008-512 du 29 mai 2008."
        ),
        notes=[
            (
                "À retenir : gardez la durée telle que l’attestation la donne, en heures ou en jours ;"
                " elle n’est pas convertie."
            ),
            (
                "À savoir : vos formations et votre expérience peuvent appuyer une demande de dispense"
                " de la durée des formations d’intégration et de professionnalisation."
            ),
            (
                "À noter : votre DRH est une précieuse ressource pour vous accompagner dans"
                " l’élaboration de votre livret individuel de formation."
            ),
        ],
    ),
)

"""3.2 « Expériences extra-professionnelles »: activities outside work."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.description.fields import choice, long_text, number, text
from schema.description.groups import group
from schema.description.refusals import Problem
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
    PERIOD,
    age_warnings,
    organisation_name,
    period_end,
    period_errors,
    period_ongoing,
    period_start,
)

SENSITIVE_KINDS = ("ACTION_SYNDICALE", "VIE_FAMILIALE_AIDANT")
HOURS_A_WEEK = 168


@dataclass(kw_only=True)
class ExtraProfessionalExperienceContent:
    """An activity outside work, as the guide's « bénévolat, action syndicale… »."""

    GROUPS = (
        group("activity", "Activité", "title", "kind", "organisation_name", "role"),
        PERIOD,
    )

    title: str | None = text(
        "Intitulé de l’activité",
        "What the activity is.",
        required=True,
        example="Trésorière d’une association sportive",
    )
    kind: str | None = choice(
        "Nature", "What sort of activity it is; never in a summary.", "activityKind",
        required=True, private=True,
        hint="Une action syndicale ou la vie familiale n’est communiquée que si vous le décidez.",
        example="BENEVOLAT",
    )  # fmt: skip
    organisation_name: str | None = organisation_name(
        "Organisme",
        "The association or body, if there is one.",
        example="Club de natation de Pessac",
    )
    role: str | None = text(
        "Rôle",
        "The part played in it.",
        hint="Par exemple : trésorière, entraîneur, bénévole.",
        example="Trésorière",
    )
    start: str | None = period_start()
    end: str | None = period_end()
    ongoing: bool | None = period_ongoing()
    hours_per_week: float | None = number(
        "Durée (heures par semaine)", "Time given to it, in hours a week.",
        maximum=HOURS_A_WEEK, unit="h",
        hint="Une moyenne suffit.",
        example="3",
    )  # fmt: skip
    description: str | None = long_text(
        "Description", "What was done.", recommended=True,
        hint="Ce que vous faisiez et ce que vous y avez appris.",
        example="Tenir les comptes, préparer le budget, demander les subventions.",
    )  # fmt: skip
    place: str | None = text("Lieu", "Where it took place.", max_length=120, example="Pessac")


def extra_professional_experience_errors(
    content: ExtraProfessionalExperienceContent, _context: ValidationContext
) -> Iterator[Problem]:
    """The error of the period."""
    yield from period_errors(content)


def extra_professional_experience_warnings(
    content: ExtraProfessionalExperienceContent, context: ValidationContext
) -> Iterator[Problem]:
    """A warning on an unlikely date."""
    yield from age_warnings("start", content.start, context)


def is_sensitive(content: ExtraProfessionalExperienceContent) -> bool:
    """Whether the activity reveals data that the law protects (GDPR, article 9), or family life."""
    return content.kind in SENSITIVE_KINDS


def extra_professional_experience_headline(content: ExtraProfessionalExperienceContent) -> str:
    """The activity and its organisation."""
    known = (text_or_empty(content.title), text_or_empty(content.organisation_name))
    return " – ".join(part for part in known if part)


HELP = Help(
    what_it_is=(
        "Les activités que vous menez ou avez menées en dehors de votre travail et qui vous ont "
        "appris quelque chose : bénévolat, mandat, action syndicale, sport, culture, engagement "
        "citoyen, voyages…"
    ),
    to_enter=(
        "Une ligne par activité, avec votre rôle et ce que vous faisiez concrètement. Rien ne vous "
        "oblige à tout dire : vous seul décidez de ce que vous saisissez et de ce que vous "
        "communiquez. Ne saisissez ni opinion, ni religion, ni information de santé, pour vous "
        "comme pour vos proches, et ne nommez personne."
    ),
    examples=[
        (
            "Trésorière d’une association de parents d’élèves, bénévolat, de 2014 à 2019 : tenue des "
            "comptes, demandes de subvention, bilan annuel."
        ),
        (
            "Sapeur-pompier volontaire, engagement citoyen, depuis mars 2012 : interventions, "
            "formation des nouvelles recrues."
        ),
        (
            "Entraîneur d’une équipe de handball de jeunes, sport, 3 heures par semaine : préparation "
            "des séances, encadrement des déplacements."
        ),
    ],
    documents=[
        "Vos attestations d’activité bénévole",
        "Vos diplômes ou brevets fédéraux",
        "Les comptes rendus ou publications de l’association",
    ],
    legal=(
        "Le livret regroupe le parcours personnel et professionnel, dont les activités "
        "extraprofessionnelles (bénévolat, action syndicale…). L’appartenance syndicale est une "
        "donnée sensible (article 9 du RGPD) : elle ne figure dans aucune synthèse ni aucune "
        "statistique."
    ),
    notes=[
        (
            "À retenir : une action syndicale ou une expérience de vie familiale ou d’aidant n’est pas "
            "communiquée tant que vous ne l’avez pas décidé vous-même."
        ),
        (
            "À savoir : la validation des acquis de l’expérience prend aussi en compte les activités "
            "bénévoles et volontaires."
        ),
        (
            "À noter : associez à ces activités les compétences qu’elles vous ont apportées, dans le "
            "volet « Mes compétences »."
        ),
    ],
)

EXTRA_PROFESSIONAL_EXPERIENCE = Rubric(
    name=RubricName.EXTRA_PROFESSIONAL_EXPERIENCE,
    code="E2",
    part=Part.EXPERIENCES,
    label="Expériences extra-professionnelles",
    one="une expérience extra-professionnelle",
    content=ExtraProfessionalExperienceContent,
    help=HELP,
    headline=extra_professional_experience_headline,
    headline_keys=("title", "organisationName"),
    period=period_of,
    errors=extra_professional_experience_errors,
    warnings=extra_professional_experience_warnings,
    hidden_by_default=is_sensitive,
    supports_competences=True,
)

"""3.3 « Expériences de tutorat »: accompanying apprentices, trainees and new colleagues."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from schema.codes import label_of
from schema.description.conditions import filled
from schema.description.fields import choice, long_text, text, whole_number
from schema.description.groups import group
from schema.description.overlap import certain_days, overlapping
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
    duration_unit,
    duration_value,
    organisation_name,
    period_end,
    period_errors,
    period_ongoing,
    period_start,
)

APPRENTICE_MASTER = "MAITRE_APPRENTISSAGE"
MAX_APPRENTICES = 2


@dataclass(kw_only=True)
class TutoringExperienceContent:
    """An action of tutoring (decree 2008-830, articles 1 and 4); the person tutored is never named."""

    GROUPS = (
        PERIOD,
        DURATION,
        group("diploma", "Diplôme préparé", "diploma_prepared", "diploma_level"),
    )

    kind: str | None = choice(
        "Nature du tutorat",
        "What sort of tutoring it is.",
        "tutoringKind",
        required=True,
        example="MAITRE_APPRENTISSAGE",
    )
    employer_name: str | None = organisation_name(
        "Employeur", "Where the tutoring took place.", required=True
    )
    department: str | None = text(
        "Service / direction",
        "The department within the employer.",
        max_length=150,
        example="Service des espaces verts",
    )
    start: str | None = period_start()
    end: str | None = period_end()
    ongoing: bool | None = period_ongoing()
    duration_value: float | None = duration_value(recommended=False)
    duration_unit: str | None = duration_unit()
    level: str | None = choice(
        "Niveau", "The level of the tutoring itself (article 4).", "level",
        hint="S’il y a lieu ; le niveau du diplôme préparé se saisit plus bas.",
        example="3",
    )  # fmt: skip
    tutored_count: int | None = whole_number(
        "Nombre de personnes accompagnées", "How many people were tutored.",
        minimum=1, maximum=1_000,
        example="1",
    )  # fmt: skip
    diploma_prepared: str | None = text(
        "Diplôme préparé",
        "The diploma that the tutored person was preparing.",
        example="CAP Jardinier paysagiste",
    )
    diploma_level: str | None = choice(
        "Niveau du diplôme préparé", "The level of that diploma.", "level",
        shown_when=(filled("diploma_prepared"),),
        example="3",
    )  # fmt: skip
    training_partner: str | None = text(
        "Organisme partenaire", "The school or training centre.",
        hint="Le CFA, l’école ou le centre de formation.",
        example="CFA du paysage de Blanquefort",
    )  # fmt: skip
    missions: str | None = long_text(
        "Missions", "What the tutoring consisted of.", recommended=True,
        hint="Ce que vous transmettiez et comment, sans nommer la personne accompagnée.",
        example="Transmettre les gestes du métier, suivre les progrès avec le CFA.",
    )  # fmt: skip
    tutor_training: str | None = text(
        "Formation de tuteur suivie", "The training followed in order to tutor.",
        hint="Reprenez l’intitulé saisi dans « Autres formations ».",
        example="Devenir maître d’apprentissage",
    )  # fmt: skip


def tutoring_experience_errors(
    content: TutoringExperienceContent, _context: ValidationContext
) -> Iterator[Problem]:
    """The error of the period."""
    yield from period_errors(content)


def tutoring_experience_warnings(
    content: TutoringExperienceContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: an unlikely date; more than two apprentices at a time."""
    yield from age_warnings("start", content.start, context)
    if (
        content.kind == APPRENTICE_MASTER
        and _apprentices_when_it_begins(content, context) > MAX_APPRENTICES
    ):
        yield problem(
            "tutoredCount",
            "TOO_MANY_APPRENTICES",
            "Un maître d’apprentissage accompagne au plus deux apprentis à la fois, et un "
            "redoublant en plus : vérifiez le nombre ou séparez les périodes.",
        )


def _apprentices_when_it_begins(
    content: TutoringExperienceContent, context: ValidationContext
) -> int:
    """How many apprentices this tutoring has, with those of others that certainly go on when it begins.

    A peak is always reached when some tutoring begins: that one carries the warning.
    """
    own = certain_days(content)
    return _count(content) + sum(
        _count(other)
        for other, days in overlapping(content, context)
        if other.kind == APPRENTICE_MASTER and own is not None and days.first <= own.first
    )


def _count(content: Any) -> int:
    return content.tutored_count if isinstance(content.tutored_count, int) else 1


def tutoring_experience_headline(content: TutoringExperienceContent) -> str:
    """What sort of tutoring, and where."""
    kind = label_of("tutoringKind", content.kind) if isinstance(content.kind, str) else ""
    return " – ".join(part for part in (kind, text_or_empty(content.employer_name)) if part)


HELP = Help(
    what_it_is=(
        "Les personnes que vous avez accompagnées dans leur apprentissage ou leur prise de poste : "
        "apprentis, stagiaires, nouveaux agents, contrats aidés, volontaires en service civique."
    ),
    to_enter=(
        "Une ligne par accompagnement ou par période d’accompagnement : les dates, l’employeur et "
        "le service, le diplôme préparé s’il y en a un, ce que vous avez transmis. Ne saisissez "
        "jamais le nom de la personne accompagnée, ni rien qui permette de la reconnaître : ces "
        "informations sont les siennes."
    ),
    examples=[
        (
            "Maître d’apprentissage, service espaces verts d’une commune, de septembre 2019 à juin "
            "2021 : un apprenti en CAP Jardinier paysagiste, avec le CFA."
        ),
        (
            "Tutrice d’un nouvel agent, service état civil, 3 mois en 2018 : prise de poste, délivrance "
            "des actes, accueil du public."
        ),
        (
            "Tuteur d’un stagiaire en cours d’études, direction des finances, 8 semaines en 2022 : BTS "
            "Comptabilité et gestion."
        ),
    ],
    documents=[
        "Vos attestations de tutorat ou de maître d’apprentissage",
        "Vos lettres de mission et conventions de stage, sans le nom des personnes",
        "L’attestation de votre formation de tuteur",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008 : le livret recense « les actions de tutorat » "
        "(article 1) ; leur date, leur durée ainsi qu’éventuellement leur niveau sont mentionnés "
        "(article 4)."
    ),
    notes=[
        "À retenir : ne nommez jamais la personne que vous avez accompagnée.",
        (
            "À savoir : un maître d’apprentissage accompagne au plus deux apprentis à la fois, et un "
            "redoublant en plus."
        ),
        (
            "À noter : la formation de tuteur que vous avez suivie se saisit aussi dans « Autres "
            "formations »."
        ),
    ],
)

TUTORING_EXPERIENCE = Rubric(
    name=RubricName.TUTORING_EXPERIENCE,
    code="E3",
    part=Part.EXPERIENCES,
    label="Expériences de tutorat",
    one="une expérience de tutorat",
    content=TutoringExperienceContent,
    help=HELP,
    headline=tutoring_experience_headline,
    headline_keys=("kind", "employerName"),
    period=period_of,
    errors=tutoring_experience_errors,
    warnings=tutoring_experience_warnings,
    supports_competences=True,
)

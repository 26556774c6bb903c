"""« Préconisations »: what a skills assessment or a professional interview recommended."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import label_of
from schema.description.fields import choice, date, long_text
from schema.description.refusals import Problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    always_hidden,
    period_at,
)
from schema.description.shared_fields import age_warnings


@dataclass(kw_only=True)
class RecommendationContent:
    """A recommendation made to the agent (decree 2008-830, article 5, second paragraph)."""

    origin: str | None = choice(
        "Origine",
        "On which occasion it was made.",
        "recommendationOrigin",
        required=True,
        example="ENTRETIEN_PROFESSIONNEL",
    )
    made_on: str | None = date("Date", "When it was made.", required=True, example="03/2024")
    text: str | None = long_text(
        "Préconisation", "What was recommended; never in a summary.", required=True, private=True,
        hint="Recopiez ou résumez la préconisation, sans nommer personne.",
        example="Suivre une formation à l’encadrement d’une équipe.",
    )  # fmt: skip


def recommendation_warnings(
    content: RecommendationContent, context: ValidationContext
) -> Iterator[Problem]:
    """A warning on an unlikely date."""
    yield from age_warnings("madeOn", content.made_on, context)


def recommendation_headline(content: RecommendationContent) -> str:
    """The occasion on which it was made."""
    origin = content.origin
    occasion = label_of("recommendationOrigin", origin) if isinstance(origin, str) else ""
    return f"Préconisation – {occasion}" if occasion else "Préconisation"


HELP = Help(
    what_it_is=(
        "Les préconisations qui vous ont été faites à l’occasion d’un bilan de compétences ou d’un "
        "entretien professionnel : formation conseillée, évolution envisagée, compétence à "
        "développer. Cette annexe est facultative."
    ),
    to_enter=(
        "L’origine, la date et le texte de la préconisation. Ne recopiez ni l’appréciation de votre "
        "valeur professionnelle, ni une information de santé, ni un propos sur une autre personne."
    ),
    examples=[
        (
            "Entretien professionnel, novembre 2023 : suivre une formation à la conduite de projet "
            "avant la prise de poste de chef de service."
        ),
        "Bilan de compétences, mai 2021 : préparer le concours interne de rédacteur territorial.",
    ],
    documents=[
        "Le document de synthèse de votre bilan de compétences",
        "Le compte rendu de votre entretien professionnel",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008, article 5 : « Peuvent également figurer dans une "
        "annexe les préconisations formulées à l’occasion d’un bilan de compétences ou d’un "
        "entretien professionnel. »"
    ),
    notes=[
        (
            "À retenir : une préconisation n’est pas communiquée tant que vous ne l’avez pas décidé "
            "vous-même."
        ),
        "À savoir : rien ne vous oblige à faire figurer une préconisation dans votre livret.",
    ],
)

RECOMMENDATION = Rubric(
    name=RubricName.RECOMMENDATION,
    code="R",
    part=Part.ATTACHMENTS,
    label="Préconisations",
    one="une préconisation",
    content=RecommendationContent,
    help=HELP,
    headline=recommendation_headline,
    headline_keys=("origin",),
    period=lambda content: period_at(content.made_on),
    period_keys=("madeOn",),
    warnings=recommendation_warnings,
    hidden_by_default=always_hidden,
)

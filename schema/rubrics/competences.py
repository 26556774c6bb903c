"""4.1 « Compétences »: general knowledge, know-how and competences."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import code_of
from schema.description.conditions import filled, recommended, required
from schema.description.dates import Period
from schema.description.fields import choice, choices, date, long_text, text, texts
from schema.description.groups import group
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    text_or_empty,
)
from schema.description.shared_fields import age_warnings

CONTEXT_LENGTH = 1_000
CODE_LENGTH = 200
ANY_WORDS = r".*\S.*"
SHAPES = {
    "ROME_OGR": r"[0-9]{3,7}",
    "ESCO_URI": r"https?://data\.europa\.eu/esco/\S+",
    "RNCP_BLOC": r"RNCP[0-9]{1,6}BC[0-9]{2}",
}


@dataclass(kw_only=True)
class CompetenceContent:
    """What the owner knows or can do (the guide's « Mes compétences »)."""

    GROUPS = (group("language", "Compétence linguistique", "language_code", "cefr"),)

    kind: str | None = choice(
        "Nature", "General knowledge, know-how or competence.", "competenceKind", required=True,
        hint="Une connaissance se sait, un savoir-faire se pratique, une compétence réunit les "
        "deux dans une situation de travail.",
        example="SAVOIR_FAIRE",
    )  # fmt: skip
    label: str | None = text(
        "Intitulé", "The competence in a few words.", required=True,
        hint="Pour un savoir-faire, un verbe d’action et son objet : « Rédiger un marché public ».",
        example="Rédiger un marché public",
    )  # fmt: skip
    description: str | None = long_text(
        "Description", "What the competence covers, with its results.",
        hint="Ce que vous savez faire, jusqu’où, avec quels outils et quels résultats.",
        example="De la définition du besoin à la notification, avec le profil d’acheteur.",
    )  # fmt: skip
    contexts: list[str] | None = texts(
        "Contextes et résultats", "Situations in which it was used, each with its result.",
        max_length=CONTEXT_LENGTH,
        hint="Une situation par ligne, avec son résultat.",
        example="Marché de fournitures scolaires : huit lots, aucun recours.",
    )  # fmt: skip
    domain: str | None = text(
        "Domaine", "The field that it belongs to, in free words.",
        hint="Par exemple : finances, état civil, espaces verts.",
        example="Commande publique",
    )  # fmt: skip
    self_level: str | None = choice(
        "Niveau de maîtrise (auto-évaluation)", "How well, in the owner's own opinion.",
        "selfLevel",
        hint="C’est vous qui l’évaluez ; personne ne le valide.",
        example="3",
    )  # fmt: skip
    language_code: str | None = choice(
        "Langue", "The language, for a language skill.", "language",
        hint="Seulement pour une compétence linguistique.",
        required_when=(required("Précisez la langue dont vous donnez le niveau.", filled("cefr")),),
        example="en",
    )  # fmt: skip
    cefr: str | None = choice(
        "Niveau de langue (CECRL)", "The level by the Common European Framework.", "cefr",
        recommended_when=(recommended(filled("language_code")),),
        shown_when=(filled("language_code"),),
        example="B1",
    )  # fmt: skip
    last_used: str | None = date(
        "Dernière mise en œuvre", "When it was last used.",
        hint="L’année suffit.",
        example="2024",
    )  # fmt: skip
    codes: list[str] | None = choices(
        "Codes", "Codes in public frameworks, each written SCHEME:value.", None,
        max_length=CODE_LENGTH,
        hint="Par exemple RNCP_BLOC:RNCP38363BC01 ; facultatif.",
        example="RNCP_BLOC:RNCP38363BC01",
    )  # fmt: skip


def competence_errors(content: CompetenceContent, _context: ValidationContext) -> Iterator[Problem]:
    """Errors of codes of no known framework."""
    for index, code in enumerate(content.codes if isinstance(content.codes, list) else ()):
        if (message := code_error(code)) is not None:
            yield problem(f"codes[{index}]", "FORMAT", message)


def code_error(code: str) -> str | None:
    """Check a code written `SCHEME:value`: a French message, or None when it is valid."""
    scheme, colon, value = code.partition(":")
    if not colon or code_of("codeScheme", scheme) is None:
        return "Écrivez le référentiel, deux-points, puis le code (par exemple CNFPT:A1B2)."
    if not re.fullmatch(SHAPES.get(scheme, ANY_WORDS), value):
        return f"Ce code n’a pas la forme des codes du référentiel {scheme}."
    return None


def competence_warnings(
    content: CompetenceContent, context: ValidationContext
) -> Iterator[Problem]:
    """A warning on an unlikely date."""
    yield from age_warnings("lastUsed", content.last_used, context)


HELP = Help(
    what_it_is=(
        "Les connaissances générales, les savoir-faire et les compétences que vous estimez être "
        "particulièrement représentatifs de vos acquis personnels."
    ),
    to_enter=(
        "Une ligne par connaissance, savoir-faire ou compétence, en peu de mots. Associez-la "
        "ensuite aux formations et aux expériences, professionnelles ou extra-professionnelles, où "
        "vous l’avez acquise ou mise en œuvre. Ne recopiez pas votre fiche de poste : choisissez "
        "ce qui vous représente. Ne saisissez pas de traits de caractère sans exemple, ni rien qui "
        "concerne une autre personne."
    ),
    examples=[
        (
            "Savoir-faire : « Instruire une demande d’acte d’état civil », maîtrise, mis en œuvre au "
            "service population depuis 2016."
        ),
        (
            "Connaissance générale : « Règles de la commande publique », pratique, acquise lors d’une "
            "formation du CNFPT en 2021."
        ),
        (
            "Compétence : « Animer une réunion de concertation avec des habitants », expertise, acquise "
            "en association puis mise en œuvre comme chef de projet."
        ),
    ],
    documents=[
        "Votre CV",
        "Vos fiches de poste et comptes rendus d’entretien professionnel, pour votre usage",
        "La synthèse de votre bilan de compétences, si vous en avez suivi un",
    ],
    legal=(
        "Décret n° 2008-830 du 22 août 2008, article 1 : le livret recense « les connaissances, les "
        "compétences et les aptitudes professionnelles mises en œuvre » dans le cadre des emplois "
        "tenus."
    ),
    notes=[
        (
            "À retenir : une compétence convainc par ce qui la soutient. Associez-la à au moins une "
            "formation ou une expérience déjà saisie dans votre livret."
        ),
        (
            "À savoir : le niveau de maîtrise est votre propre évaluation ; les informations du livret "
            "ne font l’objet d’aucune validation."
        ),
        "À noter : l’ordre de vos compétences est le vôtre, commencez par les plus parlantes.",
    ],
)

COMPETENCE = Rubric(
    name=RubricName.COMPETENCE,
    code="C1",
    part=Part.COMPETENCES,
    label="Compétences",
    one="une compétence",
    content=CompetenceContent,
    help=HELP,
    headline=lambda content: text_or_empty(content.label),
    headline_keys=("label",),
    # A competence is not an event: the date of its last use is one of its lines.
    period=lambda _: Period(),
    errors=competence_errors,
    warnings=competence_warnings,
    owner_ordered=True,
)

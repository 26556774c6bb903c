"""The parts (volets) of a booklet: the guide's words for each, and its récapitulatif."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

import strawberry

from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.rubric import Part, Rubric, RubricName
from schema.entries.entries import Entry
from schema.rubrics import RUBRICS
from schema.typography import typeset_attributes

MAX_RUBRICS_OF_PART = max(Counter(rubric.part for rubric in RUBRICS).values())


@dataclass(frozen=True, slots=True)
class PartWords:
    """What the guide says of a part; `contents` in its leaflet, the rest on the part's screen.

    `details` says where the tabs lead, `recap` what « Récapitulatif » holds; empty where the guide
    says nothing.
    """

    part: Part
    label: str
    introduction: str
    details: str
    recap: str
    contents: str

    def __post_init__(self) -> None:
        typeset_attributes(self, "label", "introduction", "details", "recap", "contents")


PARTS: tuple[PartWords, ...] = (
    PartWords(
        Part.FORMATIONS,
        "Mes formations",
        "Le volet « Mes formations » de votre livret individuel vous permet de recenser l’ensemble "
        "des formations que vous avez suivies, les concours que vous avez passés ou obtenus, les "
        "habilitations professionnelles et les différents permis dont vous êtes titulaire.",
        "Les onglets « Titres et diplômes » et « Autres formations » renvoient respectivement à "
        "deux types d’actions de formation distinctes dont les caractéristiques sont expliquées "
        "dans chaque rubrique d’aide.",
        "L’onglet « Récapitulatif » reprend l’ensemble des informations saisies dans le volet "
        "« Mes formations ».",
        "qui comprend des informations sur les diplômes obtenus et leurs contenus et les actions "
        "de formation suivies.",
    ),
    PartWords(
        Part.EXPERIENCES,
        "Mes expériences",
        "Le volet « Mes expériences » de votre livret individuel vous permet de recenser "
        "l’ensemble des expériences professionnelles et extra-professionnelles que vous avez "
        "réalisées.",
        "Les onglets « Expériences professionnelles », « Expériences extra-professionnelles » et "
        "« Expériences de tutorat » correspondent à trois types différents d’expériences dont les "
        "caractéristiques sont expliquées dans chaque rubrique.",
        "L’onglet « Récapitulatif » reprend l’ensemble des informations saisies dans le volet "
        "« Mes expériences ».",
        "qui regroupe le parcours personnel et professionnel, fonctions et postes occupés dans et "
        "hors de la fonction publique, activités professionnelles et extraprofessionnelles "
        "(bénévolat, action syndicale...).",
    ),
    PartWords(
        Part.COMPETENCES,
        "Mes compétences",
        "Le volet « Mes compétences » de votre livret individuel vous permet de recenser "
        "l’ensemble des connaissances générales, des savoir-faire et des compétences que vous "
        "estimez être particulièrement représentatifs de vos acquis personnels.",
        "Vous avez de plus la possibilité d’associer vos compétences à des formations ainsi qu’à "
        "des expériences professionnelles ou extra-professionnelles que vous avez déjà saisies "
        "dans votre livret.",
        "L’onglet « Récapitulatif » reprend l’ensemble des informations saisies dans le volet "
        "« Mes compétences ».",
        "qui comprend des informations sur les compétences acquises au cours du parcours "
        "personnel, professionnel et formatif.",
    ),
    PartWords(
        Part.ATTACHMENTS,
        "Pièces jointes",
        "Cette rubrique vous permet de dresser la liste des documents « papier » que vous pouvez "
        "joindre à la version imprimée de votre livret.",
        "Par exemple : diplômes et titres, attestations de formation de travail, de stages, "
        "d’activité bénévole...",
        "",
        "",
    ),
)


@strawberry.type(description="A rubric in a « Récapitulatif », with its count.")
class RecapGroup:
    """« Titres et diplômes (3) » and the three."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    title: str = strawberry.field(
        description="Its French title with the count: « Titres et diplômes (3) »."
    )
    count: int = strawberry.field(description="How many entries.")
    entries: list[Entry] = strawberry.field(
        description=f"The entries, in order; {at_most(MAX_ENTRIES)}."
    )


@strawberry.type(description="The « Récapitulatif » of a part: all that was saved in it.")
class Recap:
    """A part as one page."""

    part: Part = strawberry.field(description="Which part.")
    title: str = strawberry.field(description="Its French title.")
    groups: list[RecapGroup] = strawberry.field(
        description=f"One group a rubric, in the guide's order; {at_most(MAX_RUBRICS_OF_PART)}."
    )


def rubrics_of(part: Part) -> tuple[Rubric, ...]:
    """The rubrics of a part, in the guide's order."""
    return tuple(rubric for rubric in RUBRICS if rubric.part is part)


def words_of(part: Part) -> PartWords:
    """The guide's words for a part."""
    return next(words for words in PARTS if words.part is part)


def recap_of(part: Part, entries: Iterable[Entry]) -> Recap:
    """The récapitulatif of a part, from entries that are sorted."""
    groups = []
    all_entries = list(entries)
    for rubric in rubrics_of(part):
        own = [entry for entry in all_entries if entry.rubric is rubric.name]
        title = f"{rubric.label} ({len(own)})"
        groups.append(RecapGroup(rubric=rubric.name, title=title, count=len(own), entries=own))
    return Recap(part=part, title=words_of(part).label, groups=groups)

"""The request for an exemption from statutory training (« dispense de formation »).

Decree 2008-512, articles 17 and 18: the fields of the form, what refuses it and what weakens it. The
CNFPT decides; the rules here only prevent sending a request that cannot be granted. They judge the
entries that the dossier communicates, since its reader sees no others.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date as calendar_date
from typing import Any

import strawberry
from strawberry.scalars import JSON

from schema.codes import code_of, code_table
from schema.description.bounds import MAX_FORM_LINES, at_most
from schema.description.conditional_rules import conditional_errors, holds, recommendation_warnings
from schema.description.conditions import CodesFor, DependentCodes, one_of, recommended, required
from schema.description.display_lines import Line, french_number
from schema.description.fields import (
    choice,
    date,
    is_filled,
    long_text,
    number,
    text,
    yes_no,
)
from schema.description.groups import group
from schema.description.input_values import input_values
from schema.description.refusals import Problem, problem
from schema.description.rubric import RubricName, text_or_empty
from schema.description.shared_fields import organisation_name, siret
from schema.description.text_cleaning import clean_name
from schema.dossiers.dossier_lines import dossier_lines
from schema.entries.entries import Attachment, Diploma, Entry, ProfessionalExperience
from schema.entries.identity import person_name_error
from schema.panorama.experience_total import experience_total_of
from schema.rubrics.professional_experiences import is_worked

MAX_DISPENSE_DAYS = 1_000
_DECREE = "du décret n° 2008-512 du 29 mai 2008"
GROUNDS_OF_ARTICLE_17 = ("ART17_FORMATIONS", "ART17_BILANS")
GROUNDS_OF_ARTICLE_18 = ("ART18_TITRE_DIPLOME", "ART18_EXPERIENCE")
# The trainings that article 18 is about; article 17 exempts of the others too.
TRAININGS_OF_ARTICLE_18 = ("INTEGRATION", "PROF_PREMIER_EMPLOI", "PROF_SECRETAIRE_GENERAL_MAIRIE")
# Their trainings are those of other texts; civil servants of the communes of French Polynesia, who
# have no filière, are those of ordonnance 2005-10 of 4 January 2005.
OUTSIDE_THE_DECREE = ("PM", "SPP", None)
OUTSIDE_CADRES = tuple(
    cadre.code for cadre in code_table("cadreEmplois").codes if cadre.group in OUTSIDE_THE_DECREE
)
_IN_A_PLUS = one_of(
    "cadre_emplois",
    (
        cadre.code
        for cadre in code_table("cadreEmplois").codes
        if cadre.category == "A+" and cadre.code not in OUTSIDE_CADRES
    ),
)
ADDRESSEES = {
    "A+": "Institut national des études territoriales (INET)",
    "A": "Institut national spécialisé d’études territoriales (INSET)",
    "B": "Délégation régionale du CNFPT",
    "C": "Délégation régionale du CNFPT",
}
# What each ground rests on, and the words for its absence.
_SUPPORT = {
    "ART17_FORMATIONS": (RubricName.TRAINING, "Aucune formation suivie"),
    "ART17_BILANS": (RubricName.PRIOR_LEARNING_RECOGNITION, "Aucun bilan de compétences"),
    "ART18_TITRE_DIPLOME": (RubricName.DIPLOMA, "Aucun titre ou diplôme"),
}


@dataclass(kw_only=True)
class DispenseContent:
    """The form, in the order in which it is printed."""

    GROUPS = (
        group(
            "employer", "Employeur",
            "employer_name", "employer_siret", "signatory_name", "signatory_role",
        ),
        group(
            "agent", "Agent", "cadre_emplois", "grade", "appointed_on", "schooling"
        ),
        group(
            "request", "Demande",
            "training_type", "statutory_days", "requested_days", "ground", "consulted_on",
        ),
    )  # fmt: skip

    employer_name: str | None = organisation_name(
        "Employeur", "The employer that signs the request.", required=True
    )
    employer_siret: str | None = siret("employeur", "The SIRET of the employer.", recommended=True)
    signatory_name: str | None = text(
        "Signataire pour l’employeur", "Who signs for the employer.", max_length=200,
        recommended=True, normalize=clean_name, verify=person_name_error,
        hint="Prénom et nom.",
        example="Jeanne Roy",
    )  # fmt: skip
    signatory_role: str | None = text(
        "Fonction du signataire", "The function of whoever signs.", recommended=True,
        hint="Maire, présidente, directeur général des services…",
        example="Directrice générale des services",
    )  # fmt: skip
    cadre_emplois: str | None = choice(
        "Cadre d’emplois", "The cadre d'emplois of the agent.", "cadreEmplois", required=True,
        refused_codes=OUTSIDE_CADRES,
        example="REDACTEURS",
    )  # fmt: skip
    grade: str | None = text(
        "Grade", "The grade of the agent.", recommended=True, example="Rédacteur"
    )
    appointed_on: str | None = date(
        "Date de nomination",
        "When the agent was appointed to it.",
        recommended=True,
        example="01/01/2024",
    )
    schooling: bool | None = yes_no(
        "Formation initiale sous forme de scolarité",
        "In category A+, whether the initial training is a schooling: then nothing is exempted.",
        hint="En catégorie A+ seulement.",
        required_when=(
            required(
                "En catégorie A+, dites si la formation initiale est une scolarité.", _IN_A_PLUS
            ),
        ),
        shown_when=(_IN_A_PLUS,),
    )
    training_type: str | None = choice(
        "Formation concernée", "The statutory training concerned.", "dispenseTraining",
        required=True,
        example="INTEGRATION",
    )  # fmt: skip
    statutory_days: float | None = number(
        "Durée statutaire", "How many days the statute asks for.", maximum=MAX_DISPENSE_DAYS,
        required=True, unit="jours",
        hint="Si vous ne la connaissez pas, demandez-la au service des ressources humaines de votre employeur.",
        example="10",
    )  # fmt: skip
    requested_days: float | None = number(
        "Dispense demandée", "How many of them the exemption is asked for.", maximum=MAX_DISPENSE_DAYS,
        required=True, unit="jours", hint="Au plus la durée statutaire.",
        example="5",
    )  # fmt: skip
    ground: str | None = choice(
        "Motif", "On which ground of decree 2008-512.", "dispenseGround", required=True,
        hint="Article 17 : présentée par l’employeur. Article 18 : à votre demande.",
        depends_on=DependentCodes(
            "training_type",
            tuple(
                CodesFor(training.code, GROUNDS_OF_ARTICLE_17, strict=True)
                for training in code_table("dispenseTraining").codes
                if training.code not in TRAININGS_OF_ARTICLE_18
            ),
            code="GROUND_NOT_OPEN",
            message=lambda choice, code: (
                f"L’article 18 {_DECREE} ne concerne que l’intégration, le premier emploi et le "
                "secrétariat général de mairie : choisissez un autre motif ou une autre formation."
            ),
        ),
        example="ART17_FORMATIONS",
    )  # fmt: skip
    consulted_on: str | None = date(
        "Agent consulté le", "Under article 17, when the employer consulted the agent.",
        hint="Pour une demande présentée par l’employeur (article 17).",
        recommended_when=(
            recommended(
                one_of("ground", GROUNDS_OF_ARTICLE_17),
                message="L’employeur présente cette demande après avoir consulté l’agent : indiquez quand.",
            ),
        ),
        shown_when=(one_of("ground", GROUNDS_OF_ARTICLE_17),),
        example="01/10/2025",
    )  # fmt: skip
    duties: str | None = long_text(
        "Missions du poste",
        "The duties of the post.",
        recommended=True,
        example="Instruire les demandes d’urbanisme et recevoir le public.",
    )
    adequacy: str | None = long_text(
        "Adéquation aux missions", "How what was acquired fits the duties.", recommended=True,
        hint="Ce que vous avez acquis et qui correspond aux missions du poste.",
        example="Deux formations à l’urbanisme, suivies en 2022 et en 2023.",
    )  # fmt: skip
    unused_days_carried: bool | None = yes_no(
        "Report des jours d’intégration non utilisés",
        "Whether unused days of integration are carried over to the training of the first job.",
        hint="Sur la formation de professionnalisation au premier emploi.",
        shown_when=(one_of("training_type", ("INTEGRATION",)),),
    )


@strawberry.type(
    description="A request for an exemption from statutory training, as its owner wrote it."
)
class Dispense(DispenseContent):
    """The form of a dossier for an exemption."""

    @strawberry.field(
        description=f"Every filled field with its French label, and what follows from them; {at_most(MAX_FORM_LINES)}."
    )
    def lines(self) -> list[Line]:
        return dispense_lines(self)

    @strawberry.field(
        description="The value of every field of the form by its key (`dispenseForm`), null when it has none, as `DispenseInput` takes it."
    )
    def values(self) -> JSON:
        return JSON(input_values(self, DispenseContent))


def dispense_lines(content: DispenseContent) -> list[Line]:
    """The form as people read it, with who presents the request and who receives it."""
    category, ground = _category(content), text_or_empty(content.ground)
    lines = dossier_lines(content, DispenseContent, with_siret=True)
    if category:
        place = next(index for index, line in enumerate(lines) if line.key == "cadreEmplois") + 1
        lines.insert(place, Line(key="category", label="Catégorie", text=category))
    if is_filled(content.statutory_days) and is_filled(content.requested_days):
        is_total = content.requested_days == content.statutory_days
        extent = "Dispense totale" if is_total else "Dispense partielle"
        lines.append(Line(key="extent", label="Étendue", text=extent))
    if ground:
        by = "L’agent" if ground in GROUNDS_OF_ARTICLE_18 else "L’employeur"
        lines.append(Line(key="presentedBy", label="Présentée par", text=by))
    if category in ADDRESSEES:
        lines.append(Line(key="addressee", label="Adressée à", text=ADDRESSEES[category]))
    return lines


def dispense_errors(
    content: DispenseContent, selected: Sequence[Entry], today: calendar_date
) -> Iterator[Problem]:
    """What refuses the request, beyond the limits of its fields. Paths are keys of the form."""
    yield from _scope_errors(content)
    statutory, requested = content.statutory_days, content.requested_days
    if statutory and requested and requested > statutory:
        message = (
            f"La dispense demandée ({in_days(requested)}) dépasse la durée statutaire"
            f" ({in_days(statutory)}) : demandez-en au plus autant."
        )
        yield problem("requestedDays", "OUT_OF_RANGE", message)
    yield from conditional_errors(content)
    if content.ground == "ART18_EXPERIENCE":
        total = experience_total_of(selected, today)
        if not total.over_three_years:
            message = (
                f"L’article 18 {_DECREE} demande au moins trois ans d’expérience professionnelle. Les"
                f" postes de ce dossier font {total.text} : il manque {total.missing}. Choisissez-en d’autres, ou ajoutez-en à votre livret. Chacun compte selon son "
                "temps de travail, et les périodes qui se chevauchent une seule fois."
            )
            rubric = RubricName.PROFESSIONAL_EXPERIENCE
            yield problem("ground", "EXPERIENCE_TOO_SHORT", message, rubric=rubric)


def dispense_warnings(content: DispenseContent, selected: Sequence[Entry]) -> Iterator[Problem]:
    """What a complete request would have; warnings never block. Paths are keys of the form."""
    yield from recommendation_warnings(content, DispenseContent)
    ground = text_or_empty(content.ground)
    if ground in _SUPPORT and not any(_supports(ground, entry) for entry in selected):
        rubric, absence = _SUPPORT[ground]
        article = 17 if ground in GROUNDS_OF_ARTICLE_17 else 18
        message = f"{absence} ne figure dans ce dossier pour appuyer ce motif (article {article} {_DECREE})."
        yield problem("ground", "NO_SUPPORT", message, rubric=rubric)
    if not any(isinstance(one, Attachment) and one.kind == "FICHE_DE_POSTE" for one in selected):
        message = "La fiche de poste ne figure pas parmi les pièces de ce dossier."
        yield problem("duties", "NO_SUPPORT", message, rubric=RubricName.ATTACHMENT)
    if content.unused_days_carried is True and content.training_type != "INTEGRATION":
        message = "Ce report ne concerne que la formation d’intégration."
        yield problem("unusedDaysCarried", "NOT_EXPECTED", message)


def in_days(days: float) -> str:
    """`10 jours`, `0,5 jour`, `aucun jour`."""
    if days <= 0:
        return "aucun jour"
    return f"{french_number(days)} jour{'s' if days >= 2 else ''}"


def lacks_level(entry: Entry) -> bool:
    """Whether it is a diploma without the level that a request for exemption must say."""
    return isinstance(entry, Diploma) and not is_filled(entry.level)


def _scope_errors(content: DispenseContent) -> Iterator[Problem]:
    """Agents whom the decree does not exempt: two filières, and category A+ with a schooling."""
    if content.cadre_emplois in OUTSIDE_CADRES:
        message = (
            "La police municipale, les sapeurs-pompiers professionnels et les fonctionnaires des "
            "communes de Polynésie française relèvent d’autres textes : cette dispense ne s’applique "
            "pas à eux."
        )
        yield problem("cadreEmplois", "OUTSIDE_DECREE", message)
    elif holds(_IN_A_PLUS, content) and content.schooling is True:
        message = "Une formation initiale sous forme de scolarité ne donne lieu à aucune dispense."
        yield problem("schooling", "OUTSIDE_DECREE", message)


def rests_on(ground: str, entry: Entry) -> bool:
    """Whether an entry is of those on which the ground rests."""
    if ground == "ART18_EXPERIENCE":
        return isinstance(entry, ProfessionalExperience) and is_worked(entry)
    return ground in _SUPPORT and _supports(ground, entry)


def _supports(ground: str, entry: Any) -> bool:  # Any: what tells is a field of some rubrics only
    if entry.rubric is not _SUPPORT[ground][0]:
        return False
    if ground == "ART17_BILANS":
        return bool(entry.kind == "BILAN_COMPETENCES")
    if ground == "ART17_FORMATIONS":
        return bool(entry.role != "FORMATEUR")
    return bool(entry.outcome == "OBTENU")


def _category(content: DispenseContent) -> str:
    cadre = code_of("cadreEmplois", text_or_empty(content.cadre_emplois))
    return (cadre.category or "") if cadre else ""

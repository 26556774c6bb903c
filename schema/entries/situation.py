"""The current situation of the holder: where they work now, by their own word.

It heads a dossier and gives no right: a booklet outlives its holder's employers.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import strawberry
from strawberry.scalars import JSON

from schema.description.bounds import MAX_SITUATION_LINES, at_most
from schema.description.conditional_rules import conditional_errors
from schema.description.conditions import filled, required
from schema.description.display_lines import Line, display_lines
from schema.description.fields import choice, date, text, yes_no
from schema.description.input_values import input_values
from schema.description.refusals import Problem
from schema.description.shared_fields import (
    city,
    commune,
    country,
    organisation_group,
    organisation_name,
    siret,
)
from schema.description.territorial_fields import (
    CADRES_OF_FILIERE,
    CATEGORIES_OF_CADRE,
    SERVICE,
)


@dataclass(kw_only=True)
class SituationContent:
    """The present post, in the words of 3.1."""

    GROUPS = (organisation_group("Employeur", "employer"), SERVICE)

    employer_name: str | None = organisation_name(
        "Employeur", "The name of the employer.",
        required_when=tuple(
            required("Indiquez le nom de l’employeur.", filled(other))
            for other in ("employer_siret", "employer_insee_commune", "employer_city")
        ),
    )  # fmt: skip
    employer_siret: str | None = siret("employeur", "The SIRET of the employer.")
    employer_insee_commune: str | None = commune("employeur", "Where the employer is: INSEE code.")
    employer_city: str | None = city("employeur", "Where the employer is.")
    employer_country_code: str | None = country(
        "Pays (employeur)", "In which country the employer is."
    )
    department: str | None = text(
        "Service / direction",
        "The department within the employer.",
        max_length=150,
        example="Direction de la population",
    )
    job_title: str | None = text(
        "Intitulé du poste / fonction",
        "The title of the post.",
        example="Responsable du service état civil",
    )
    status: str | None = choice(
        "Statut",
        "Under which status the post is held.",
        "employmentStatus",
        example="TITULAIRE",
    )
    filiere: str | None = choice(
        "Filière", "The filière of the cadre d'emplois.", "filiere", example="ADM"
    )
    cadre_emplois: str | None = choice(
        "Cadre d’emplois", "The cadre d'emplois of the holder.", "cadreEmplois",
        depends_on=CADRES_OF_FILIERE,
        example="REDACTEURS",
    )  # fmt: skip
    grade: str | None = text("Grade", "The grade held.", example="Rédacteur principal de 2e classe")
    category: str | None = choice(
        "Catégorie", "The hierarchical category.", "hierarchicalCategory",
        depends_on=CATEGORIES_OF_CADRE,
        example="B",
    )  # fmt: skip
    since: str | None = date("Depuis", "Since when the post is held.", example="03/2019")
    permanent_job: bool | None = yes_no(
        "Emploi permanent", "Whether the post is a permanent one (the law targets these).",
        hint="Occupé par un fonctionnaire ou par un contractuel.",
        example="true",
    )  # fmt: skip


def situation_errors(content: SituationContent) -> Iterator[Problem]:
    """The error of an employer that has no name, though another of its fields is filled."""
    yield from conditional_errors(content)


@strawberry.type(description="Where the holder works now, by their own word. It gives no right.")
class Situation(SituationContent):
    """The present post; it heads a dossier."""

    version: int = strawberry.field(description="Counts the revisions of the situation.")

    @strawberry.field(
        description=f"Every filled field with its French label; {at_most(MAX_SITUATION_LINES)}."
    )
    def lines(self) -> list[Line]:
        return display_lines(self, SituationContent)

    @strawberry.field(
        description="The value of every field of the form by its key (`situationForm`), null when it has none, as `SituationInput` takes it."
    )
    def values(self) -> JSON:
        return JSON(input_values(self, SituationContent))

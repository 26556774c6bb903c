"""2.5 « Permis de conduire »: one category a row, never the number of the licence."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.description.dates import PartialDate
from schema.description.fields import choice, date, texts
from schema.description.groups import group
from schema.description.refusals import Problem, problem
from schema.description.rubric import (
    Help,
    Part,
    Rubric,
    RubricName,
    ValidationContext,
    parse_date,
    period_at,
    text_or_empty,
)
from schema.description.shared_fields import age_warnings, code_form, country, date_order_problems
from schema.description.validity import (
    Held,
    Validity,
    date_validity,
    validity,
    validity_warnings,
)

CARD_YEARS = 15  # how long a card can be valid: more than other dates may lie ahead
PERIODIC = frozenset({"C1", "C1E", "C", "CE", "D1", "D1E", "D", "DE"})
NEEDS = {"BE": "B", "CE": "C", "DE": "D"}

# The usual age, or the lowest of several; older rules and professional training allow others.
LOWEST_AGE = {
    "AM": 14, "A1": 16, "A2": 18, "A": 18, "B1": 16, "B": 17, "BE": 17,
    "C1": 18, "C1E": 18, "C": 21, "CE": 21, "D1": 21, "D1E": 21, "D": 24, "DE": 24,
}  # fmt: skip


@dataclass(kw_only=True)
class DrivingLicenceContent:
    """A category of driving licence. What concerns health stays out of summaries."""

    GROUPS = (group("dates", "Dates", "obtained_on", "valid_until", "medical_until"),)

    licence_category: str | None = choice(
        "Catégorie",
        "The category of the licence; each once in a booklet.",
        "licenceCategory",
        required=True,
        hint="Une fiche par catégorie.",
        example="B",
    )
    restriction_codes: list[str] | None = texts(
        "Mention B96 / codes restrictifs",
        "The codes in column 12 of the card.",
        max_length=9,
        normalize=code_form,
        pattern=r"[0-9]{2,3}(\.[0-9]{2,3})?",
        private=True,
        pattern_message="Un code comporte 2 ou 3 chiffres (96, 78, 01 ou 01.06).",
        hint="Colonne 12 de la carte, par exemple 96 ou 78.",
        example="96",
    )
    obtained_on: str | None = date(
        "Date d’obtention",
        "When the category was obtained.",
        required=True,
        example="12/03/2015",
    )
    valid_until: str | None = date(
        "Valable jusqu’au (carte)",
        "Until when the card says that the category is valid.",
        future=True,
        years_ahead=CARD_YEARS,
        hint="Colonne 11 de la carte ; recopiez-la, elle n’est jamais calculée.",
        example="12/03/2030",
    )
    medical_until: str | None = date(
        "Visite médicale",
        "Until when the medical opinion is valid.",
        future=True,
        private=True,
        hint="Seulement la date de fin de validité de l’avis : aucune donnée de santé.",
        example="30/09/2031",
    )
    country_code: str | None = country("Pays de délivrance", "The country that issued it.")


def held_licence(content: DrivingLicenceContent) -> Held:
    """What a renewal of the category is told by; heavy ones end (code de la route, R. 221-11)."""
    category = text_or_empty(content.licence_category)
    return Held(
        kind=(category,),
        covers=frozenset(),
        since=text_or_empty(content.obtained_on),
        until=text_or_empty(content.valid_until),
        expires=category in PERIODIC,
    )


def licence_headline(content: DrivingLicenceContent) -> str:
    """`Permis B`."""
    return f"Permis {text_or_empty(content.licence_category)}".strip()


def licence_errors(content: DrivingLicenceContent, context: ValidationContext) -> Iterator[Problem]:
    """Errors: a category that is entered twice, a card that ends before the licence was obtained."""
    category = text_or_empty(content.licence_category)
    if category and category in _others(context):
        yield problem(
            "licenceCategory", "DUPLICATE", f"Le permis {category} est déjà dans votre livret."
        )
    yield from date_order_problems(
        "validUntil",
        content.obtained_on,
        content.valid_until,
        "La fin de validité ne peut pas précéder la date d’obtention.",
    )


def licence_warnings(
    content: DrivingLicenceContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: an expiry that is missing or past, a category that requires another, an unlikely age."""
    category = text_or_empty(content.licence_category)
    needed = NEEDS.get(category)
    if needed and needed not in _others(context):
        yield problem(
            "licenceCategory",
            "NEEDS_CATEGORY",
            f"Le permis {category} suppose le permis {needed} : ajoutez-le à votre livret.",
        )
    yield from _licence_age_warnings(content, context)
    yield from validity_warnings(
        "validUntil",
        validity(held_licence(content), map(held_licence, context.others), context.today),
        expired="Cette catégorie n’est plus valable : mettez la date à jour si elle a été renouvelée.",
        missing=(
            "« Valable jusqu’au (carte) » n’est pas renseigné : recopiez la date de la carte"
            " (validité : en général 5 ans, moins à partir de 60 ans)."
        ),
    )
    medical = parse_date(content.medical_until)
    if medical and date_validity(medical, context.today) is Validity.EXPIRED:
        yield problem(
            "medicalUntil",
            "EXPIRED",
            "L’avis médical n’est plus valable : mettez la date à jour s’il a été renouvelé.",
        )


def _others(context: ValidationContext) -> frozenset[str]:
    return frozenset(text_or_empty(other.licence_category) for other in context.others)


def _licence_age_warnings(
    content: DrivingLicenceContent, context: ValidationContext
) -> Iterator[Problem]:
    category, obtained = text_or_empty(content.licence_category), parse_date(content.obtained_on)
    age, birth = LOWEST_AGE.get(category), context.birth_date
    if age is None:
        yield from age_warnings("obtainedOn", content.obtained_on, context)
    elif obtained and birth:
        reached = PartialDate.from_date(birth).plus_months(12 * age)
        if obtained.latest < reached.earliest:
            yield problem(
                "obtainedOn",
                "BELOW_USUAL_AGE",
                f"Le permis {category} s’obtient en principe à partir de {age} ans : vérifiez la date.",
            )


DRIVING_LICENCE = Rubric(
    name=RubricName.DRIVING_LICENCE,
    code="F5",
    part=Part.FORMATIONS,
    label="Permis de conduire",
    one="un permis de conduire",
    content=DrivingLicenceContent,
    headline=licence_headline,
    headline_keys=("licenceCategory",),
    period=lambda content: period_at(content.obtained_on),
    period_keys=("obtainedOn",),
    columns=("validUntil", "countryCode"),
    errors=licence_errors,
    warnings=licence_warnings,
    supports_competences=True,
    help=Help(
        what_it_is=(
            "Les différents permis dont vous êtes titulaire, catégorie par catégorie : B pour une"
            " voiture de service, C pour une balayeuse ou un camion-benne, D pour un car scolaire…"
        ),
        to_enter=(
            "Saisissez une fiche par catégorie, avec la date d’obtention et, pour les catégories C"
            " et D, la date de fin de validité portée sur la carte. Au renouvellement, changez cette"
            " date dans la même fiche. Ne saisissez ni le numéro du"
            " permis, ni le nombre de points, ni aucune donnée de santé. La FIMO et la FCO se"
            " saisissent dans « Habilitations professionnelles »."
        ),
        examples=[
            "Permis B, obtenu en juin 1998.",
            (
                "Permis C, obtenu le 12/03/2015, valable jusqu’au 11/03/2027, pour la collecte des"
                " déchets."
            ),
            "Permis BE, obtenu en 2020 : le permis B a aussi sa fiche.",
        ],
        documents=["Votre permis de conduire (recto et verso)"],
        legal=(
            "Code de la route, articles R. 221-4 et suivants (catégories), R. 221-5 (âges) et"
            " R. 221-10 et R. 221-11 (avis médical pour certaines catégories)."
        ),
        notes=[
            "À retenir : la fin de validité se recopie de la carte ; elle n’est jamais calculée.",
            (
                "À savoir : pour les catégories lourdes, la visite médicale est à renouveler tous les"
                " cinq ans, plus souvent à partir de 60 ans."
            ),
            (
                "À noter : pour conduire un engin, le permis ne remplace ni le CACES ni l’autorisation"
                " de conduite de votre employeur."
            ),
        ],
    ),
)

"""2.4 « Habilitations professionnelles »: what one is accredited to do, and until when."""

from collections.abc import Iterator
from dataclasses import dataclass

from schema.codes import code_of, label_of
from schema.codes.accreditations import CATEGORIES_SINCE, HEIRS, OPEN_LISTS, TYPES
from schema.codes.table import Code
from schema.description.conditions import CodesFor, DependentCodes, one_of, required
from schema.description.fields import choice, choices, date, is_filled, text, yes_no
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
from schema.description.shared_fields import (
    age_warnings,
    city,
    commune,
    country,
    date_order_problems,
    organisation_group,
    organisation_name,
    siret,
)
from schema.description.validity import (
    Held,
    Validity,
    usual_validity_in_french,
    validity,
    validity_warnings,
)

REISSUE_NOTICE = "À redélivrer par le nouvel employeur"
# The mayor asks for it and the prefect gives it: code de la sécurité intérieure, R. 511-18.
WEAPON_NOTICE = "À redemander au préfet par le nouvel employeur"


_CATEGORIES_OF_TYPE = DependentCodes(
    "accreditation_type",
    tuple(
        CodesFor(known.code, tuple(known.categories), strict=known.code not in OPEN_LISTS)
        for known in TYPES.codes
        if known.categories
    ),
    code="UNKNOWN_CODE",
    message=lambda _, category: f"« {category} » n’est pas une catégorie de cette habilitation.",
)


@dataclass(kw_only=True)
class AccreditationContent:
    """Accreditations with their validity, among them those that bind to one employer."""

    GROUPS = (
        group("accreditation", "Habilitation", "accreditation_type", "title", "categories"),
        organisation_group("Délivrée par", "issuer"),
        group("validity", "Validité", "issued_on", "valid_until", "last_refresher_on"),
    )

    accreditation_type: str | None = choice(
        "Type",
        "Which accreditation it is.",
        "accreditationType",
        required=True,
        example="CACES_R482",
    )
    title: str | None = text(
        "Intitulé libre",
        "What it is called; required when the type is another one.",
        required_when=(
            required(
                "Précisez l’intitulé de l’habilitation.", one_of("accreditation_type", ("AUTRE",))
            ),
        ),
        example="Conducteur d’engins de chantier",
    )
    categories: list[str] | None = choices(
        "Symboles / catégories / profil",
        "What it covers, in the symbols of its type.",
        None,
        labels="accreditationCategory",
        depends_on=_CATEGORIES_OF_TYPE,
        hint="Par exemple B0, H0V ou BR ; A ou B1 pour un CACES ; le nom de l’engin.",
        example="A",
    )
    issuer_name: str | None = organisation_name(
        "Délivrée par",
        "Who issued it.",
        recommended=True,
        example="Centre de formation aux engins de chantier",
    )
    issuer_siret: str | None = siret("organisme", "The SIRET of the issuer.")
    issuer_insee_commune: str | None = commune(
        "organisme", "The INSEE code of the issuer's commune."
    )
    issuer_city: str | None = city("organisme", "The city of the issuer.")
    issuer_country_code: str | None = country("Pays (organisme)", "The country of the issuer.")
    employer_bound: bool | None = yes_no(
        "Titre lié à l’employeur",
        "Issued by the employer and valid only with it; what is usual for the type if absent.",
        hint="Oui si l’habilitation a été délivrée par votre employeur et ne vaut que chez lui.",
    )
    certificate_number: str | None = text(
        "N° de certificat",
        "The number of the certificate.",
        max_length=50,
        private=True,
        example="R482-2021-0457",
    )
    issued_on: str | None = date(
        "Date d’obtention", "When it was issued.", required=True, example="14/06/2021"
    )
    valid_until: str | None = date(
        "Valable jusqu’au",
        "Until when it is valid, as the document says.",
        future=True,
        hint="La date portée sur le titre ; laissez vide s’il n’a pas d’échéance.",
        example="14/06/2031",
    )
    last_refresher_on: str | None = date(
        "Dernier recyclage / MAC",
        "When skills were last refreshed.",
        hint="La dernière session de recyclage ou de maintien et actualisation des compétences.",
        example="20/05/2023",
    )


def must_be_reissued(content: AccreditationContent) -> bool:
    """Whether a new employer has to issue it again: its holder's word, or what its type implies."""
    if isinstance(content.employer_bound, bool):
        return content.employer_bound
    known = _type_of(content)
    return known is not None and known.employer_bound


def reissue_notice(content: AccreditationContent) -> str | None:
    """What a new employer has to do about it, in French; None where nothing is to be done."""
    if not must_be_reissued(content):
        return None
    return WEAPON_NOTICE if content.accreditation_type == "ARMEMENT_PM" else REISSUE_NOTICE


def held_accreditation(content: AccreditationContent) -> Held:
    """What a renewal of the accreditation is told by.

    Where the type has a usual validity its categories say what is renewed; elsewhere (another
    accreditation, a sworn office) the title does too.
    """
    code, known = text_or_empty(content.accreditation_type), _type_of(content)
    expires = known is not None and known.usual_months is not None
    title = "" if expires else " ".join(text_or_empty(content.title).casefold().split())
    heir, renamed = HEIRS.get(code, (code, None))
    categories = content.categories if isinstance(content.categories, list) else []
    if renamed is not None:
        categories = [renamed.get(category, f"{code} {category}") for category in categories]
    return Held(
        kind=(heir, title),
        covers=frozenset(category.casefold() for category in categories),
        since=text_or_empty(content.issued_on),
        until=text_or_empty(content.valid_until),
        expires=expires,
    )


def accreditation_headline(content: AccreditationContent) -> str:
    """The type and the free title; the title alone for another type."""
    kind, title = text_or_empty(content.accreditation_type), text_or_empty(content.title)
    label = label_of("accreditationType", kind) if kind else ""
    if title and kind in ("", "AUTRE"):
        return title
    return f"{label} – {title}" if title else label


def accreditation_errors(
    content: AccreditationContent, _context: ValidationContext
) -> Iterator[Problem]:
    """Errors of dates out of order."""
    issued, until = parse_date(content.issued_on), parse_date(content.valid_until)
    if issued and until and until.latest <= issued.earliest:
        yield problem(
            "validUntil",
            "DATES_OUT_OF_ORDER",
            "La fin de validité doit suivre la date d’obtention.",
        )
    yield from date_order_problems(
        "lastRefresherOn",
        content.issued_on,
        content.last_refresher_on,
        "Le recyclage ne peut pas précéder la date d’obtention.",
    )


def accreditation_warnings(
    content: AccreditationContent, context: ValidationContext
) -> Iterator[Problem]:
    """Warnings: missing categories, an unusual symbol, an unlikely date, an end past or missing."""
    known = _type_of(content)
    if known and _has_categories(known, content) and not is_filled(content.categories):
        yield problem(
            "categories", "RECOMMENDED", "« Symboles / catégories / profil » n’est pas renseigné."
        )
    if known and known.code in OPEN_LISTS:
        for index, category in _unlisted(content):
            yield problem(
                f"categories[{index}]",
                "UNUSUAL_CODE",
                f"« {category} » n’est pas un symbole courant : vérifiez-le sur le titre.",
            )
    yield from age_warnings("issuedOn", content.issued_on, context)
    yield from _validity_warnings(content, known, context)


def _validity_warnings(
    content: AccreditationContent, known: Code | None, context: ValidationContext
) -> Iterator[Problem]:
    held = held_accreditation(content)
    if validity(held, (), context.today) not in (Validity.EXPIRED, Validity.EXPIRY_NOT_GIVEN):
        return  # Nothing to warn of, so that the others need not be read.
    missing = "« Valable jusqu’au » n’est pas renseigné : recopiez la date portée sur le titre"
    if known and known.usual_months is not None:
        usual = usual_validity_in_french(known.usual_months, until_year_end=known.until_year_end)
        missing += f" (validité : {usual})"
    yield from validity_warnings(
        "validUntil",
        validity(held, map(held_accreditation, context.others), context.today),
        expired=(
            "Cette habilitation a expiré : si elle a été renouvelée, mettez la date à jour ou"
            " saisissez le nouveau titre."
        ),
        missing=f"{missing}.",
    )


def _type_of(content: AccreditationContent) -> Code | None:
    return code_of("accreditationType", text_or_empty(content.accreditation_type))


def _has_categories(known: Code, content: AccreditationContent) -> bool:
    """Whether entries of the type had categories when it was issued.

    Those of driving authorisations name a machine.
    """
    issued, since = parse_date(content.issued_on), CATEGORIES_SINCE.get(known.code, 0)
    if issued is not None and issued.year < since:
        return False
    return bool(known.categories) or known.code == "AUTORISATION_CONDUITE"


def _unlisted(content: AccreditationContent) -> Iterator[tuple[int, str]]:
    """The categories that are not in the list of the type, when it has a list."""
    known = _type_of(content)
    if known is None or not known.categories or not isinstance(content.categories, list):
        return
    for index, category in enumerate(content.categories):
        if category not in known.categories:
            yield index, category


ACCREDITATION = Rubric(
    name=RubricName.ACCREDITATION,
    code="F4",
    part=Part.FORMATIONS,
    label="Habilitations professionnelles",
    one="une habilitation",
    content=AccreditationContent,
    headline=accreditation_headline,
    headline_keys=("accreditationType", "title"),
    period=lambda content: period_at(content.issued_on),
    period_keys=("issuedOn",),
    columns=("categories", "validUntil"),
    errors=accreditation_errors,
    warnings=accreditation_warnings,
    supports_competences=True,
    help=Help(
        what_it_is=(
            "Les habilitations, autorisations et certificats professionnels dont vous êtes"
            " titulaire : habilitation électrique, CACES, AIPR, Certiphyto, sauveteur secouriste du"
            " travail, BAFA… Beaucoup ont une durée de validité : le livret signale celles qui"
            " expirent bientôt."
        ),
        to_enter=(
            "Saisissez une fiche par habilitation, avec ses symboles ou catégories et les dates"
            " portées sur le titre. La durée de validité proposée n’est qu’indicative : la date du"
            " document l’emporte. À chaque renouvellement, saisissez une nouvelle fiche pour le"
            " nouveau titre : l’ancienne est alors indiquée « renouvelée ». Si le même titre a"
            " seulement été prolongé, mettez à jour « Valable jusqu’au » et « Dernier recyclage »"
            " dans sa fiche. Ne saisissez ici ni votre permis de conduire, qui a sa rubrique, ni"
            " votre aptitude médicale."
        ),
        examples=[
            (
                "Habilitation électrique B0 H0V, délivrée par la commune en mars 2023, valable jusqu’en"
                " mars 2026, liée à l’employeur."
            ),
            "CACES R482, catégories A et C1, obtenu le 14/06/2021, valable jusqu’au 14/06/2031.",
            "Certiphyto, profil opérateur, obtenu en 2022 par un agent des espaces verts.",
        ],
        documents=[
            "Le titre d’habilitation ou l’autorisation signés par l’employeur",
            "Le certificat de l’organisme testeur ou formateur",
            "L’attestation du dernier recyclage",
        ],
        legal=(
            "Code du travail, articles R. 4544-9 et R. 4544-10 (habilitation électrique, délivrée"
            " par l’employeur) et R. 4323-56 (autorisation de conduite, délivrée par l’employeur) ;"
            " code de l’environnement, article R. 554-31 (AIPR) ; code de la sécurité intérieure,"
            " articles L. 511-2 (agrément de police municipale), L. 511-5 et R. 511-18 (port"
            " d’arme). Le texte qui fixe la validité de chaque type figure dans la liste des types."
        ),
        notes=[
            (
                "À retenir : une habilitation liée à l’employeur (électrique, autorisation de conduite,"
                " AIPR) est à redélivrer par le nouvel employeur en cas de mutation ; le port d’arme de"
                " police municipale, propre à la commune, est à redemander au préfet."
            ),
            (
                "À retenir : une nouvelle fiche du même type, avec les mêmes catégories ou davantage,"
                " remplace l’ancienne, qui n’est plus signalée comme expirée."
            ),
            (
                "À savoir : l’agrément d’assistant maternel est accordé pour cinq ans, sauf cas prévus"
                " par le code de l’action sociale et des familles (articles D. 421-12 et D. 421-21)."
                " L’agrément de police municipale reste valable tant que vous exercez ces fonctions,"
                " même dans une autre commune."
            ),
            (
                "À savoir : un CACES atteste d’une compétence ; pour conduire l’engin, il faut en plus"
                " l’autorisation de conduite de votre employeur."
            ),
            "À noter : le numéro de certificat n’apparaît dans aucune synthèse.",
        ],
    ),
)

"""What the fields of a place in the territorial service share: filière, cadre d'emplois, category."""

from schema.codes.table import Code
from schema.codes.territorial import CADRES, CATEGORIES, FILIERES
from schema.description.conditions import CodesFor, DependentCodes
from schema.description.groups import group

SERVICE = group(
    "service", "Cadre d’emplois et grade", "filiere", "cadre_emplois", "grade", "category"
)
# Cadres d'emplois without a filière: those of the communes of French Polynesia.
WITHOUT_FILIERE = tuple(cadre.code for cadre in CADRES.codes if cadre.group is None)


def _categories(cadre: Code) -> tuple[str, ...]:
    """The categories of a cadre d'emplois, its own first: A+ is a use of category A."""
    own = cadre.category or ""
    also = (one.code for one in CATEGORIES.codes if one.code.rstrip("+") == own.rstrip("+"))
    return (own, *(code for code in also if code != own))


# Neither is strict: filières and categories of the past may have been others.
CADRES_OF_FILIERE = DependentCodes(
    "filiere",
    tuple(
        CodesFor(
            filiere.code,
            tuple(cadre.code for cadre in CADRES.codes if cadre.group == filiere.code),
            strict=False,
        )
        for filiere in FILIERES.codes
    ),
)
CATEGORIES_OF_CADRE = DependentCodes(
    "cadre_emplois",
    tuple(CodesFor(cadre.code, _categories(cadre), strict=False) for cadre in CADRES.codes),
)

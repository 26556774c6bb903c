"""The form by which an officer asks for codes, described like the forms of a booklet."""

from dataclasses import dataclass
from functools import cache

from graphql_api.codes.limits import MAX_PER_BATCH, MAX_USES, MAX_VALIDITY, USUAL_VALIDITY
from schema.description.field_guide import FieldGuide, field_guides
from schema.description.fields import day, whole_number


@dataclass(kw_only=True)
class CodesContent:
    """The fields, in the order of the form; their keys are the arguments of `codesIssue`."""

    count: int | None = whole_number(
        "Nombre de codes",
        "How many codes to make.",
        minimum=1,
        maximum=MAX_PER_BATCH,
        required=True,
        hint=f"Un billet par code, {MAX_PER_BATCH} au plus à la fois.",
        example="30",
    )
    uses: int | None = whole_number(
        "Livrets par code",
        "How many booklets each code may open.",
        minimum=1,
        maximum=MAX_USES,
        suggested="1",
        hint="1 quand chaque agent reçoit son billet ; davantage pour un même code remis à un groupe.",
        example="1",
    )
    expires_on: str | None = day(
        "Dernier jour de validité",
        "The last day on which they serve.",
        future=True,
        hint=f"Dans {MAX_VALIDITY.in_french} au plus ; sans date, dans {USUAL_VALIDITY.in_french}.",
        example="31/12/2027",
    )


@cache
def codes_guide() -> list[FieldGuide]:
    """The fields of the form, in order."""
    return field_guides(CodesContent)

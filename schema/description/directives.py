"""What the SDL says of a field beside its type: its code table, the form of its text.

Contents are inherited by types and inputs alike, so both carry it. A scalar of its own would do that
for dates, and change the type of every variable that clients send.
"""

from enum import Enum

import strawberry
from strawberry.schema_directive import Location

from schema.description.enums import member

_LOCATIONS = [Location.FIELD_DEFINITION, Location.INPUT_FIELD_DEFINITION]


@strawberry.enum(description="The form in which a text is stored and answered.")
class TextFormat(Enum):
    """The forms of texts; inputs also take what people usually type."""

    PARTIAL_DATE = member(
        "PARTIAL_DATE", "A date as far as it is known: YYYY, YYYY-MM or YYYY-MM-DD (ISO 8601)."
    )
    DAY = member("DAY", "A day: YYYY-MM-DD (ISO 8601, RFC 3339 full-date).")
    SIRET = member("SIRET", "14 digits, the last of which checks the others (INSEE).")
    COMMUNE = member("COMMUNE", "The INSEE code of a commune.")
    DEPARTMENT = member("DEPARTMENT", "The number of a department.")
    POSTAL_CODE = member("POSTAL_CODE", "A postal code: five digits in France.")
    PHONE = member("PHONE", "A telephone number: ten digits, or E.164.")
    EMAIL = member("EMAIL", "An e-mail address (RFC 5321).")
    ROME = member("ROME", "A code of the ROME directory of trades.")
    CERTIFICATION = member("CERTIFICATION", "A code of the national registers: RNCP or RS.")


@strawberry.schema_directive(
    locations=_LOCATIONS,
    description="The field holds codes of this code table: see `codeTables`.",
)
class Table:
    """Names the code table of a CODE or CODES field."""

    name: str = strawberry.directive_field(name="name")


@strawberry.schema_directive(
    locations=_LOCATIONS,
    description="The form of the field's text. The pattern matches the whole text; inputs take other spellings too, such as `12/03/2019` or `juin 2009` for a date.",
)
class Format:
    """Says in which form a text is stored and answered."""

    name: TextFormat = strawberry.directive_field(name="name")
    pattern: str | None = strawberry.directive_field(name="pattern", default=None)

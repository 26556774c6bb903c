"""Fields that several rubrics share: an organisation, a period, a duration, a place in the service.

Contents are flat, so each of these is one field; a rubric declares those that it has, in the
order of its screen. A field name has one type everywhere.
"""

import re
from collections.abc import Iterator
from typing import Any

from schema.description.conditions import (
    filled,
    is_yes,
    not_yes,
    refused,
    required,
)
from schema.description.dates import PartialDate
from schema.description.directives import TextFormat
from schema.description.fields import FieldRole, choice, date, number, text, yes_no
from schema.description.groups import FieldGroup, group
from schema.description.refusals import Problem, problem
from schema.description.rubric import ValidationContext, parse_date, period_of

PERIOD = group("period", "Période", "start", "end", "ongoing")
DURATION = group("duration", "Durée", "duration_value", "duration_unit")
LA_POSTE = "356000000"
SIRET_PATTERN = r"[0-9]{14}"


def organisation_group(legend: str, of: str) -> FieldGroup:
    """The fields of the organisation that `of` begins the names of."""
    parts = ("name", "siret", "insee_commune", "city", "country_code")
    return group(of, legend, *(f"{of}_{part}" for part in parts))


def organisation_name(label: str, description: str, **limits: Any) -> Any:
    """The name of an organisation."""
    limits.setdefault("example", "Ville de Bordeaux")
    return text(label, description, role=FieldRole.ORGANISATION, **limits)


def siret(whose: str, description: str, *, recommended: bool = False) -> Any:
    """A SIRET: 14 digits with their check digit (INSEE)."""
    return text(
        f"SIRET ({whose})", description, max_length=14,
        hint="14 chiffres.", recommended=recommended,
        pattern=SIRET_PATTERN, pattern_message="Le SIRET comporte 14 chiffres.",
        example="21330063500017",
        format=TextFormat.SIRET, normalize=digits_only, verify=siret_error, display=siret_in_french, role=FieldRole.SIRET,
    )  # fmt: skip


def digits_only(text: str) -> str:
    """A number without what people put between its digits; a text with anything else stays."""
    plain = re.sub(r"[\s.\-/]", "", text)
    return plain if plain.isascii() and plain.isdigit() else text


def code_form(text: str) -> str:
    """A code without spaces, in capitals: `2A004`, `K1801`."""
    return "".join(text.split()).upper()


def siret_in_french(siret: str) -> str:
    """A SIRET as it is usually written: `213 300 635 00017`."""
    return f"{siret[:3]} {siret[3:6]} {siret[6:9]} {siret[9:]}"


def siret_error(value: str) -> str | None:
    """Check the check digit of a SIRET: a French message, or None when it is valid.

    La Poste's SIRETs have another rule: the sum of their digits is divisible by 5.
    """
    digits = [int(digit) for digit in value]
    if value.startswith(LA_POSTE) and sum(digits) % 5 == 0:
        return None
    doubled = [digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(digits)]
    if sum(digit - 9 if digit > 9 else digit for digit in doubled) % 10 == 0:
        return None
    return "Ce SIRET n’est pas valide : vérifiez les chiffres."


def commune(whose: str, description: str) -> Any:
    """The INSEE code of a commune (2A and 2B for Corsica)."""
    return text(
        f"Code INSEE de la commune ({whose})", description, max_length=5,
        normalize=code_form, pattern=r"[0-9]{5}|2[AB][0-9]{3}",
        pattern_message="Le code INSEE comporte 5 caractères (par exemple 33063 ou 2A004).",
        format=TextFormat.COMMUNE, role=FieldRole.COMMUNE, example="33063",
    )  # fmt: skip


def city(whose: str, description: str) -> Any:
    """The city of an organisation."""
    return text(
        f"Ville ({whose})", description, max_length=120, role=FieldRole.CITY, example="Bordeaux"
    )


def country(label: str, description: str) -> Any:
    """An ISO 3166-1 alpha-2 country code; France unless said otherwise."""
    return choice(label, description, "country", suggested="FR", role=FieldRole.COUNTRY)


def period_start(label: str = "Début", *, future: bool = False, required: bool = True) -> Any:
    """The first day of a period."""
    return date(label, "When it began: year, month or day.", required=required, future=future,
                role=FieldRole.START, example="03/2019")  # fmt: skip


def period_end(label: str = "Fin", *, needed: bool = True) -> Any:
    """The last day of a period; `needed` unless the period is still going on."""
    missing = required(
        "Indiquez une date de fin ou cochez « En cours ».", filled("start"), not_yes("ongoing")
    )
    return date(
        label, "When it ended; absent while ongoing.", future=True, role=FieldRole.END,
        required_when=(missing,) if needed else (),
        refused_when=(
            refused(
                "ONGOING_WITH_END",
                "Indiquez une date de fin ou « En cours », pas les deux.",
                is_yes("ongoing"),
            ),
        ),
        shown_when=(not_yes("ongoing"),),
        example="06/2022",
    )  # fmt: skip


def period_ongoing(label: str = "En cours") -> Any:
    """Whether the period has not ended."""
    return yes_no(label, "Whether it is still going on.", role=FieldRole.ONGOING)


def duration_value(label: str = "Durée", *, recommended: bool = True) -> Any:
    """How long, in `duration_unit`."""
    return number(label, "How long it lasted, in the unit given.", maximum=100_000,
                  recommended=recommended, example="3")  # fmt: skip


def duration_unit(label: str = "Unité de durée") -> Any:
    """Hours, days, weeks, months or years; kept as given, never converted silently."""
    return choice(
        label, "The unit of the duration; a unit alone says nothing.", "durationUnit",
        suggested="DAY",
        required_when=(
            required(
                "Précisez l’unité de la durée (heures, jours…).", filled("duration_value")
            ),
        ),
    )  # fmt: skip


def period_errors(content: Any) -> Iterator[Problem]:
    """The error of a period that ends before it starts."""
    if period_of(content).ends_before_it_starts:
        yield problem("end", "END_BEFORE_START", "La fin ne peut pas précéder le début.")


def date_order_problems(key: str, early: object, late: object, message: str) -> Iterator[Problem]:
    """A problem at `key` when `late` certainly comes before `early`, which it must follow."""
    first, second = parse_date(early), parse_date(late)
    if first and second and second.latest < first.earliest:
        yield problem(key, "DATES_OUT_OF_ORDER", message)


YOUNGEST_AGE = 13


def age_warnings(key: str, value: object, context: ValidationContext) -> Iterator[Problem]:
    """A warning at `key` when the date falls before the holder is `YOUNGEST_AGE`."""
    when = parse_date(value)
    if when is None or context.birth_date is None:
        return
    birth = context.birth_date
    thirteenth = PartialDate(birth.year + YOUNGEST_AGE, birth.month)
    if when.latest < thirteenth.earliest:
        yield problem(
            key, "BEFORE_AGE_13", f"Cette date précède vos {YOUNGEST_AGE} ans : vérifiez-la."
        )

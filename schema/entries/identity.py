"""The identity of a booklet's holder: the guide's form, and its rules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

import strawberry
from strawberry.scalars import JSON

from schema.description.bounds import MAX_FORM_LINES, at_most
from schema.description.conditional_rules import conditional_errors
from schema.description.conditions import filled, required
from schema.description.dates import PartialDate, latest_today
from schema.description.directives import TextFormat
from schema.description.display_lines import Line, display_lines
from schema.description.fields import FieldRole, choice, day, is_filled, text, yes_no
from schema.description.groups import group
from schema.description.input_values import input_values
from schema.description.refusals import Problem, problem
from schema.description.rubric import ValidationContext, parse_date, text_or_empty
from schema.description.text_cleaning import clean_name

NAME_LENGTH = 100
ADDRESS_LENGTH = 200
EMAIL_LENGTH = 254
LOCAL_PART_LENGTH = 64
PHONE_LENGTH = 30
EMAIL_CONFIRMATION, EMAIL_AGAIN = "emailConfirmation", "Confirmez votre email"
CONFIRMATION_REQUIRED = required(f"« {EMAIL_AGAIN} » est obligatoire.", filled("email"))
YOUNGEST = 14

# Letters of any script with their combining marks; apostrophes of every kind, among which the
# okina (U+02BB) and the modifier apostrophe (U+02BC) of Polynesian names.
# « Martin (née Durand) », « ép. Durand »: as people write both of their names.
_NAME = re.compile(r"['’‘ʻʼ]?[^\W\d_](?:[^\W\d_]|[\u0300-\u036f'’‘ʻʼ. \-‐‑()])*")
_LOCAL_PART = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# Letters of any script, as accounts accept them: « agent@mairie-évry.example ».
_LABEL = r"[^\W_](?:[^\W_]|[\u0300-\u036f-]){0,61}(?<!-)"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+(?![0-9]){_LABEL}")
_SEPARATORS = re.compile(r"[\s.\-–—/()]")
# Country codes whose national numbers are written with a 0 that nobody dials from abroad (ITU-T E.164).
_TRUNK_ZERO = re.compile(
    r"\+(33|262|590|594|596|31|32|40|41|43|44|46|49|353|358|381|385|386|387|389|212|213|90|61|64|27)0+"
)
_PHONE = re.compile(r"\+[1-9][0-9]{6,14}|0[1-9][0-9]{8}")


def person_name_error(value: str) -> str | None:
    """Check a person's name (letters, spaces, hyphens, apostrophes): a message, or None when valid."""
    if _NAME.fullmatch(value):
        return None
    return (
        "Un nom ne comporte que des lettres, des espaces, des traits d’union, des apostrophes, des points"
        " et des parenthèses."
    )


def email_error(value: str) -> str | None:
    """Check an e-mail address (RFC 5321, without quoted parts or IP addresses): a message, or None."""
    local, _, domain = value.rpartition("@")
    if (
        len(local) <= LOCAL_PART_LENGTH
        and _LOCAL_PART.fullmatch(local)
        and _DOMAIN.fullmatch(domain)
    ):
        return None
    return "Cette adresse électronique n’est pas valide (attendu : nom@domaine.fr)."


def phone_form(phone: str) -> str:
    """A telephone number as it is stored: `0639981475`, `+33639981475`.

    Without spaces, dots and hyphens; `00` is the international prefix, and the 0 after the code of
    a country is dropped where nobody dials it from abroad.
    """
    if phone.startswith(("+", "00")):
        phone = phone.replace("(0)", "")
    plain = _SEPARATORS.sub("", phone)
    if plain.startswith("00"):
        plain = "+" + plain[2:]
    return _TRUNK_ZERO.sub(r"+\1", plain)


def phone_in_french(phone: str) -> str:
    """A stored telephone number as people read it: `06 39 98 14 75`, `+33 6 39 98 14 75`."""
    french = phone.removeprefix("+33")
    if french == phone and not phone.startswith("0"):
        return phone
    start = "+33 " + french[:1] if french != phone else french[:2]
    rest = french[1:] if french != phone else french[2:]
    return " ".join([start, *(rest[at : at + 2] for at in range(0, len(rest), 2))])


def phone_error(value: str) -> str | None:
    """Check a telephone number (E.164, or ten French digits): a message, or None when valid."""
    if _PHONE.fullmatch(phone_form(value)):
        return None
    return "Indiquez 10 chiffres, ou un numéro international commençant par « + »."


@dataclass(kw_only=True)
class IdentityContent:
    """The guide's identity form, in the order of its screen."""

    GROUPS = (
        group("name", "Titulaire", "civility", "last_name", "first_name"),
        group(
            "address", "Adresse", "address_line1", "address_line2", "postal_code", "city",
            "country_code",
        ),
        group("phones", "Téléphones", "phone_mobile", "phone_home", "phone_work"),
    )  # fmt: skip

    civility: str | None = choice(
        "Civilité",
        "How the holder is addressed.",
        "civility",
        required=True,
        example="MME",
        autofill="honorific-prefix",
    )
    last_name: str | None = text(
        "Nom du titulaire", "The holder's last name.", max_length=NAME_LENGTH, required=True,
        normalize=clean_name, verify=person_name_error,
        example="Lefèvre", autofill="family-name",
    )  # fmt: skip
    first_name: str | None = text(
        "Prénom", "The holder's first name; absent when the holder has one name only.",
        max_length=NAME_LENGTH, recommended=True, hint="Laissez vide si vous n’avez qu’un seul nom.",
        normalize=clean_name, verify=person_name_error,
        example="Maëlle", autofill="given-name",
    )  # fmt: skip
    address_line1: str | None = text(
        "Adresse", "The first line of the address.", max_length=ADDRESS_LENGTH, private=True,
        role=FieldRole.STREET,
        example="12 rue des Lilas", autofill="address-line1",
    )  # fmt: skip
    address_line2: str | None = text(
        "Complément d’adresse", "The second line of the address.", max_length=ADDRESS_LENGTH,
        private=True, role=FieldRole.STREET_MORE,
        example="Bâtiment B", autofill="address-line2",
    )  # fmt: skip
    postal_code: str | None = text(
        "Code postal", "The postal code; five digits in France.", max_length=12, private=True,
        format=TextFormat.POSTAL_CODE, role=FieldRole.POSTAL_CODE,
        example="33000", autofill="postal-code",
    )  # fmt: skip
    city: str | None = text(
        "Ville",
        "The city.",
        max_length=120,
        private=True,
        role=FieldRole.CITY,
        example="Bordeaux",
        autofill="address-level2",
    )
    country_code: str | None = choice(
        "Pays", "The country; France when absent.", "country", suggested="FR", private=True,
        role=FieldRole.COUNTRY, autofill="country",
    )  # fmt: skip
    email: str | None = text(
        "Email", "The e-mail address; in an input, `emailConfirmation` goes with it.",
        max_length=EMAIL_LENGTH, required=True, private=True, format=TextFormat.EMAIL, verify=email_error,
        hint="De préférence une adresse personnelle : le livret vous suit toute votre carrière.",
        example="maelle.lefevre@example.org", autofill="email",
    )  # fmt: skip
    phone_mobile: str | None = text(
        "Téléphone mobile", "Mobile telephone.", max_length=PHONE_LENGTH, private=True,
        format=TextFormat.PHONE, normalize=phone_form, verify=phone_error, display=phone_in_french, hint="10 chiffres, ou « + » et l’indicatif du pays.",
        example="06 39 98 14 75", autofill="tel",
    )  # fmt: skip
    phone_home: str | None = text(
        "Téléphone domicile", "Home telephone.", max_length=PHONE_LENGTH, private=True,
        format=TextFormat.PHONE, normalize=phone_form, verify=phone_error, display=phone_in_french, hint="10 chiffres, ou « + » et l’indicatif du pays.",
        example="05 36 49 12 34", autofill="home tel",
    )  # fmt: skip
    phone_work: str | None = text(
        "Téléphone professionnel", "Work telephone.", max_length=PHONE_LENGTH, private=True,
        format=TextFormat.PHONE, normalize=phone_form, verify=phone_error, display=phone_in_french, hint="10 chiffres, ou « + » et l’indicatif du pays.",
        example="05 36 49 56 78", autofill="work tel",
    )  # fmt: skip
    birth_date: str | None = day(
        "Date de naissance",
        "The day of birth.",
        private=True,
        hint="JJ/MM/AAAA.",
        example="12/04/1980",
        autofill="bday",
    )
    stats_consent: bool | None = yes_no(
        "J’autorise le CNFPT à effectuer un traitement statistique et anonyme du contenu de mon "
        "livret afin d’adapter son offre de formation et de mieux suivre l’évolution des métiers "
        "et des pratiques professionnelles de la fonction publique territoriale.",
        "Whether anonymous statistics may use the booklet; no unless said.",
        private=True, hint="Facultatif : vous pouvez changer d’avis à tout moment.",
    )  # fmt: skip


def full_name(first_name: str, last_name: str) -> str:
    """A person's names as they are read; the first may be empty."""
    return f"{first_name} {last_name}".strip()


def identity_errors(content: IdentityContent, context: ValidationContext) -> Iterator[Problem]:
    """The rules of the form beyond the limits of its fields: French postal code, age of the holder."""
    yield from conditional_errors(content)
    in_france = text_or_empty(content.country_code) in ("", "FR")
    postal_code = text_or_empty(content.postal_code)
    if in_france and postal_code and not re.fullmatch(r"[0-9]{5}", postal_code):
        yield problem("postalCode", "FORMAT", "En France, le code postal comporte 5 chiffres.")
    born = parse_date(content.birth_date)
    past = born is not None and born.is_full and born.earliest <= latest_today(context.today)
    if born is not None and past and context.today < _anniversary(born, YOUNGEST):
        yield problem(
            "birthDate", "TOO_YOUNG", f"Le titulaire d’un livret a au moins {YOUNGEST} ans."
        )


def email_confirmation_errors(email: object, confirm: object) -> Iterator[Problem]:
    """Errors of the guide's « Confirmez votre email ».

    An absent or erased e-mail calls for no confirmation. The case of the domain does not count.
    """
    path = EMAIL_CONFIRMATION
    if not is_filled(email):
        return
    if not is_filled(confirm):
        yield problem(path, CONFIRMATION_REQUIRED.code, CONFIRMATION_REQUIRED.message)
    elif _comparable(text_or_empty(email)) != _comparable(text_or_empty(confirm)):
        yield problem(path, "EMAIL_MISMATCH", "Les deux adresses électroniques diffèrent.")


def _comparable(email: str) -> str:
    local, at, domain = email.strip().rpartition("@")
    return f"{local}{at}{domain.lower()}"


def _anniversary(born: PartialDate, years: int) -> date:
    return born.plus_months(years * 12).earliest


@strawberry.type(description="Who the booklet belongs to, as the owner wrote it.")
class Identity(IdentityContent):
    """The guide's identity form; the typed confirmation of the e-mail is not kept."""

    version: int = strawberry.field(description="Counts the revisions of the identity.")
    stats_consent_at: datetime | None = strawberry.field(
        description="When the statistics box was last ticked or unticked (UTC); null if never."
    )

    @strawberry.field(
        description=f"Every filled field with its French label; {at_most(MAX_FORM_LINES)}."
    )
    def lines(self) -> list[Line]:
        return display_lines(self, IdentityContent)

    @strawberry.field(
        description="The value of every field of the form by its key (`identityForm`), null when it has none, as `IdentityInput` takes it; the confirmation of the e-mail is not kept, so it has none."
    )
    def values(self) -> JSON:
        return JSON(input_values(self, IdentityContent))

"""The identity form."""

from datetime import date
from typing import Any

import pytest

from schema.description.display_lines import display_lines
from schema.description.fields import fields_of
from schema.description.rubric import ValidationContext
from schema.description.validation import field_errors, submitted_fields
from schema.entries.identity import (
    NAME_LENGTH,
    IdentityContent,
    email_confirmation_errors,
    identity_errors,
)
from tests.schema.problems import codes

TODAY = date(2026, 3, 15)


def identity(**changes: Any) -> IdentityContent:
    values: dict[str, Any] = {
        "civility": "M",
        "last_name": "Julliard",
        "first_name": "Christian",
        "email": "christian.julliard@example.fr",
    }
    return IdentityContent(**(values | changes))


def refused(**changes: Any) -> list[tuple[str, str]]:
    return errors_of(identity(**changes))


def errors_of(content: IdentityContent) -> list[tuple[str, str]]:
    """The errors of the fields, then those of the rules."""
    errors = [*field_errors(content, TODAY), *identity_errors(content, ValidationContext(TODAY))]
    return codes(errors)


def test_the_form_has_the_guides_fields_in_the_guides_order() -> None:
    labels = [field.spec.label for field in fields_of(IdentityContent)]
    assert labels[:-1] == [
        "Civilité",
        "Nom du titulaire",
        "Prénom",
        "Adresse",
        "Complément d’adresse",
        "Code postal",
        "Ville",
        "Pays",
        "Email",
        "Téléphone mobile",
        "Téléphone domicile",
        "Téléphone professionnel",
        "Date de naissance",
    ]
    assert labels[-1].startswith("J’autorise le CNFPT à effectuer un traitement statistique")


def test_three_of_the_guides_four_starred_fields_are_required_and_all_four_are_enough() -> None:
    assert refused() == []
    assert refused(first_name=None) == []


def test_an_empty_identity_names_every_missing_field_at_once() -> None:
    assert errors_of(IdentityContent()) == [
        ("civility", "REQUIRED"),
        ("lastName", "REQUIRED"),
        ("email", "REQUIRED"),
    ]


@pytest.mark.parametrize("civility", ["M", "MME", "NON_RENSEIGNE"])
def test_a_civility_may_be_left_unsaid(civility: str) -> None:
    assert refused(civility=civility) == []


def test_an_unknown_civility_is_refused() -> None:
    assert refused(civility="MLLE") == [("civility", "UNKNOWN_CODE")]


@pytest.mark.parametrize(
    "name",
    [
        "Éléonore", "Jean-François", "O’Brien", "D'Almeida", "ʻAriʻi", "Tetuanui‑Teriʻi", "Nguyễn",
        "De La Fère", "Müller", "Œuvrard", "St. Pierre", "Ó", "Fa\u02bcatauira", "M\u0304a",
    ],
)  # fmt: skip
def test_names_carry_accents_hyphens_apostrophes_and_the_okina(name: str) -> None:
    assert refused(last_name=name, first_name=name) == []


@pytest.mark.parametrize(
    "name",
    ["Julliard2", "<b>Julliard</b>", "-Julliard", "Julliard; DROP", "@julliard", "12", "_a", "'"],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    assert refused(last_name=name) == [("lastName", "FORMAT")]


def test_a_name_has_at_most_100_characters() -> None:
    assert refused(first_name="a" * NAME_LENGTH) == []
    assert refused(first_name="a" * (NAME_LENGTH + 1)) == [("firstName", "TOO_LONG")]


@pytest.mark.parametrize(
    "email",
    [
        "a@b.fr", "prenom.nom+livret@ville-de-pessac.fr", "x@xn--bcher-kva.example",
        "o'brien@mairie.example.fr", f"{'a' * 64}@example.fr",
    ],
)  # fmt: skip
def test_an_email_address_is_accepted(email: str) -> None:
    assert refused(email=email) == []


@pytest.mark.parametrize(
    "email",
    [
        "christian", "christian@", "@example.fr", "a@b", "a b@example.fr", "a@exa mple.fr",
        ".a@example.fr", "a.@example.fr", "a..b@example.fr", "a@-example.fr", "a@example-.fr",
        "a@example..fr", "a@@example.fr", "a@example.fr.", "é@example.fr", f"{'a' * 65}@example.fr",
        "a@1.2.3.4", "<a@example.fr>", f"a@{'b' * 64}.fr",
    ],
)  # fmt: skip
def test_what_is_no_email_address_is_refused(email: str) -> None:
    assert refused(email=email) == [("email", "FORMAT")]


def test_an_email_address_has_at_most_254_characters() -> None:
    domain = ".".join(["b" * 60] * 4)
    assert refused(email=f"aaaaaaa@{domain}.fr") == []
    assert refused(email=f"aaaaaaaaa@{domain}.frfr") == [("email", "TOO_LONG")]


def confirmed(email: object, confirm: object) -> list[tuple[str, str]]:
    return codes(email_confirmation_errors(email, confirm))


def test_the_confirmation_of_the_email_must_match() -> None:
    assert confirmed("a@example.fr", "a@example.fr") == []
    assert confirmed("a@Example.FR", " a@example.fr ") == []
    for other in ("b@example.fr", "A@example.fr", "a@example.com"):
        assert confirmed("a@example.fr", other) == [("emailConfirmation", "EMAIL_MISMATCH")]


@pytest.mark.parametrize("nothing", [None, "", IdentityContent().email])
def test_an_email_without_confirmation_is_refused(nothing: object) -> None:
    assert confirmed("a@example.fr", nothing) == [("emailConfirmation", "REQUIRED")]


def test_an_absent_or_erased_email_needs_no_confirmation() -> None:
    assert confirmed(IdentityContent().email, None) == []
    assert confirmed(None, None) == []


def test_a_french_postal_code_has_five_digits() -> None:
    assert refused(postal_code="33600") == []
    assert refused(postal_code="33600", country_code="FR") == []
    for wrong in ("3360", "336000", "33 60", "2A004", "٣٣٦٠٠"):
        assert refused(postal_code=wrong) == [("postalCode", "FORMAT")]
        assert refused(postal_code=wrong, country_code="FR") == [("postalCode", "FORMAT")]


def test_a_foreign_postal_code_keeps_its_own_form() -> None:
    assert refused(postal_code="SW1A 1AA", country_code="GB") == []
    assert refused(postal_code="1" * 13, country_code="BE") == [("postalCode", "TOO_LONG")]


def test_an_unknown_country_is_refused() -> None:
    assert refused(country_code="ZZ") == [("countryCode", "UNKNOWN_CODE")]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("06 12 34 56 78", "0612345678"),
        ("06.12.34.56.78", "0612345678"),
        ("06-12-34-56-78", "0612345678"),
        ("06\u00a012\u202f34 56 78", "0612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("+689 40 12 34 56", "+68940123456"),
        ("(05) 56/12/34/56", "0556123456"),
        ("+33 06 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("00 33 (0)6 12 34 56 78", "+33612345678"),
        ("+32 0475 12 34 56", "+32475123456"),
        ("+39 06 1234 5678", "+390612345678"),
        ("\u202a+33 6 12 34 56 78\u202c", "+33612345678"),
    ],
)
def test_a_telephone_number_is_stored_as_one_can_dial_it(typed: str, kept: str) -> None:
    given = submitted_fields(identity(phone_mobile=typed, phone_home=typed, phone_work=typed))
    assert {given[name] for name in ("phone_mobile", "phone_home", "phone_work")} == {kept}
    assert given["last_name"] == "Julliard"
    assert errors_of(IdentityContent(**given)) == []  # type: ignore[arg-type]  # by Python name


@pytest.mark.parametrize(
    "phone",
    ["0001234567", "061234567", "06123456789", "+0612345678", "+331", "poste 12", "٠٦١٢٣٤٥٦٧٨"],
)
def test_what_is_no_telephone_number_is_refused(phone: str) -> None:
    assert refused(phone_work=phone) == [("phoneWork", "FORMAT")]


def test_what_was_not_sent_is_not_given_and_null_erases() -> None:
    given = submitted_fields(IdentityContent(phone_mobile=None))
    assert given == {"phone_mobile": None}


def test_a_holder_is_at_least_14() -> None:
    assert refused(birth_date="2012-03-15") == []
    assert refused(birth_date="2012-03-16") == [("birthDate", "TOO_YOUNG")]


def test_a_leap_day_counts_from_the_28th() -> None:
    before, after = ValidationContext(date(2026, 2, 27)), ValidationContext(date(2026, 2, 28))
    born = identity(birth_date="2012-02-29")
    assert [error.code for error in identity_errors(born, before)] == ["TOO_YOUNG"]
    assert list(identity_errors(born, after)) == []


def test_a_birth_date_is_a_full_day_of_the_past_told_once() -> None:
    assert refused(birth_date="1975") == [("birthDate", "INVALID_DATE")]
    assert refused(birth_date="1975-02-30") == [("birthDate", "INVALID_DATE")]
    assert refused(birth_date="2030-01-01") == [("birthDate", "DATE_IN_FUTURE")]
    assert refused(birth_date="1899-12-31") == [("birthDate", "DATE_OUT_OF_RANGE")]


def test_statistics_are_not_consented_to_unless_said() -> None:
    assert identity().stats_consent is not True
    consent = fields_of(IdentityContent)[-1]
    assert consent.key == "statsConsent"
    assert consent.spec.suggested is None


def test_only_the_name_and_the_civility_may_enter_a_summary() -> None:
    public = [field.key for field in fields_of(IdentityContent) if not field.spec.private]
    assert public == ["civility", "lastName", "firstName"]


@pytest.mark.parametrize(
    ("kept", "read"),
    [
        ("0639981475", "06 39 98 14 75"),
        ("+33639981475", "+33 6 39 98 14 75"),
        ("+68940123456", "+68940123456"),
    ],
)
def test_a_telephone_number_is_shown_in_pairs(kept: str, read: str) -> None:
    (line,) = display_lines(IdentityContent(phone_mobile=kept), IdentityContent)
    assert line.text == read

"""The identity of a booklet: written, revised, refused."""

from typing import Any

import pytest

from schema.typography import typeset
from tests.conftest import CHARTER, IDENTITY, OPEN, Caller, Here
from tests.graphql_api.documents import SAY_WHO, at_once, kinds, refused, whole

FULL = {
    "civility": "M",
    "lastName": "Te’ihotaata d’Arc-Ñúñez",
    "firstName": "Jean-Noël",
    "addressLine1": "12 bis, rue de l’Œuvre",
    "addressLine2": "Bât. C – 3ᵉ étage",
    "postalCode": "33000",
    "city": "Bordeaux",
    "countryCode": "FR",
    "email": "jean.noel+livret@example.org",
    "phoneMobile": "0612345678",
    "phoneHome": "+33556000000",
    "phoneWork": "0556111111",
    "birthDate": "1975-02-28",
    "statsConsent": True,
}


def revised(caller: Caller, version: int, **fields: Any) -> Any:
    answer = caller.do(SAY_WHO, identity=fields, version=version)
    assert answer["__typename"] == "IdentityRevised", answer
    return answer["booklet"]["identity"]


def test_every_field_comes_back_as_it_was_written(owner: Caller) -> None:
    written = revised(owner, 1, **FULL, emailConfirmation=FULL["email"])
    assert written == {"version": 2, **FULL}
    assert whole(owner)["identity"] == written


def test_values_are_kept_clean(owner: Caller) -> None:
    written = revised(
        owner, 1, lastName="  Lefe\u0300vre ", phoneMobile="+33 (0)6 12-34.56 78", city="  "
    )
    assert written["lastName"] == "Lefèvre"
    assert written["phoneMobile"] == "+33612345678"
    assert written["city"] is None


def test_what_is_absent_stays_and_null_erases(owner: Caller) -> None:
    revised(owner, 1, **FULL, emailConfirmation=FULL["email"])
    written = revised(owner, 2, city=None, addressLine2="", phoneHome="0556999999")
    changes = {"version": 3, "city": None, "addressLine2": None, "phoneHome": "0556999999"}
    assert written == FULL | changes


def test_what_is_required_cannot_be_erased(owner: Caller) -> None:
    before = whole(owner)
    erased = {"civility": None, "lastName": None, "firstName": "", "email": None}
    answer = owner.do(SAY_WHO, identity=erased, version=1)
    assert refused(answer) == [
        ("identity.civility", "REQUIRED"),
        ("identity.lastName", "REQUIRED"),
        ("identity.email", "REQUIRED"),
    ]
    assert whole(owner) == before


@pytest.mark.parametrize(
    ("confirmation", "code"),
    [
        ({}, "REQUIRED"),
        ({"emailConfirmation": None}, "REQUIRED"),
        ({"emailConfirmation": ""}, "REQUIRED"),
        ({"emailConfirmation": "new@example.com"}, "EMAIL_MISMATCH"),
        ({"emailConfirmation": "New@example.org"}, "EMAIL_MISMATCH"),
    ],
)
def test_the_email_is_typed_twice(owner: Caller, confirmation: dict[str, Any], code: str) -> None:
    before = whole(owner)
    typed = {"email": "new@example.org", **confirmation}
    answer = owner.do(SAY_WHO, identity=typed, version=1)
    assert refused(answer) == [("identity.emailConfirmation", code)]
    assert whole(owner) == before


def test_the_confirmation_may_differ_by_spaces_and_the_case_of_the_domain(owner: Caller) -> None:
    written = revised(owner, 1, email="new@example.org", emailConfirmation=" new@Example.ORG ")
    assert written["email"] == "new@example.org"


def test_every_fault_is_named_at_once_in_the_order_of_the_fields(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    agent.do(CHARTER)
    before = whole(agent)
    typed = {
        "civility": "DR",
        "lastName": "R2-D2",
        "firstName": "x" * 101,
        "postalCode": "3300",
        "city": "Bor\x07deaux",
        "countryCode": "ZZ",
        "email": "maelle@",
        "emailConfirmation": "other@example.org",
        "phoneMobile": "12",
        "birthDate": "1980-02-30",
    }
    answer = agent.do(SAY_WHO, identity=typed, version=0)
    assert refused(answer) == [
        ("identity.civility", "UNKNOWN_CODE"),
        ("identity.lastName", "FORMAT"),
        ("identity.firstName", "TOO_LONG"),
        ("identity.city", "CONTROL_CHARACTER"),
        ("identity.countryCode", "UNKNOWN_CODE"),
        ("identity.email", "FORMAT"),
        ("identity.phoneMobile", "FORMAT"),
        ("identity.birthDate", "INVALID_DATE"),
        ("identity.emailConfirmation", "EMAIL_MISMATCH"),
    ]
    assert whole(agent) == before


def test_the_rules_of_the_form_take_the_place_of_their_fields(owner: Caller) -> None:
    typed = {"postalCode": "3300", "phoneMobile": "12", "birthDate": "2020-01-01"}
    assert refused(owner.do(SAY_WHO, identity=typed, version=1)) == [
        ("identity.postalCode", "FORMAT"),
        ("identity.phoneMobile", "FORMAT"),
        ("identity.birthDate", "TOO_YOUNG"),
    ]
    abroad = {"postalCode": "SW1A 1AA", "countryCode": "GB"}
    assert revised(owner, 1, **abroad)["postalCode"] == "SW1A 1AA"


@pytest.mark.parametrize(
    ("birth_date", "code"),
    [("1980", "INVALID_DATE"), ("1899-12-31", "DATE_OUT_OF_RANGE"), ("2099-01-01", None)],
)
def test_a_birth_date_is_a_past_day(owner: Caller, birth_date: str, code: str | None) -> None:
    problems = refused(owner.do(SAY_WHO, identity={"birthDate": birth_date}, version=1))
    assert [path for path, _ in problems] == ["identity.birthDate"]
    assert problems[0][1] == code or code is None


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("1980", "il manque le jour et le mois"),
        ("juin 1980", "il manque le jour"),
        ("31 juin 1980", "cette date n’existe pas"),
        ("un lundi", "cette date n’a pas été comprise"),
    ],
)
def test_a_day_is_refused_by_what_it_lacks(owner: Caller, typed: str, said: str) -> None:
    answer = owner.do(SAY_WHO, identity={"birthDate": typed}, version=1)
    expected = f"« Date de naissance » : {said} (attendu : JJ/MM/AAAA)."
    assert [problem["message"] for problem in answer["problems"]] == [typeset(expected)]


def test_an_outdated_version_gets_the_present_identity(owner: Caller) -> None:
    now = revised(owner, 1, city="Pessac")
    before = whole(owner)
    for version in (0, 1, 3, -1):
        answer = owner.do(SAY_WHO, identity={"city": "Talence"}, version=version)
        assert answer["__typename"] == "Conflict"
        assert answer["code"] == "CONFLICT"
        assert answer["currentVersion"] == 2
        assert answer["identity"] == now
    assert whole(owner) == before


def test_opening_again_conflicts_even_with_a_faulty_form(owner: Caller) -> None:
    before = whole(owner)
    for identity in (IDENTITY, {}):
        answer = owner.do(SAY_WHO, identity=identity, version=0)
        assert (answer["__typename"], answer["currentVersion"]) == ("Conflict", 1)
    assert whole(owner) == before


def test_the_first_identity_conflicts_with_a_version_that_is_not_zero(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    agent.do(CHARTER)
    answer = agent.do(SAY_WHO, identity=IDENTITY, version=1)
    assert answer["__typename"] == "Conflict"
    assert (answer["currentVersion"], answer["identity"]) == (0, None)
    assert whole(agent)["state"] == "CHARTER_ACCEPTED"


def test_of_eight_first_identities_at_once_one_opens_the_booklet(here: Here) -> None:
    agent = here.caller("agent")
    agent.do(OPEN, code=here.code())
    agent.do(CHARTER)
    answers = at_once(*[lambda: agent.do(SAY_WHO, identity=IDENTITY, version=0)] * 8)
    assert kinds(answers) == ["Conflict"] * 7 + ["IdentityRevised"]
    assert whole(agent)["identity"]["version"] == 1


def test_a_person_with_one_name_only_leaves_the_first_name_out(owner: Caller) -> None:
    assert revised(owner, 1, lastName="Teriitahi", firstName=None)["firstName"] is None
    (dossier,) = whole(owner)["dossiers"]
    document = "query ($id: ID!) { sharedDossier(id: $id) { holder { firstName lastName } } }"
    shared = owner.ask(document, id=dossier["id"])["sharedDossier"]
    assert shared["holder"] == {"firstName": "", "lastName": "Teriitahi"}

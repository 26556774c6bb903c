"""Operators list, appoint and dismiss officers and operators; nobody else does."""

from typing import Any

import pytest

from graphql_api.storage.actors import Agent
from graphql_api.storage.people import person_named
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import whole
from tests.graphql_api.office import (
    BORDEAUX,
    OFFICER_SCOPE,
    TOURS,
    issued,
    named,
    officer,
    offices,
    stored,
)
from tests.graphql_api.operating.operators import OPERATOR_SCOPE, operator
from tests.graphql_api.site import Site

PERSON = "{ id email subject issuer isEffective isCaller }"
OFFICERS = f"{{ officers {{ nodes {{ localAuthority {{ siret label }} person {PERSON} }} }} }}"
OPERATORS = f"{{ operators {PERSON} }}"
REFUSALS = "... on Refusal { code message } ... on InvalidEntry { problems { path code } }"
APPOINT = f"""mutation($email: String!, $siret: String!) {{
  officerAppoint(email: $email, siret: $siret) {{
    __typename {REFUSALS} ... on OfficerAppointed {{ localAuthority {{ siret name label }} }}
  }}
}}"""
DISMISS = """mutation($person: ID!, $siret: String!) {
  officerDismiss(person: $person, siret: $siret) {
    __typename ... on Refusal { code } ... on OfficerDismissed { localAuthority { siret label } }
  }
}"""
APPOINT_OPERATOR = f"""mutation($email: String!) {{
  operatorAppoint(email: $email) {{ __typename {REFUSALS} ... on OperatorAppointed {{ isCaller }} }}
}}"""
DISMISS_OPERATOR = """mutation($person: ID!) {
  operatorDismiss(person: $person) {
    __typename ... on Refusal { code } ... on OperatorDismissed { isCaller }
  }
}"""
MUTATIONS: dict[str, dict[str, str]] = {
    APPOINT: {"email": "rh@example.org", "siret": BORDEAUX},
    DISMISS: {"person": "x", "siret": BORDEAUX},
    APPOINT_OPERATOR: {"email": "rh@example.org"},
    DISMISS_OPERATOR: {"person": "x"},
}


@pytest.fixture
def boss(site: Site) -> Caller:
    """An operator with an account."""
    return operator(site.here, site.account("boss"))


def listed(boss: Caller) -> list[Any]:
    return list(boss.ask(OFFICERS)["officers"]["nodes"])


def unlogged(here: Here) -> dict[str, list[Any]]:
    """Every row but the log of operators, to which each act adds one."""
    return stored(here) | {"operator_act": []}


def problems(answer: Any) -> list[tuple[str, str]]:
    return [(one["path"], one["code"]) for one in answer["problems"]]


def test_an_officer_is_appointed_by_the_address_of_their_account(site: Site, boss: Caller) -> None:
    account = site.account("rh")
    named(site.here, "Ville de Bordeaux")
    answer = boss.do(APPOINT, email=" RH@example.org", siret="213 300 635 00017")
    assert answer == {
        "__typename": "OfficerAppointed",
        "localAuthority": {
            "siret": BORDEAUX,
            "name": "Ville de Bordeaux",
            "label": "Ville de Bordeaux",
        },
    }
    assert offices(site.here.caller(account, OFFICER_SCOPE)) == [BORDEAUX]
    (one,) = listed(boss)
    assert one["localAuthority"] == {"siret": BORDEAUX, "label": "Ville de Bordeaux"}
    assert one["person"] | {"id": ""} == {
        "id": "",
        "email": "rh@example.org",
        "subject": account,
        "issuer": "livret",
        "isEffective": True,
        "isCaller": False,
    }


def test_appointing_twice_is_appointing_once(site: Site, boss: Caller) -> None:
    site.account("rh")
    boss.do(APPOINT, email="rh@example.org", siret=BORDEAUX)
    before = unlogged(site.here)
    assert boss.do(APPOINT, email="rh@example.org", siret=BORDEAUX)["__typename"] == (
        "OfficerAppointed"
    )
    assert unlogged(site.here) == before


@pytest.mark.parametrize(
    ("email", "siret", "wrong"),
    [
        ("nobody@example.org", BORDEAUX, [("email", "NO_ACCOUNT")]),
        ("", BORDEAUX, [("email", "NO_ACCOUNT")]),
        ("boss@example.org", "21330063500018", [("siret", "FORMAT")]),
        ("boss@example.org", "2133006350001", [("siret", "FORMAT")]),
        ("boss@example.org", "²1330063500017", [("siret", "FORMAT")]),
        ("x", "", [("email", "NO_ACCOUNT"), ("siret", "FORMAT")]),
    ],
)
def test_whoever_has_no_account_and_a_wrong_siret_are_refused(
    site: Site, boss: Caller, email: str, siret: str, wrong: list[tuple[str, str]]
) -> None:
    before = stored(site.here)
    assert problems(boss.do(APPOINT, email=email, siret=siret)) == wrong
    assert stored(site.here) == before


def test_an_officer_is_dismissed_forgotten_and_their_codes_stay(site: Site, boss: Caller) -> None:
    here, account = site.here, site.account("rh")
    before = unlogged(here)
    rh = officer(here, account)
    issued(rh, 2)
    (one,) = listed(boss)
    assert boss.do(DISMISS, person=one["person"]["id"], siret=BORDEAUX) == {
        "__typename": "OfficerDismissed",
        "localAuthority": {"siret": BORDEAUX, "label": one["localAuthority"]["label"]},
    }
    after = unlogged(here)
    assert len(after.pop("authorization_code")) == 2
    assert after == {name: rows for name, rows in before.items() if name in after}
    again = boss.do(DISMISS, person=one["person"]["id"], siret=BORDEAUX)
    assert again == {"__typename": "NotFound", "code": "NOT_FOUND"}


def test_an_officer_of_two_collectivites_loses_the_one_that_was_named(
    site: Site, boss: Caller
) -> None:
    rh = officer(site.here, site.account("rh"))
    officer(site.here, site.account("rh"), TOURS)
    person = listed(boss)[0]["person"]["id"]
    assert boss.do(DISMISS, person=person, siret=BORDEAUX)["__typename"] == "OfficerDismissed"
    assert offices(rh) == [TOURS]


def test_an_owner_who_was_an_officer_keeps_their_booklet(site: Site, boss: Caller) -> None:
    owner = site.with_booklet("rh")
    before, seen = unlogged(site.here), whole(owner)
    officer(site.here, site.account("rh"))
    (one,) = listed(boss)
    boss.do(DISMISS, person=one["person"]["id"], siret=BORDEAUX)
    assert unlogged(site.here) == before
    assert whole(owner) == seen


def test_an_operator_appoints_another_who_may_dismiss_them(site: Site, boss: Caller) -> None:
    account = site.account("second")
    assert boss.do(APPOINT_OPERATOR, email="second@example.org") == {
        "__typename": "OperatorAppointed",
        "isCaller": False,
    }
    second = site.here.caller(account, OPERATOR_SCOPE)
    told = {one["email"]: one for one in second.ask(OPERATORS)["operators"]}
    assert {email: one["isCaller"] for email, one in told.items()} == {
        "boss@example.org": False,
        "second@example.org": True,
    }
    gone = told["boss@example.org"]["id"]
    assert second.do(DISMISS_OPERATOR, person=gone)["isCaller"] is False
    assert boss.error(OPERATORS) == "FORBIDDEN"
    assert boss.ask("{ isOperator }") == {"isOperator": False}
    assert second.do(DISMISS_OPERATOR, person=gone)["code"] == "NOT_FOUND"


def test_an_operator_may_dismiss_themselves(site: Site, boss: Caller) -> None:
    (me,) = boss.ask(OPERATORS)["operators"]
    assert boss.do(DISMISS_OPERATOR, person=me["id"])["isCaller"] is True
    assert boss.error(OFFICERS) == "FORBIDDEN"
    assert stored(site.here)["operator"] == []


def test_a_right_that_reaches_nobody_is_said_to(site: Site, boss: Caller) -> None:
    officer(site.here, "gone")
    (one,) = listed(boss)
    assert (one["person"]["email"], one["person"]["isEffective"]) == (None, False)
    assert boss.do(DISMISS, person=one["person"]["id"], siret=BORDEAUX)["__typename"] == (
        "OfficerDismissed"
    )


def test_nobody_else_appoints_dismisses_or_lists(site: Site, boss: Caller) -> None:
    here = site.here
    officer(here, site.account("rh"))
    with_booklet(here, "agent")
    service = here.deployment.service
    with service.store.reading():
        who = Agent("livret", site.account("boss"), frozenset())
        person = person_named(service.operation(who), who)
    callers = {
        "FORBIDDEN": here.caller("agent", OPERATOR_SCOPE),
        "INSUFFICIENT_SCOPE": here.caller(
            site.account("boss"), "livret:read livret:write rh:codes"
        ),
        "UNAUTHENTICATED": here.nobody(),
    }
    before = stored(here)
    for code, caller in callers.items():
        for document in (OFFICERS, OPERATORS):
            assert caller.error(document) == code
        for document, variables in MUTATIONS.items():
            given = variables | ({"person": person} if "person" in variables else {})
            assert caller.error(document, **given) == code
    assert callers["FORBIDDEN"].ask("{ isOperator }") == {"isOperator": False}
    assert boss.ask("{ isOperator }") == {"isOperator": True}
    assert stored(here) == before


def test_a_page_of_officers_begins_after_a_cursor_of_the_list_only(here: Here) -> None:
    boss = operator(here)
    officer(here, "rh")
    for after in ("x", "", "21330063500017", f"{TOURS}.x"):
        page = boss.ask(
            "query($a: String) { officers(after: $a) { nodes { person { id } } } }", a=after
        )
        assert page["officers"]["nodes"] == []

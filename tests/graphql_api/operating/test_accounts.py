"""Operators help with an account: find it, send its activation again, disable and enable it."""

import re
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider import outbox
from graphql_api.identity_provider.accounts import accounts, registrations
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.accounts.sessions import AccountDisabledError
from graphql_api.identity_provider.passwords import hash_password
from tests.conftest import SERVICE, Caller, Here
from tests.graphql_api.documents import whole
from tests.graphql_api.office import stored
from tests.graphql_api.operating.operators import OPERATOR_SCOPE, operator
from tests.graphql_api.site import Site

SECRET = "quatre chevaux sous la pluie"
ACCOUNT = "account { id email createdOn disabledAt isCaller registrationUntil }"
LOOK_UP = f"""mutation($email: String!) {{ accountLookUp(email: $email) {{
  ... on AccountLookedUp {{ {ACCOUNT} }}
  ... on Refusal {{ code }} ... on InvalidEntry {{ problems {{ path code }} }} }} }}"""
RESEND = """mutation($email: String!) { activationResend(email: $email) {
  __typename ... on ActivationResent { until } ... on Refusal { code message } } }"""
DISABLE = f"""mutation($id: ID!) {{ accountDisable(id: $id) {{
  ... on AccountDisabled {{ {ACCOUNT} }} ... on Refusal {{ code }}
  ... on InvalidEntry {{ problems {{ path code }} }} }} }}"""
ENABLE = f"""mutation($id: ID!) {{ accountEnable(id: $id) {{
  ... on AccountEnabled {{ {ACCOUNT} }} ... on Refusal {{ code }} }} }}"""


@pytest.fixture
def boss(site: Site) -> Caller:
    """An operator with an account, who has just signed in."""
    return operator(site.here, site.account("boss"))


def registration(site: Site, email: str = "noe@example.org") -> str:
    """Somebody registers: the key of their letter."""
    desk, details = site.desk(), AccountDetails("Roux", "Noé", email, password="x")
    with desk.writing():
        registrations.begin(desk, details, "browser")
        (row,) = letters(site)
    return keys_in(site, row)


def letters(site: Site) -> list[Any]:
    database = site.here.deployment.store.database
    return list(database.execute_sql("SELECT id, sealed FROM idp_letter").fetchall())


def keys_in(site: Site, row: Any) -> str:
    """The key in a letter that waits, opened as its sender does."""
    sealer = outbox._sealer(site.here.deployment.service.service_keys)
    text = sealer.open(outbox._seal_context(row[0]), bytes(row[1]))["text"]
    (key,) = re.findall(r"activate\?key=(\S+)", text)
    return str(key)


def test_an_account_is_found_by_its_address_and_nothing_is_said_of_a_booklet(
    site: Site, boss: Caller
) -> None:
    bare, owner = site.account("bare"), site.account("owner")
    site.with_booklet("owner")
    found = {
        name: boss.do(LOOK_UP, email=f" {name.upper()}@example.org ")["account"]
        for name in ("bare", "owner", "boss")
    }
    assert found["bare"] == {
        "id": bare,
        "email": "bare@example.org",
        "createdOn": found["bare"]["createdOn"],
        "disabledAt": None,
        "isCaller": False,
        "registrationUntil": None,
    }
    same = found["owner"] | {"id": bare, "email": "bare@example.org"}
    assert (found["owner"]["id"], same) == (owner, found["bare"])
    assert found["boss"]["isCaller"] is True


def test_an_address_without_an_account_is_said_to_have_none(site: Site, boss: Caller) -> None:
    assert boss.do(LOOK_UP, email="nobody@example.org") == {"account": None}
    for wrong in ("", "x", "two@example.org, three@example.org"):
        assert boss.do(LOOK_UP, email=wrong)["problems"] == [{"path": "email", "code": "FORMAT"}]
    assert boss.do(RESEND, email="nobody@example.org")["code"] == "NOT_FOUND"


def test_a_registration_that_waits_gets_its_letter_again_with_the_same_key(
    site: Site, boss: Caller
) -> None:
    key = registration(site)
    told = boss.do(LOOK_UP, email="noe@example.org")["account"]
    assert (told["id"], told["createdOn"]) == (None, None)
    assert told["registrationUntil"]
    site.here.clock.set(site.here.clock() + timedelta(hours=20))
    boss = operator(site.here, site.account("boss"))
    answer = boss.do(RESEND, email="NOE@example.org")
    assert answer["until"] > told["registrationUntil"]
    sent = [keys_in(site, row) for row in letters(site)]
    assert sent == [key, key]
    site.here.clock.set(
        site.here.clock() + timedelta(hours=10)
    )  # the first letter's day is over, the second's is not
    with site.desk().writing():
        assert registrations.activate(site.desk(), key)


def test_five_letters_an_hour_are_sent(site: Site, boss: Caller) -> None:
    registration(site)
    answers = [boss.do(RESEND, email="noe@example.org")["__typename"] for _ in range(6)]
    assert answers == ["ActivationResent"] * 5 + ["TooManyAttempts"]


def test_a_registration_whose_time_is_over_is_not_there(site: Site, boss: Caller) -> None:
    registration(site)
    site.here.clock.set(site.here.clock() + timedelta(hours=24))
    boss = operator(site.here, site.account("boss"))
    assert boss.do(LOOK_UP, email="noe@example.org") == {"account": None}
    assert boss.do(RESEND, email="noe@example.org")["code"] == "NOT_FOUND"


def test_nobody_signs_in_to_a_disabled_account_and_its_sessions_end(
    site: Site, boss: Caller
) -> None:
    owner = site.with_booklet("owner")
    seen, browser = whole(owner), site.browser()
    browser.sign_in("owner")
    assert browser.is_signed_in
    answer = boss.do(DISABLE, id=site.account("owner"))
    assert answer["account"]["disabledAt"]
    assert not browser.is_signed_in
    with pytest.raises(AccountDisabledError):
        browser.be("owner")
    assert boss.do(DISABLE, id=site.account("owner")) == {"code": "NOT_FOUND"}
    assert boss.do(ENABLE, id=site.account("owner"))["account"]["disabledAt"] is None
    assert boss.do(ENABLE, id=site.account("owner")) == {"code": "NOT_FOUND"}
    browser.sign_in("owner")
    assert browser.is_signed_in
    assert whole(owner) == seen


def test_an_operator_does_not_disable_their_own_account(site: Site, boss: Caller) -> None:
    before = stored(site.here)
    answer = boss.do(DISABLE, id=site.account("boss"))
    assert answer["problems"] == [{"path": "id", "code": "OWN_ACCOUNT"}]
    assert stored(site.here) == before


def test_a_right_of_a_disabled_account_is_said_to_reach_nobody(site: Site, boss: Caller) -> None:
    second = site.account("second")
    operator(site.here, second)
    boss.do(DISABLE, id=second)
    told = boss.ask("{ operators { email isEffective } }")["operators"]
    assert {one["email"]: one["isEffective"] for one in told} == {
        "boss@example.org": True,
        "second@example.org": False,
    }


def test_disabling_asks_for_a_recent_sign_in_and_looking_does_not(site: Site, boss: Caller) -> None:
    account, here = site.account("rh"), site.here
    late = here.caller(site.account("boss"), OPERATOR_SCOPE, int(here.clock().timestamp()) - 601)
    before = stored(here)
    for document in (DISABLE, ENABLE):
        assert late.do(document, id=account) == {"code": "RECENT_SIGN_IN_REQUIRED"}
    assert stored(here) == before
    assert late.do(LOOK_UP, email="rh@example.org")["account"]["id"] == account


def test_nobody_else_looks_for_an_account(here: Here) -> None:
    other = here.caller("agent", OPERATOR_SCOPE, int(here.clock().timestamp()))
    before = stored(here)
    for document in (LOOK_UP, RESEND):
        assert other.error(document, email="rh@example.org") == "FORBIDDEN"
    for document in (DISABLE, ENABLE):
        assert other.error(document, id="x") == "FORBIDDEN"
    assert stored(here) == before


def test_a_disabled_account_says_so_to_whoever_knows_its_password(site: Site, boss: Caller) -> None:
    desk = site.desk()
    with desk.writing():
        details = AccountDetails("Roux", "Noé", "noe@example.org", password=hash_password(SECRET))
        account = accounts.create(desk, details, activated=True)
    boss.do(DISABLE, id=account)
    browser = site.browser()
    answers = [
        browser.client.post(
            "/account/sign-in",
            data={"email": "noe@example.org", "password": password, "return": "/account"},
            headers={"origin": SERVICE, "sec-fetch-site": "same-origin"},
            follow_redirects=False,
        )
        for password in (SECRET, "another")
    ]
    assert [answer.status_code for answer in answers] == [403, 422]
    assert "Compte désactivé" in answers[0].text
    assert "désactivé" not in answers[1].text
    assert not browser.client.cookies.get("__Host-livret-account")

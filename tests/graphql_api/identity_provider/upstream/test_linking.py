"""Which account a person from elsewhere means: a new one, or one that they prove to be theirs."""

from datetime import timedelta
from typing import Any

import pytest

from tests.graphql_api.identity_provider.accounts.office import EMAIL, went_to
from tests.graphql_api.identity_provider.issuer import at_once
from tests.graphql_api.identity_provider.upstream.town import CHOICE, Town
from tests.graphql_api.openid_client.provider import SUBJECT, with_


def title(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.text.partition("<h1>")[2].partition("</h1>")[0])


def test_the_first_time_nothing_is_made_before_somebody_says_which_account(town: Town) -> None:
    browser = town.office.browser()
    assert went_to(town.visit(browser)) == CHOICE
    page = browser.get(CHOICE)
    assert title(page) == "Première connexion avec ProConnect"
    assert "CANARY-Kerjean" in page.text
    assert "/account/sign-in?return=%2Faccount%2Fways%2Fnew" in page.text
    assert town.ways() == []
    assert town.office.count("idp_account") == 0
    assert town.who(browser) is None


def test_an_account_is_made_of_what_the_provider_says_without_believing_the_address(
    town: Town,
) -> None:
    town.op.userinfo = with_(
        given_name="Maëlle", family_name="Kerjean", email="m@mairie.example", email_verified=True
    )
    browser = town.created()
    account = town.who(browser)
    assert town.ways() == [("https://op.example", SUBJECT, account)]
    claims = town.office.accounts.sign_in_step().claims
    with town.office.store.reading():
        said = claims(str(account)) or {}
    assert (said["name"], said["email"]) == ("Maëlle Kerjean", "m@mairie.example")
    assert said["email_verified"] is False
    assert town.office.post() == []


def test_the_account_of_an_address_is_not_given_to_who_says_that_it_is_theirs(town: Town) -> None:
    mine = town.office.account()
    town.op.userinfo = with_(email=EMAIL, email_verified=True)
    browser = town.created()
    assert town.who(browser) != mine
    assert went_to(town.office.browser().sign_in()) == "/account"


def test_whoever_has_an_account_proves_it_and_adds_the_way(town: Town) -> None:
    account = town.office.account()
    browser = town.office.browser()
    back = town.authorize(town.front_end())
    town.visit(browser, back=back)
    assert went_to(browser.sign_in(**{"return": CHOICE})) == CHOICE
    page = browser.get(CHOICE)
    assert title(page) == "Ajouter ProConnect à votre compte"
    assert "form-action &#39;self&#39; https://site.example" not in page.text
    assert "https://site.example" in page.headers["content-security-policy"]
    assert went_to(browser.post("/account/ways/add")) == back
    assert town.ways() == [("https://op.example", SUBJECT, account)]
    assert "ProConnect" in town.office.letter().text
    elsewhere = town.office.browser()
    assert went_to(town.visit(elsewhere)) == "/account"
    assert town.who(elsewhere) == account


def test_a_second_provider_is_added_from_the_profile(town: Town) -> None:
    browser = town.created("op")
    assert went_to(town.visit(browser, "other")) == CHOICE
    assert title(browser.get(CHOICE)) == "Ajouter FranceConnect à votre compte"
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"
    assert "Le moyen de connexion est ajouté." in browser.get("/account?done=way-added").text
    assert len({account for _, _, account in town.ways()}) == 1
    assert len(town.ways()) == 2


def test_an_account_is_proven_at_another_provider_too(town: Town) -> None:
    account = town.who(town.created("op"))
    browser = town.office.browser()
    town.visit(browser, "other")
    asked = town.begin(browser, "op", CHOICE)
    assert asked["prompt"] == "login"
    assert went_to(town.come_back(browser, asked, "op")) == CHOICE
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"
    assert {one for _, _, one in town.ways()} == {account}


def test_a_way_is_added_after_a_recent_sign_in_only(town: Town) -> None:
    town.office.account()
    browser = town.office.browser().signed_in()
    town.office.clock.moved = timedelta(minutes=11)
    town.visit(browser)
    page = browser.get(CHOICE)
    assert "connectez-vous de nouveau" in page.text
    assert went_to(browser.post("/account/ways/add")) == CHOICE
    assert town.ways() == []
    browser.sign_in(**{"return": CHOICE})
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"


@pytest.mark.parametrize("verb", ["add", "create", "switch"])
def test_a_proof_is_good_once_for_ten_minutes_in_its_browser(town: Town, verb: str) -> None:
    town.office.account()
    browser, thief = town.office.browser(), town.office.browser()
    if verb == "add":
        browser.signed_in()
        thief.signed_in()
    town.visit(browser)
    path = f"/account/ways/{verb}"
    assert thief.post(path).status_code == 422
    thief.client.cookies.set("__Host-livret-arrival", "x" * 43)
    assert thief.post(path).status_code == 422
    assert thief.get(CHOICE).status_code == 422
    town.office.clock.moved = timedelta(minutes=10, seconds=1)
    assert browser.post(path).status_code == 422
    assert browser.get(CHOICE).status_code == 422
    assert town.ways() == []


@pytest.mark.parametrize("verb", ["add", "create"])
def test_a_proof_cannot_be_used_again(town: Town, verb: str) -> None:
    town.office.account()
    browser = town.office.browser()
    if verb == "add":
        browser.signed_in()
    town.visit(browser)
    secret = browser.client.cookies["__Host-livret-arrival"]
    assert browser.post(f"/account/ways/{verb}").status_code == 303
    assert "__Host-livret-arrival" not in browser.client.cookies
    other = town.office.browser()
    other.client.cookies.set("__Host-livret-arrival", secret)
    for again in ("add", "create", "switch"):
        assert other.post(f"/account/ways/{again}").status_code == 422
    assert len(town.ways()) == 1
    assert town.who(other) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
@pytest.mark.parametrize("verb", ["add", "create", "switch", "remove"])
def test_a_form_of_another_site_changes_nothing(town: Town, verb: str, site: str | None) -> None:
    town.office.account()
    browser = town.office.browser().signed_in()
    town.visit(browser)
    browser.site = site
    assert browser.post(f"/account/ways/{verb}").status_code == 403
    assert browser.get(f"/account/ways/{verb}").status_code == 405
    assert town.ways() == []


def test_a_way_of_another_account_stays_there(town: Town) -> None:
    first = town.who(town.created("op"))
    second = town.created("other")
    mine = town.who(second)
    before = town.ways()
    assert went_to(town.visit(second, "op")) == CHOICE
    assert title(second.get(CHOICE)) == "Un autre compte"
    answer = second.post("/account/ways/add")
    assert answer.status_code == 409
    assert "sert déjà à se connecter à un autre compte" in answer.text
    assert town.ways() == before
    assert town.who(second) == mine
    assert went_to(second.post("/account/ways/switch")) == "/account"
    assert town.who(second) == first
    assert town.ways() == before


def test_a_way_that_leads_nowhere_switches_nowhere(town: Town) -> None:
    browser = town.office.browser()
    town.visit(browser)
    assert went_to(browser.post("/account/ways/switch")) == CHOICE
    assert town.who(browser) is None


def test_who_is_signed_in_does_not_make_a_second_account(town: Town) -> None:
    browser = town.created("op")
    town.visit(browser, "other")
    assert went_to(browser.post("/account/ways/create")) == CHOICE
    assert len(town.ways()) == 1


def test_an_account_that_was_made_in_another_tab_is_signed_in_to(town: Town) -> None:
    first, second = town.office.browser(), town.office.browser()
    for browser in (first, second):
        town.visit(browser)
    for browser in (first, second):
        assert went_to(browser.post("/account/ways/create")) == "/account"
    assert town.who(first) == town.who(second)
    with town.office.key_store.reading():
        keys = town.office.key_store.database.execute_sql("SELECT COUNT(*) FROM account_key")
        assert keys.fetchall() == [(1,)]


def test_a_person_who_comes_in_several_tabs_gets_one_account(town: Town) -> None:
    browsers = [town.office.browser() for _ in range(6)]
    for browser in browsers:
        town.visit(browser)
    left = list(browsers)
    answers = at_once(6, lambda: left.pop().post("/account/ways/create"))
    assert {answer.status_code for answer in answers} == {303}
    assert len(town.ways()) == 1
    assert town.office.count("idp_account") == 1
    for browser in browsers:
        if browser.get(CHOICE).status_code == 200:
            assert went_to(browser.post("/account/ways/switch")) == "/account"
    assert len({town.who(browser) for browser in browsers}) == 1


def test_what_waits_for_a_choice_is_sealed(town: Town) -> None:
    town.visit(town.office.browser())
    ((sealed, hashed),) = town.office.rows("SELECT sealed, secret_hash FROM idp_arrival")
    for text in (b"CANARY", b"mairie", b"op.example", b"eyJ"):
        assert text not in bytes(sealed)
    assert len(hashed) == 64

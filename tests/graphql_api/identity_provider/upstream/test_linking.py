"""An upstream identity is linked to a new account, or to one whose holder signs in."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    SIGNED_IN,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import at_once
from tests.graphql_api.identity_provider.upstream.upstream_site import CHOICE, UpstreamSite
from tests.graphql_api.openid_client.provider import SUBJECT, with_


def title(answer: Any) -> str:
    assert answer.status_code == 200, answer.text
    return str(answer.text.partition("<h1>")[2].partition("</h1>")[0])


def test_the_first_time_nothing_is_made_before_somebody_says_which_account(
    upstream_site: UpstreamSite,
) -> None:
    browser = upstream_site.accounts_site.browser()
    assert went_to(upstream_site.visit(browser)) == CHOICE
    page = browser.get(CHOICE)
    assert title(page) == "Première connexion avec ProConnect"
    assert "CANARY-Kerjean" in page.text
    assert "/account/sign-in?return=%2Faccount%2Fways%2Fnew" in page.text
    assert upstream_site.ways() == []
    assert upstream_site.accounts_site.count("idp_account") == 0
    assert upstream_site.who(browser) is None


def test_an_account_is_made_of_what_the_provider_says_without_believing_the_address(
    upstream_site: UpstreamSite,
) -> None:
    upstream_site.op.userinfo = with_(
        given_name="Maëlle", family_name="Kerjean", email="m@mairie.example", email_verified=True
    )
    browser = upstream_site.created()
    account = upstream_site.who(browser)
    assert upstream_site.ways() == [("https://op.example", SUBJECT, account)]
    claims = upstream_site.accounts_site.accounts.sign_in_step().claims
    with upstream_site.accounts_site.store.reading():
        said = claims(str(account)) or {}
    assert (said["name"], said["email"]) == ("Maëlle Kerjean", "m@mairie.example")
    assert said["email_verified"] is False
    assert upstream_site.accounts_site.post() == []


def test_the_account_of_an_address_is_not_given_to_who_says_that_it_is_theirs(
    upstream_site: UpstreamSite,
) -> None:
    mine = upstream_site.accounts_site.account()
    upstream_site.op.userinfo = with_(email=EMAIL, email_verified=True)
    browser = upstream_site.created()
    assert upstream_site.who(browser) != mine
    assert went_to(upstream_site.accounts_site.browser().sign_in()) in SIGNED_IN


def test_whoever_has_an_account_proves_it_and_adds_the_way(upstream_site: UpstreamSite) -> None:
    account = upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser()
    back = upstream_site.authorize(upstream_site.front_end())
    upstream_site.visit(browser, back=back)
    assert went_to(browser.sign_in(**{"return": CHOICE})).endswith(quote(CHOICE, safe=""))
    page = browser.get(CHOICE)
    assert title(page) == "Ajouter ProConnect à votre compte"
    assert "form-action &#39;self&#39; https://site.example" not in page.text
    assert "https://site.example" in page.headers["content-security-policy"]
    assert went_to(browser.post("/account/ways/add")) == back
    assert upstream_site.ways() == [("https://op.example", SUBJECT, account)]
    assert "ProConnect" in upstream_site.accounts_site.letter().text
    elsewhere = upstream_site.accounts_site.browser()
    assert went_to(upstream_site.visit(elsewhere)) in SIGNED_IN
    assert upstream_site.who(elsewhere) == account


def test_a_second_provider_is_added_from_the_profile(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created("op")
    assert went_to(upstream_site.visit(browser, "other")) == CHOICE
    assert title(browser.get(CHOICE)) == "Ajouter FranceConnect à votre compte"
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"
    assert "Le moyen de connexion est ajouté." in browser.get("/account?done=way-added").text
    assert len({account for _, _, account in upstream_site.ways()}) == 1
    assert len(upstream_site.ways()) == 2


def test_an_account_is_proven_at_another_provider_too(upstream_site: UpstreamSite) -> None:
    account = upstream_site.who(upstream_site.created("op"))
    browser = upstream_site.accounts_site.browser()
    upstream_site.visit(browser, "other")
    asked = upstream_site.begin(browser, "op", CHOICE)
    assert asked["prompt"] == "login"
    assert (
        went_to(upstream_site.come_back(browser, asked, "op"))
        == f"/sign-in?next={quote(CHOICE, safe='')}"
    )
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"
    assert {one for _, _, one in upstream_site.ways()} == {account}


def test_a_way_is_added_after_a_recent_sign_in_only(upstream_site: UpstreamSite) -> None:
    upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser().signed_in()
    upstream_site.accounts_site.clock.moved = timedelta(minutes=11)
    upstream_site.visit(browser)
    page = browser.get(CHOICE)
    assert "connectez-vous de nouveau" in page.text
    assert went_to(browser.post("/account/ways/add")) == CHOICE
    assert upstream_site.ways() == []
    browser.sign_in(**{"return": CHOICE})
    assert went_to(browser.post("/account/ways/add")) == "/account?done=way-added"


@pytest.mark.parametrize("verb", ["add", "create", "switch"])
def test_a_proof_is_good_once_for_ten_minutes_in_its_browser(
    upstream_site: UpstreamSite, verb: str
) -> None:
    upstream_site.accounts_site.account()
    browser, thief = upstream_site.accounts_site.browser(), upstream_site.accounts_site.browser()
    if verb == "add":
        browser.signed_in()
        thief.signed_in()
    upstream_site.visit(browser)
    path = f"/account/ways/{verb}"
    assert thief.post(path).status_code == 422
    thief.client.cookies.set("__Host-livret-arrival", "x" * 43)
    assert thief.post(path).status_code == 422
    assert thief.get(CHOICE).status_code == 422
    upstream_site.accounts_site.clock.moved = timedelta(minutes=10, seconds=1)
    assert browser.post(path).status_code == 422
    assert browser.get(CHOICE).status_code == 422
    assert upstream_site.ways() == []


@pytest.mark.parametrize("verb", ["add", "create"])
def test_a_proof_cannot_be_used_again(upstream_site: UpstreamSite, verb: str) -> None:
    upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser()
    if verb == "add":
        browser.signed_in()
    upstream_site.visit(browser)
    secret = browser.client.cookies["__Host-livret-arrival"]
    assert browser.post(f"/account/ways/{verb}").status_code == 303
    assert "__Host-livret-arrival" not in browser.client.cookies
    other = upstream_site.accounts_site.browser()
    other.client.cookies.set("__Host-livret-arrival", secret)
    for again in ("add", "create", "switch"):
        assert other.post(f"/account/ways/{again}").status_code == 422
    assert len(upstream_site.ways()) == 1
    assert upstream_site.who(other) is None


@pytest.mark.parametrize("site", ["cross-site", "same-site", "none", None])
@pytest.mark.parametrize("verb", ["add", "create", "switch", "remove"])
def test_a_form_of_another_site_changes_nothing(
    upstream_site: UpstreamSite, verb: str, site: str | None
) -> None:
    upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser().signed_in()
    upstream_site.visit(browser)
    browser.site = site
    assert browser.post(f"/account/ways/{verb}").status_code == 403
    assert browser.get(f"/account/ways/{verb}").status_code == 405
    assert upstream_site.ways() == []


def test_a_way_of_another_account_stays_there(upstream_site: UpstreamSite) -> None:
    first = upstream_site.who(upstream_site.created("op"))
    second = upstream_site.created("other")
    mine = upstream_site.who(second)
    before = upstream_site.ways()
    assert went_to(upstream_site.visit(second, "op")) == CHOICE
    assert title(second.get(CHOICE)) == "Un autre compte"
    answer = second.post("/account/ways/add")
    assert answer.status_code == 409
    assert "sert déjà à se connecter à un autre compte" in answer.text
    assert upstream_site.ways() == before
    assert upstream_site.who(second) == mine
    assert went_to(second.post("/account/ways/switch")) in SIGNED_IN
    assert upstream_site.who(second) == first
    assert upstream_site.ways() == before


def test_a_way_that_leads_nowhere_switches_nowhere(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.accounts_site.browser()
    upstream_site.visit(browser)
    assert went_to(browser.post("/account/ways/switch")) == CHOICE
    assert upstream_site.who(browser) is None


def test_who_is_signed_in_does_not_make_a_second_account(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created("op")
    upstream_site.visit(browser, "other")
    assert went_to(browser.post("/account/ways/create")) == CHOICE
    assert len(upstream_site.ways()) == 1


def test_an_account_that_was_made_in_another_tab_is_signed_in_to(
    upstream_site: UpstreamSite,
) -> None:
    first, second = upstream_site.accounts_site.browser(), upstream_site.accounts_site.browser()
    for browser in (first, second):
        upstream_site.visit(browser)
    for browser in (first, second):
        assert went_to(browser.post("/account/ways/create")) in SIGNED_IN
    assert upstream_site.who(first) == upstream_site.who(second)
    with upstream_site.accounts_site.key_store.reading():
        keys = upstream_site.accounts_site.key_store.database.execute_sql(
            "SELECT COUNT(*) FROM account_key"
        )
        assert keys.fetchall() == [(1,)]


def test_a_person_who_comes_in_several_tabs_gets_one_account(upstream_site: UpstreamSite) -> None:
    browsers = [upstream_site.accounts_site.browser() for _ in range(6)]
    for browser in browsers:
        upstream_site.visit(browser)
    left = list(browsers)
    answers = at_once(6, lambda: left.pop().post("/account/ways/create"))
    assert {answer.status_code for answer in answers} == {303}
    assert len(upstream_site.ways()) == 1
    assert upstream_site.accounts_site.count("idp_account") == 1
    for browser in browsers:
        if browser.get(CHOICE).status_code == 200:
            assert went_to(browser.post("/account/ways/switch")) in SIGNED_IN
    assert len({upstream_site.who(browser) for browser in browsers}) == 1


def test_what_waits_for_a_choice_is_sealed(upstream_site: UpstreamSite) -> None:
    upstream_site.visit(upstream_site.accounts_site.browser())
    ((sealed, hashed),) = upstream_site.accounts_site.rows(
        "SELECT sealed, secret_hash FROM idp_arrival"
    )
    for text in (b"CANARY", b"mairie", b"op.example", b"eyJ"):
        assert text not in bytes(sealed)
    assert len(hashed) == 64

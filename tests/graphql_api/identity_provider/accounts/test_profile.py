"""« Votre profil » shows an account, and its holder changes it there."""

from datetime import timedelta
from typing import Any
from urllib.parse import quote

import pytest

from graphql_api.identity_provider.accounts import login_methods, sessions
from graphql_api.identity_provider.accounts.accounts import find, update, with_password
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    AccountsSite,
    Browser,
    key,
    link,
    went_to,
)

NEW_EMAIL = "m.kerjean@region.example"
NEW_PASSWORD = {
    "present": PASSWORD,
    "password": OTHER_PASSWORD,
    "password_again": OTHER_PASSWORD,
}
TO_NEW_EMAIL = {"email": NEW_EMAIL, "email_again": NEW_EMAIL, "present": PASSWORD}
PAGES = ("", "/names", "/password", "/email")


@pytest.fixture
def browser(accounts_site: AccountsSite) -> Browser:
    """The browser of a person who signed in."""
    accounts_site.account()
    return accounts_site.browser().signed_in()


@pytest.mark.parametrize("path", PAGES)
def test_whoever_is_not_signed_in_is_sent_to_sign_in(
    accounts_site: AccountsSite, path: str
) -> None:
    accounts_site.account()
    nobody = accounts_site.browser()
    back = quote(f"/account{path}", safe="")
    assert went_to(nobody.get(f"/account{path}")) == f"/sign-in?next={back}"
    if path:
        answer = nobody.post(f"/account{path}", **NEW_PASSWORD, email=NEW_EMAIL)
        assert went_to(answer) == "/sign-in?next=%2Faccount"
    assert accounts_site.post() == []


def test_the_profile_shows_the_account_and_its_login_methods(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    (account,) = accounts_site.rows("SELECT id FROM idp_account")[0]
    context = accounts_site.accounts.new_context()
    with context.writing():
        login_methods.add(context, account, "https://proconnect.example", "sub-1")
    page = browser.get("/account").text
    for shown in ("Madame Maëlle Kerjean", EMAIL, "https://proconnect.example", "Retirer"):
        assert shown in page
    assert "argon2" not in page


def test_names_are_changed(accounts_site: AccountsSite, browser: Browser) -> None:
    assert 'value="Kerjean"' in browser.get("/account/names").text
    wrong = browser.post("/account/names", civility="M", family_name="", given_name="Malo")
    assert wrong.status_code == 422
    assert 'id="family_name-problem"' in wrong.text
    names = {"civility": "M", "family_name": "Le Goff", "given_name": "Malo"}
    assert went_to(browser.post("/account/names", **names)) == "/account?done=names"
    page = browser.get("/account?done=names").text
    assert "Monsieur Malo Le Goff" in page
    assert "sont enregistrés" in page
    assert went_to(browser.post("/account/names", **names | {"given_name": ""}))
    assert "Monsieur Le Goff" in browser.get("/account").text


def test_the_password_is_changed_by_who_knows_it(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    elsewhere = accounts_site.browser().signed_in()
    (account,) = accounts_site.rows("SELECT id FROM idp_account")[0]
    accounts_site.grant(account)
    secret = browser.client.cookies["__Host-livret-account"]
    answer = browser.post("/account/password", **NEW_PASSWORD)
    assert went_to(answer) == "/account?done=password"
    assert browser.is_signed_in()
    assert browser.client.cookies["__Host-livret-account"] != secret
    assert not elsewhere.is_signed_in()
    assert accounts_site.rows("SELECT COUNT(*) FROM idp_grant WHERE revoked_at IS NULL") == [(0,)]
    assert accounts_site.letter().subject == "Votre mot de passe a été changé"
    assert accounts_site.browser().sign_in(EMAIL, PASSWORD).status_code == 422
    assert accounts_site.browser().sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"present": ""}, "present"),
        ({"present": OTHER_PASSWORD}, "present"),
        ({"password": PASSWORD, "password_again": PASSWORD}, "password"),
        ({"password": "Livret-2026-Livret"}, "password"),
        ({"password_again": "x"}, "password_again"),
    ],
)
def test_a_password_is_not_changed_otherwise(
    accounts_site: AccountsSite, browser: Browser, changes: dict[str, str], field: str
) -> None:
    answer = browser.post("/account/password", **NEW_PASSWORD | changes)
    assert answer.status_code == 422
    assert f'id="{field}-problem"' in answer.text
    assert OTHER_PASSWORD not in answer.text
    assert accounts_site.browser().sign_in().status_code == 303


def test_whoever_sits_down_at_an_open_browser_does_not_guess_the_password(
    browser: Browser,
) -> None:
    for _ in range(10):
        assert (
            browser.post("/account/password", **NEW_PASSWORD | {"present": "x"}).status_code == 422
        )
    assert browser.post("/account/password", **NEW_PASSWORD).status_code == 429


def test_who_has_no_password_chooses_one_after_a_recent_sign_in(
    accounts_site: AccountsSite,
) -> None:
    account = accounts_site.account(password=None)
    browser = signed_in_elsewhere(accounts_site, account)
    assert "Mot de passe actuel" not in browser.get("/account/password").text
    accounts_site.clock.moved = timedelta(minutes=11)
    assert "connectez-vous de nouveau" in browser.get("/account/password").text
    refused = browser.post("/account/password", **NEW_PASSWORD)
    assert refused.status_code == 403
    accounts_site.clock.moved = timedelta()
    assert browser.post("/account/password", **NEW_PASSWORD).status_code == 303
    assert accounts_site.browser().sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


def test_who_has_no_password_proves_their_address_before_they_choose_one(
    accounts_site: AccountsSite,
) -> None:
    account = accounts_site.account(password=None, activated=False)
    browser = signed_in_elsewhere(accounts_site, account)
    assert "Confirmez d’abord" in browser.post("/account/password", **NEW_PASSWORD).text
    assert "(non confirmée)" in browser.get("/account").text
    assert browser.post("/account/email", email=EMAIL, email_again=EMAIL).status_code == 303
    assert (
        browser.post("/account/email/confirm", key=key(accounts_site.letter())).status_code == 303
    )
    assert accounts_site.post() == []  # the address is the same: nobody is to be told
    assert browser.post("/account/password", **NEW_PASSWORD).status_code == 303


def test_the_address_is_changed_once_the_new_one_is_proven(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    assert went_to(browser.post("/account/email", **TO_NEW_EMAIL)) == "/account?done=email-sent"
    letter = accounts_site.letter(NEW_EMAIL)
    assert EMAIL in browser.get("/account?done=email-sent").text
    assert NEW_EMAIL in browser.get(link(letter)).text
    assert EMAIL in browser.get("/account").text  # the link alone changed nothing
    answer = browser.post("/account/email/confirm", key=key(letter))
    assert went_to(answer) == "/account?done=email"
    assert NEW_EMAIL in browser.get("/account").text
    assert accounts_site.letter(EMAIL).subject.startswith(
        "L’adresse électronique de votre compte a été"
    )
    assert accounts_site.browser().sign_in(EMAIL).status_code == 422
    assert accounts_site.browser().sign_in(NEW_EMAIL).status_code == 303
    assert browser.post("/account/email/confirm", key=key(letter)).status_code == 422


def test_the_address_is_not_changed_without_the_password(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    answer = browser.post("/account/email", **TO_NEW_EMAIL | {"present": "x"})
    assert answer.status_code == 422
    assert 'id="present-problem"' in answer.text
    assert f'value="{NEW_EMAIL}"' in answer.text
    assert accounts_site.post() == []


def test_an_email_that_went_to_a_stranger_gives_them_nothing(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    browser.post("/account/email", **TO_NEW_EMAIL)
    letter = accounts_site.letter(NEW_EMAIL)
    stranger = accounts_site.browser()
    assert "connectez-vous à votre compte" in stranger.get(link(letter)).text
    assert stranger.post("/account/email/confirm", key=key(letter)).status_code == 403
    accounts_site.account("stranger@x.example")
    stranger.signed_in(email="stranger@x.example")
    assert NEW_EMAIL not in stranger.get(link(letter)).text
    assert stranger.post("/account/email/confirm", key=key(letter)).status_code == 422
    assert browser.post("/account/email/confirm", key=key(letter)).status_code == 303


def test_an_address_of_another_account_is_not_taken(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    accounts_site.account(NEW_EMAIL)
    assert went_to(browser.post("/account/email", **TO_NEW_EMAIL)) == "/account?done=email-sent"
    assert accounts_site.letter(NEW_EMAIL).subject == "Vous avez déjà un compte"


def test_an_address_that_another_account_proved_first_is_not_taken(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    browser.post("/account/email", **TO_NEW_EMAIL)
    letter = accounts_site.letter(NEW_EMAIL)
    accounts_site.account(NEW_EMAIL)
    assert browser.post("/account/email/confirm", key=key(letter)).status_code == 422
    assert EMAIL in browser.get("/account").text


def test_a_new_address_makes_the_keys_of_the_old_one_useless(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    browser.post("/account/forgotten", email=EMAIL)
    old = key(accounts_site.letter())
    browser.post("/account/email", **TO_NEW_EMAIL)
    browser.post("/account/email/confirm", key=key(accounts_site.letter(NEW_EMAIL)))
    new = {"password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}
    assert accounts_site.browser().post("/account/reset", key=old, **new).status_code == 422


def test_signing_out_everywhere_ends_all_sessions_and_grants(
    accounts_site: AccountsSite, browser: Browser
) -> None:
    (account,) = accounts_site.rows("SELECT id FROM idp_account")[0]
    others = [accounts_site.browser().signed_in() for _ in range(2)]
    accounts_site.grant(account)
    answer = browser.post("/account/sign-out-everywhere")
    assert went_to(answer) == "/account/sign-in?done=everywhere"
    assert answer.headers["clear-site-data"] == '"cookies", "storage"'
    assert not any(one.is_signed_in() for one in (browser, *others))
    assert accounts_site.signed_out == [account]
    assert accounts_site.rows("SELECT COUNT(*) FROM idp_grant WHERE revoked_at IS NULL") == [(0,)]


def test_nothing_is_written_over_a_change_that_came_meanwhile(accounts_site: AccountsSite) -> None:
    account = accounts_site.account()
    context = accounts_site.accounts.new_context()
    with context.writing():
        known = find(context, account)
        assert known is not None
        assert update(context, known, with_password(known.details, "one"))
        assert not update(context, known, with_password(known.details, "two"))
        now = find(context, account)
    assert now is not None
    assert now.details.password == "one"


def signed_in_elsewhere(accounts_site: AccountsSite, account: str) -> Browser:
    """A browser that an upstream provider signed in to an account."""
    browser = accounts_site.browser()
    context = accounts_site.accounts.new_context()
    request: Any = type("Request", (), {"cookies": {}})()
    with context.writing():
        ((_, cookie),) = sessions.begin(context, request, account, acr="eidas1", amr=("fed",))
    secret = cookie.partition("=")[2].partition(";")[0]
    browser.client.cookies.set("__Host-livret-account", secret)
    return browser

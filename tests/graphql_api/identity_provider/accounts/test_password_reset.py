"""Forgotten passwords: an e-mail, a key, another password."""

from datetime import timedelta

import pytest

from graphql_api.identity_provider.accounts import email_tokens
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    AccountsSite,
    key,
    link,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import at_once

NEW = {"password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}


def forgotten(accounts_site: AccountsSite, email: str = EMAIL) -> str:
    """Request a password reset, and return the key in its e-mail."""
    assert accounts_site.browser().post("/account/forgotten", email=email).status_code == 303
    return key(accounts_site.letter())


def test_whoever_forgot_their_password_chooses_another_by_email(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    assert "Mot de passe oublié" in browser.get("/account/forgotten").text
    answer = browser.post("/account/forgotten", email=EMAIL.upper())
    assert went_to(answer) == "/account/forgotten/sent"
    assert "Si un compte existe à cette adresse" in browser.get("/account/forgotten/sent").text
    letter = accounts_site.letter()
    assert "Nouveau mot de passe" in browser.get(link(letter)).text
    answer = browser.post("/account/reset", key=key(letter), **NEW)
    assert went_to(answer) == "/account/sign-in?done=reset"
    assert "Votre mot de passe est changé" in browser.get("/account/sign-in?done=reset").text
    assert accounts_site.letter().subject == "Votre mot de passe a été changé"
    assert browser.sign_in(EMAIL, PASSWORD).status_code == 422
    assert browser.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_email(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    accounts_site.browser().register(email="inactif@x.example", email_again="inactif@x.example")
    accounts_site.post()
    known = accounts_site.browser().post("/account/forgotten", email=EMAIL)
    assert accounts_site.letter()
    for email in ("inconnu@x.example", "inactif@x.example"):
        unknown = accounts_site.browser().post("/account/forgotten", email=email)
        assert (unknown.status_code, unknown.headers) == (known.status_code, known.headers)
        assert unknown.content == known.content
    assert accounts_site.post() == []


def test_following_the_link_changes_nothing(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    sent = forgotten(accounts_site)
    for _ in range(3):
        assert accounts_site.browser().get(f"/account/reset?key={sent}").status_code == 200
    assert accounts_site.browser().sign_in().status_code == 303
    assert accounts_site.browser().post("/account/reset", key=sent, **NEW).status_code == 303


def test_a_key_resets_once(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    sent = forgotten(accounts_site)
    answers = at_once(6, lambda: accounts_site.browser().post("/account/reset", key=sent, **NEW))
    assert sorted(one.status_code for one in answers) == [303] + [422] * 5
    assert (
        "Ce lien n’est plus valable"
        in accounts_site.browser().get(f"/account/reset?key={sent}").text
    )


def test_a_key_resets_within_the_hour(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    sent = forgotten(accounts_site)
    accounts_site.clock.moved = timedelta(hours=1, seconds=1)
    assert accounts_site.browser().post("/account/reset", key=sent, **NEW).status_code == 422
    email_tokens.delete_expired(accounts_site.store, accounts_site.accounts.new_context().now)
    assert accounts_site.count("idp_letter_key") == 0


def test_a_new_password_makes_the_other_keys_useless(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    first, second = forgotten(accounts_site), forgotten(accounts_site)
    accounts_site.browser().post("/account/reset", key=second, **NEW)
    assert accounts_site.browser().post("/account/reset", key=first, **NEW).status_code == 422


@pytest.mark.parametrize("purpose", ["activation", "email"])
def test_a_key_for_something_else_resets_nothing(accounts_site: AccountsSite, purpose: str) -> None:
    account = accounts_site.account()
    if purpose == "activation":
        accounts_site.browser().register(email="jo@x.example", email_again="jo@x.example")
        sent = key(accounts_site.letter("jo@x.example"))
    else:
        context = accounts_site.accounts.new_context()
        with context.writing():
            sent = email_tokens.create(context, email_tokens.EMAIL, account, EMAIL)
    assert accounts_site.browser().post("/account/reset", key=sent, **NEW).status_code == 422
    assert accounts_site.browser().sign_in().status_code == 303


def test_a_weak_password_is_refused_and_the_key_stays_good(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    sent = forgotten(accounts_site)
    browser = accounts_site.browser()
    answer = browser.post("/account/reset", key=sent, password="Kerjean2026!!", password_again="")
    assert answer.status_code == 422
    assert 'id="password-problem"' in answer.text
    assert f'value="{sent}"' in answer.text
    assert browser.post("/account/reset", key=sent, **NEW).status_code == 303


def test_another_password_ends_all_sessions_and_all_that_was_granted(
    accounts_site: AccountsSite,
) -> None:
    account = accounts_site.account()
    thief = accounts_site.browser().signed_in()
    accounts_site.grant(account)
    accounts_site.browser().post("/account/reset", key=forgotten(accounts_site), **NEW)
    assert not thief.is_signed_in()
    assert accounts_site.signed_out == [account]
    assert accounts_site.rows("SELECT COUNT(*) FROM idp_grant WHERE revoked_at IS NULL") == [(0,)]


def test_whoever_is_locked_out_comes_in_by_email(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    for stranger in range(5):
        for _ in range(10):
            accounts_site.browser(f"192.0.2.{stranger}").sign_in(EMAIL, "Pas-le-bon-mot-2")
    owner = accounts_site.browser("192.0.2.1")
    assert owner.sign_in().status_code == 429
    owner.post("/account/reset", key=forgotten(accounts_site), **NEW)
    assert owner.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303
    for _ in range(60):  # they go on
        accounts_site.browser("192.0.2.2").sign_in(EMAIL, "Pas-le-bon-mot-2")
    assert owner.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


def test_strangers_do_not_use_up_the_emails_for_another_password(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.account()
    for _ in range(6):
        accounts_site.browser().register()
    accounts_site.post()
    assert forgotten(accounts_site)
    for _ in range(4):
        forgotten(accounts_site)
    refused = accounts_site.browser().post("/account/forgotten", email=EMAIL)
    assert refused.status_code == 429
    assert accounts_site.post() == []


def test_who_has_no_password_is_told_how_they_sign_in(accounts_site: AccountsSite) -> None:
    accounts_site.account(password=None)
    accounts_site.browser().post("/account/forgotten", email=EMAIL)
    letter = accounts_site.letter()
    assert letter.subject == "Votre compte n’a pas de mot de passe"
    assert "key=" not in letter.text
    assert accounts_site.count("idp_letter_key") == 0


def test_an_address_that_was_never_proven_resets_nothing(accounts_site: AccountsSite) -> None:
    accounts_site.account(activated=False)
    assert accounts_site.browser().sign_in().status_code == 422
    assert accounts_site.browser().post("/account/forgotten", email=EMAIL).status_code == 303
    assert accounts_site.post() == []


@pytest.mark.parametrize("email", ["", "x", "a@b", "a\u00a0@b.example", "x" * 3_000])
def test_what_is_no_address_is_said(accounts_site: AccountsSite, email: str) -> None:
    answer = accounts_site.browser().post("/account/forgotten", email=email)
    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.text

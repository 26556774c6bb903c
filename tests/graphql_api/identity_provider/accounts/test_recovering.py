"""Forgotten passwords: a letter, a key, another password."""

from datetime import timedelta

import pytest

from graphql_api.identity_provider.accounts import email_tokens
from graphql_api.identity_provider.accounts.cleanup import delete_expired
from tests.graphql_api.identity_provider.accounts.office import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    Office,
    key,
    link,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import at_once

NEW = {"password": OTHER_PASSWORD, "password_again": OTHER_PASSWORD}


def forgotten(office: Office, email: str = EMAIL) -> str:
    """The key of a letter that was asked for."""
    assert office.browser().post("/account/forgotten", email=email).status_code == 303
    return key(office.letter())


def test_whoever_forgot_their_password_chooses_another_by_letter(office: Office) -> None:
    office.account()
    browser = office.browser()
    assert "Mot de passe oublié" in browser.get("/account/forgotten").text
    answer = browser.post("/account/forgotten", email=EMAIL.upper())
    assert went_to(answer) == "/account/forgotten/sent"
    assert "Si un compte existe à cette adresse" in browser.get("/account/forgotten/sent").text
    letter = office.letter()
    assert "Nouveau mot de passe" in browser.get(link(letter)).text
    answer = browser.post("/account/reset", key=key(letter), **NEW)
    assert went_to(answer) == "/account/sign-in?done=reset"
    assert "Votre mot de passe est changé" in browser.get("/account/sign-in?done=reset").text
    assert office.letter().subject == "Votre mot de passe a été changé"
    assert browser.sign_in(EMAIL, PASSWORD).status_code == 422
    assert browser.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


def test_an_unknown_address_gets_the_same_answer_and_no_letter(office: Office) -> None:
    office.account()
    office.browser().register(email="inactif@x.example", email_again="inactif@x.example")
    office.post()
    known = office.browser().post("/account/forgotten", email=EMAIL)
    assert office.letter()
    for email in ("inconnu@x.example", "inactif@x.example"):
        unknown = office.browser().post("/account/forgotten", email=email)
        assert (unknown.status_code, unknown.headers) == (known.status_code, known.headers)
        assert unknown.content == known.content
    assert office.post() == []


def test_following_the_link_changes_nothing(office: Office) -> None:
    office.account()
    sent = forgotten(office)
    for _ in range(3):
        assert office.browser().get(f"/account/reset?key={sent}").status_code == 200
    assert office.browser().sign_in().status_code == 303
    assert office.browser().post("/account/reset", key=sent, **NEW).status_code == 303


def test_a_key_resets_once(office: Office) -> None:
    office.account()
    sent = forgotten(office)
    answers = at_once(6, lambda: office.browser().post("/account/reset", key=sent, **NEW))
    assert sorted(one.status_code for one in answers) == [303] + [422] * 5
    assert "Ce lien n’est plus valable" in office.browser().get(f"/account/reset?key={sent}").text


def test_a_key_resets_within_the_hour(office: Office) -> None:
    office.account()
    sent = forgotten(office)
    office.clock.moved = timedelta(hours=1, seconds=1)
    assert office.browser().post("/account/reset", key=sent, **NEW).status_code == 422
    delete_expired(office.store, office.key_store, office.accounts.new_context().now)
    assert office.count("idp_letter_key") == 0


def test_a_new_password_makes_the_other_keys_useless(office: Office) -> None:
    office.account()
    first, second = forgotten(office), forgotten(office)
    office.browser().post("/account/reset", key=second, **NEW)
    assert office.browser().post("/account/reset", key=first, **NEW).status_code == 422


@pytest.mark.parametrize("purpose", ["activation", "email"])
def test_a_key_for_something_else_resets_nothing(office: Office, purpose: str) -> None:
    account = office.account()
    if purpose == "activation":
        office.browser().register(email="jo@x.example", email_again="jo@x.example")
        sent = key(office.letter("jo@x.example"))
    else:
        context = office.accounts.new_context()
        with context.writing():
            sent = email_tokens.create(context, email_tokens.EMAIL, account, EMAIL)
    assert office.browser().post("/account/reset", key=sent, **NEW).status_code == 422
    assert office.browser().sign_in().status_code == 303


def test_a_weak_password_is_refused_and_the_key_stays_good(office: Office) -> None:
    office.account()
    sent = forgotten(office)
    browser = office.browser()
    answer = browser.post("/account/reset", key=sent, password="Kerjean2026!!", password_again="")
    assert answer.status_code == 422
    assert 'id="password-problem"' in answer.text
    assert f'value="{sent}"' in answer.text
    assert browser.post("/account/reset", key=sent, **NEW).status_code == 303


def test_another_password_ends_all_sessions_and_all_that_was_granted(office: Office) -> None:
    account = office.account()
    thief = office.browser().signed_in()
    office.grant(account)
    office.browser().post("/account/reset", key=forgotten(office), **NEW)
    assert not thief.is_signed_in()
    assert office.signed_out == [account]
    assert office.rows("SELECT COUNT(*) FROM idp_grant WHERE revoked_at IS NULL") == [(0,)]


def test_whoever_is_locked_out_comes_in_by_letter(office: Office) -> None:
    office.account()
    for stranger in range(5):
        for _ in range(10):
            office.browser(f"192.0.2.{stranger}").sign_in(EMAIL, "Pas-le-bon-mot-2")
    owner = office.browser("192.0.2.1")
    assert owner.sign_in().status_code == 429
    owner.post("/account/reset", key=forgotten(office), **NEW)
    assert owner.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303
    for _ in range(60):  # they go on
        office.browser("192.0.2.2").sign_in(EMAIL, "Pas-le-bon-mot-2")
    assert owner.sign_in(EMAIL, OTHER_PASSWORD).status_code == 303


def test_strangers_do_not_use_up_the_letters_for_another_password(office: Office) -> None:
    office.account()
    for _ in range(6):
        office.browser().register()
    office.post()
    assert forgotten(office)
    for _ in range(4):
        forgotten(office)
    refused = office.browser().post("/account/forgotten", email=EMAIL)
    assert refused.status_code == 429
    assert office.post() == []


def test_who_has_no_password_is_told_how_they_sign_in(office: Office) -> None:
    office.account(password=None)
    office.browser().post("/account/forgotten", email=EMAIL)
    letter = office.letter()
    assert letter.subject == "Votre compte n’a pas de mot de passe"
    assert "key=" not in letter.text
    assert office.count("idp_letter_key") == 0


def test_an_address_that_was_never_proven_resets_nothing(office: Office) -> None:
    office.account(activated=False)
    assert office.browser().sign_in().status_code == 422
    assert office.browser().post("/account/forgotten", email=EMAIL).status_code == 303
    assert office.post() == []


@pytest.mark.parametrize("email", ["", "x", "a@b", "a\u00a0@b.example", "x" * 3_000])
def test_what_is_no_address_is_said(office: Office, email: str) -> None:
    answer = office.browser().post("/account/forgotten", email=email)
    assert answer.status_code == 422
    assert 'id="email-problem"' in answer.text

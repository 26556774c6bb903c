"""Creating an account: the form, the e-mail, the key."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.identity_provider.accounts import registrations
from schema.typography import typeset
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    EMAIL,
    OTHER_PASSWORD,
    PASSWORD,
    SIGNED_IN,
    TABLES,
    AccountsSite,
    key,
    link,
    went_to,
)
from tests.graphql_api.identity_provider.issuer import at_once
from tests.keys import other_service_keys


def test_whoever_registers_and_activates_can_sign_in(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    assert "Créer votre compte" in browser.get("/account/register").text
    assert went_to(browser.register()) == "/account/registered"
    assert "Vous allez recevoir un courriel" in browser.get("/account/registered").text
    letter = accounts_site.letter()
    page = browser.get(link(letter))
    assert "La clé d’activation s’affiche automatiquement" in page.text
    assert f'value="{key(letter)}"' in page.text
    answer = browser.post("/account/activate", key=key(letter))
    assert went_to(answer) == "/account/activated"
    assert "s’est déroulée avec succès" in browser.get("/account/activated").text
    assert went_to(browser.sign_in()) in SIGNED_IN
    page = browser.get("/account")
    assert "Madame Maëlle Kerjean" in page.text
    assert EMAIL in page.text


def test_following_the_link_activates_nothing(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    where = link(accounts_site.letter())
    for _ in range(3):
        assert accounts_site.browser().get(where).status_code == 200
    assert accounts_site.count("idp_account") == 0
    assert browser.sign_in().status_code == 422


def test_a_key_activates_once(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    sent = key(accounts_site.letter())
    assert went_to(browser.post("/account/activate", key=f" {sent} ")) == "/account/activated"
    again = browser.post("/account/activate", key=sent)
    assert again.status_code == 422
    assert "Si vous avez déjà activé votre compte" in again.text
    assert accounts_site.count("idp_account") == 1


def test_of_two_who_send_a_key_at_once_one_activates(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    sent = key(accounts_site.letter())
    answers = at_once(6, lambda: browser.post("/account/activate", key=sent))
    assert sorted(one.status_code for one in answers) == [303] + [422] * 5
    assert accounts_site.count("idp_account") == 1


def test_a_key_is_good_for_a_day(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    sent = key(accounts_site.letter())
    accounts_site.clock.moved = timedelta(hours=24, seconds=1)
    assert browser.post("/account/activate", key=sent).status_code == 422
    registrations.delete_expired(accounts_site.store, accounts_site.accounts.new_context().now)
    assert accounts_site.count("idp_registration") == 0


@pytest.mark.parametrize("sent", ["", "x", "é", "A" * 43, "0" * 4_000])
def test_an_unknown_key_is_refused(accounts_site: AccountsSite, sent: str) -> None:
    answer = accounts_site.browser().post("/account/activate", key=sent)
    assert answer.status_code == 422
    assert 'aria-invalid="true" aria-describedby="key-problem"' in answer.text


def test_the_letter_says_that_another_browser_asks_for_the_password(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.browser().register()
    letter = accounts_site.letter()
    assert "demande aussi le mot de passe que vous avez choisi" in " ".join(letter.text.split())


def test_another_browser_activates_with_the_password_chosen(accounts_site: AccountsSite) -> None:
    accounts_site.browser().register()
    letter = accounts_site.letter()
    elsewhere = accounts_site.browser()
    assert 'name="password"' in elsewhere.get(link(letter)).text
    for password in ("", OTHER_PASSWORD):
        refused = elsewhere.post("/account/activate", key=key(letter), password=password)
        assert refused.status_code == 422
        assert 'id="password-problem"' in refused.text
    accepted = elsewhere.post("/account/activate", key=key(letter), password=PASSWORD)
    assert went_to(accepted) == "/account/activated"


def test_a_stranger_who_registers_first_gets_nothing_of_the_owner(
    accounts_site: AccountsSite,
) -> None:
    stranger, owner = accounts_site.browser(), accounts_site.browser()
    stranger.register(password=OTHER_PASSWORD, password_again=OTHER_PASSWORD, family_name="Autre")
    owner.register()
    first, second = (key(letter) for letter in accounts_site.post())
    # The owner cannot tell the letters apart; with the stranger's key nothing happens by a click.
    assert owner.post("/account/activate", key=first).status_code == 422
    assert owner.post("/account/activate", key=first, password=PASSWORD).status_code == 422
    assert owner.post("/account/activate", key=second).status_code == 303
    assert owner.sign_in().status_code == 303
    assert "Kerjean" in owner.get("/account").text
    assert stranger.sign_in(password=OTHER_PASSWORD).status_code == 422
    assert stranger.post("/account/activate", key=first).status_code == 422
    assert accounts_site.count("idp_registration") == 0


def test_each_key_brings_the_password_of_its_own_registration(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    browser.register(password=OTHER_PASSWORD, password_again=OTHER_PASSWORD)
    first, _ = accounts_site.post()
    browser.post("/account/activate", key=key(first))
    assert browser.sign_in(password=OTHER_PASSWORD).status_code == 422
    assert browser.sign_in(password=PASSWORD).status_code == 303


def test_whoever_has_an_account_gets_an_email_that_says_so(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    shouted = EMAIL.upper()
    browser = accounts_site.browser()
    known = browser.register(
        email=shouted,
        email_again=shouted,
        password=OTHER_PASSWORD,
        password_again=OTHER_PASSWORD,
    )
    letter = accounts_site.letter()  # to the address that was proven, not to the one that was typed
    assert letter.subject == "Vous avez déjà un compte"
    assert "key=" not in letter.text
    unknown = accounts_site.browser().register(email="jo@x.example", email_again="jo@x.example")
    assert _shape(known) == _shape(unknown)
    assert browser.sign_in(password=OTHER_PASSWORD).status_code == 422
    assert browser.sign_in().status_code == 303


def test_no_email_says_what_a_stranger_typed(accounts_site: AccountsSite) -> None:
    accounts_site.browser().register(family_name="Gagnez", given_name="Un Million")
    letter = accounts_site.letter()
    assert "Gagnez" not in letter.text
    assert "Million" not in letter.subject + letter.text


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"civility": ""}, "civility"),
        ({"civility": "DUC"}, "civility"),
        ({"family_name": "  "}, "family_name"),
        ({"family_name": "-'"}, "family_name"),
        ({"given_name": "x" * 101}, "given_name"),
        ({"given_name": "<b>Maëlle</b>"}, "given_name"),
        ({"given_name": "Visitez www.exemple.fr/1"}, "given_name"),
        ({"email": "maelle"}, "email"),
        ({"email": "maelle@mairie"}, "email"),
        ({"email": '"ma elle"@mairie.example'}, "email"),
        ({"email": "maëlle@mairie.example"}, "email"),
        ({"email": "maelle@mairie.example, x@y.example"}, "email"),
        ({"email": f"{'x' * 65}@mairie.example"}, "email"),
        ({"email": f"maelle@{'x' * 64}.example"}, "email"),
        ({"email": "maelle@mairie..example"}, "email"),
        ({"email": "maelle@[127.0.0.1]"}, "email"),
        ({"email_again": "other@mairie.example"}, "email_again"),
        ({"password": "court", "password_again": "court"}, "password"),
        ({"password": "Kerjean-Maelle-2026!", "password_again": ""}, "password"),
        ({"password": "x" * 200, "password_again": "x" * 200}, "password"),
        ({"password_again": "Tournesol-46-Givre"}, "password_again"),
    ],
)
def test_what_is_wrong_is_said_at_the_top_and_at_the_field(
    accounts_site: AccountsSite, changes: dict[str, str], field: str
) -> None:
    answer = accounts_site.browser().register(**changes)
    assert answer.status_code == 422
    assert typeset("<title>Erreur\u00a0: ") in answer.text
    assert f'<a href="#{field}">' in answer.text
    assert f'id="{field}-problem"' in answer.text
    assert f'{field}-problem"' in answer.text.partition(f'id="{field}" ')[2].partition(">")[0]
    assert PASSWORD not in answer.text
    assert "<b>" not in answer.text
    assert accounts_site.post() == []
    assert accounts_site.count("idp_registration") == 0


def test_a_person_with_one_name_only_has_an_account(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    page = browser.get("/account/register").text
    assert " required" not in page.partition('id="given_name"')[2].partition(">")[0]
    assert " required" in page.partition('id="family_name"')[2].partition(">")[0]
    assert browser.register(given_name="  ").status_code < 400
    assert len(accounts_site.post()) == 1


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"family_name": "x" * 101}, "votre nom en 100 caractères au plus"),
        ({"given_name": "x" * 101}, "votre prénom en 100 caractères au plus"),
        ({"given_name": "Maëlle2"}, "votre prénom avec des lettres"),
        ({"email": f"{'x' * 65}@mairie.example"}, "une adresse électronique"),
        ({"password": "court", "password_again": "court"}, "un mot de passe d’au moins 12"),
        ({"password": "x" * 200, "password_again": "x" * 200}, "un mot de passe de 128"),
    ],
)
def test_what_is_wrong_with_a_length_says_of_which_field(
    accounts_site: AccountsSite, changes: dict[str, str], named: str
) -> None:
    page = accounts_site.browser().register(**changes).text
    assert named in page.partition('class="summary"')[2].partition("</div>")[0]


def test_a_wrong_field_does_not_hide_that_its_second_typing_is_missing(
    accounts_site: AccountsSite,
) -> None:
    answer = accounts_site.browser().register(
        email="x", email_again="", password="court", password_again=""
    )
    for name in ("email", "email_again", "password", "password_again"):
        assert f'id="{name}-problem"' in answer.text, name
    assert "4 points sont à corriger" in answer.text


def test_all_that_is_wrong_is_said_at_once_and_what_was_typed_stays(
    accounts_site: AccountsSite,
) -> None:
    answer = accounts_site.browser().register(
        civility="", email_again="", password="", family_name="Ò’Neil"
    )
    assert "3 points sont à corriger" in answer.text
    assert 'value="Ò’Neil"' in answer.text
    assert f'value="{EMAIL}"' in answer.text


def test_an_address_in_a_domain_with_accents_is_written_as_the_network_knows_it(
    accounts_site: AccountsSite,
) -> None:
    email = "maelle@mairie-évian.example"
    accounts_site.browser().register(email=email, email_again=email)
    assert accounts_site.letter(to="maelle@xn--mairie-vian-hbb.example")


def test_a_name_is_kept_as_one_line_in_one_form(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register(given_name="  Mae\u0308lle   Anne ")
    browser.post("/account/activate", key=key(accounts_site.letter()))
    browser.sign_in()
    assert "Maëlle Anne Kerjean" in browser.get("/account").text


def test_five_emails_an_hour_go_to_an_address(accounts_site: AccountsSite) -> None:
    for number in range(5):
        assert accounts_site.browser(f"192.0.2.{number}").register().status_code == 303
    refused = accounts_site.browser("192.0.2.9").register(
        email=EMAIL.title(), email_again=EMAIL.title()
    )
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 3_600
    assert "Réessayez dans" in refused.text
    assert len(accounts_site.post()) == 5
    accounts_site.clock.moved = timedelta(hours=1, seconds=1)
    assert accounts_site.browser().register().status_code == 303


def test_keys_cannot_be_tried_without_end(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    answers = [browser.post("/account/activate", key=f"{number}") for number in range(51)]
    assert [one.status_code for one in answers] == [422] * 50 + [429]


def test_nothing_personal_can_be_read_in_the_tables(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    browser.register()
    sent = key(accounts_site.letter())
    browser.register()
    before = _all(accounts_site)
    browser.post("/account/activate", key=sent)
    browser.sign_in()
    browser.post("/account/forgotten", email=EMAIL)
    stored = before + _all(accounts_site)
    context = accounts_site.accounts.new_context()
    mark = context.email_index(EMAIL)
    assert mark in stored
    other = replace(context, service_keys=other_service_keys)
    assert mark != other.email_index(EMAIL)  # nobody can guess
    for secret in ("Kerjean", "Maëlle", "maelle.kerjean", "argon2", sent, "192.0.2.1"):
        assert secret not in stored


def _all(accounts_site: AccountsSite) -> str:
    rows = [row for table in TABLES for row in accounts_site.rows(f"SELECT * FROM {table}")]
    values = [value for row in rows for value in row]
    return "\n".join(
        bytes(value).decode("latin-1") if isinstance(value, bytes | memoryview) else str(value)
        for value in values
    ) + "\n".join(
        bytes(value).decode("utf-8", "replace")
        for value in values
        if isinstance(value, bytes | memoryview)
    )


def _shape(answer: Any) -> Any:
    """An answer without the secret in its cookie."""
    headers = dict(answer.headers)
    headers["set-cookie"] = headers["set-cookie"].partition(";")[2]
    return answer.status_code, headers, answer.text

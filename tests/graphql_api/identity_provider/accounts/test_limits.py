"""Passwords are guessed a few times an hour, and guessing locks nobody out."""

from datetime import timedelta

from tests.graphql_api.identity_provider.accounts.accounts_site import EMAIL, AccountsSite
from tests.graphql_api.identity_provider.issuer import at_once

GUESS = "Pas-le-bon-mot-2"


def test_ten_wrong_passwords_an_hour_and_no_more_even_a_right_one(
    accounts_site: AccountsSite,
) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    assert [browser.sign_in(EMAIL, GUESS).status_code for _ in range(10)] == [422] * 10
    refused = browser.sign_in()
    assert refused.status_code == 429
    assert 3_500 < int(refused.headers["retry-after"]) <= 3_600
    assert "Trop d’essais" in refused.text
    assert (
        accounts_site.browser("198.51.100.7").sign_in().status_code == 303
    )  # not the owner's fault
    accounts_site.clock.moved = timedelta(hours=1, seconds=1)
    assert browser.sign_in().status_code == 303


def test_an_unknown_address_runs_out_of_attempts_alike(accounts_site: AccountsSite) -> None:
    browser = accounts_site.browser()
    answers = [browser.sign_in("inconnu@x.example").status_code for _ in range(11)]
    assert answers == [422] * 10 + [429]


def test_attempts_at_once_are_counted_each(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    answers = at_once(14, lambda: browser.sign_in(EMAIL, GUESS).status_code)
    assert sorted(answers) == [422] * 10 + [429] * 4


def test_right_passwords_do_not_count(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    assert [browser.sign_in().status_code for _ in range(12)] == [303] * 12
    assert browser.sign_in(EMAIL, GUESS).status_code == 422


def test_strangers_everywhere_do_not_keep_the_owner_from_home(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    home = accounts_site.browser("198.51.100.7").signed_in()
    for stranger in range(5):
        for _ in range(10):
            accounts_site.browser(f"192.0.2.{stranger}").sign_in(EMAIL, GUESS)
    assert accounts_site.browser("192.0.2.99").sign_in().status_code == 429
    assert home.sign_in().status_code == 303


def test_a_network_of_addresses_counts_as_one(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    for number in range(10):
        accounts_site.browser(f"2001:db8::{number}").sign_in(EMAIL, GUESS)
    assert accounts_site.browser("2001:db8::ffff").sign_in().status_code == 429
    assert accounts_site.browser("2001:db8:0:1::1").sign_in().status_code == 303

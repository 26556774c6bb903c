"""Ending reminders by the address in a letter, signed out, by hand and by one click (RFC 8058)."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from graphql_api.web.mail import _message
from tests.conftest import Caller, Here
from tests.graphql_api.reminders.reminders import (
    Post,
    expiring,
    setting,
    stop_address,
    switched,
)
from tests.graphql_api.site import Site

AT = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
ONE_CLICK = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture
def address(here: Here, maelle: Caller, post: Post) -> str:
    """The path in a letter that Maëlle got."""
    switched(maelle, True)
    expiring(maelle, here.clock.today + timedelta(days=1))
    post.run()
    (letter,) = post.letters
    return stop_address(letter)


def one_click(here: Here, address: str, **headers: str) -> Any:
    """What a mail program sends: no cookie, no origin."""
    return here.client.post(
        address, content=b"List-Unsubscribe=One-Click", headers=ONE_CLICK | headers
    )


def test_a_letter_names_the_address_that_ends_such_letters_in_its_headers(
    here: Here, address: str, post: Post
) -> None:
    message = _message("livret@livret.example", post.letters[0], AT)
    there = f"{here.deployment.settings.public_url}{address}"
    assert message["List-Unsubscribe"] == f"<{there}>"
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"\n{there}\n" in message.get_content()
    head = message.as_bytes().partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert f"List-Unsubscribe: <{there}>" in head  # as it is, in one line
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head


def test_looking_at_the_page_ends_nothing(
    here: Here, site: Site, maelle: Caller, address: str
) -> None:
    for method in ("GET", "HEAD"):
        answer = here.client.request(method, address)
        assert answer.status_code == 200
    page = site.browser().get(address)
    assert "Arrêter les rappels" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert setting(maelle)["enabled"] is True


def test_one_click_ends_the_reminders_of_whoever_is_signed_out(
    here: Here, maelle: Caller, address: str
) -> None:
    answer = one_click(here, address)
    assert answer.status_code == 200
    assert "Rappels arrêtés" in answer.text
    assert setting(maelle)["enabled"] is False


def test_the_button_of_the_page_ends_the_reminders(
    here: Here, site: Site, maelle: Caller, address: str
) -> None:
    browser = site.browser()
    page = browser.get(address)
    assert f'action="{address}"' in page.text
    assert browser.post(address, origin=here.deployment.settings.public_url).status_code == 200
    assert setting(maelle)["enabled"] is False


def test_an_address_serves_once_and_the_second_time_says_so(
    here: Here, maelle: Caller, address: str
) -> None:
    one_click(here, address)
    answer = one_click(here, address)
    assert answer.status_code == 404
    assert "déjà été arrêtés" in answer.text


def test_an_earlier_address_does_not_end_reminders_that_were_asked_for_anew(
    here: Here, maelle: Caller, address: str, post: Post
) -> None:
    one_click(here, address)
    switched(maelle, True)
    assert one_click(here, address).status_code == 404
    assert setting(maelle)["enabled"] is True


def test_every_letter_since_they_were_asked_for_ends_them(
    here: Here, maelle: Caller, address: str, post: Post
) -> None:
    here.clock.moved += timedelta(days=40)
    expiring(maelle, here.clock.today + timedelta(days=1))
    assert post.run().letters == 1
    assert stop_address(post.letters[-1]) == address
    assert one_click(here, address).status_code == 200


@pytest.mark.parametrize(
    "key", ["", "?key=", "?key=x", "?key=" + "x" * 5_000, "?key=%00%FF", "?key=é"]
)
def test_an_address_that_is_not_whole_ends_nothing(
    here: Here, maelle: Caller, address: str, key: str
) -> None:
    path = address.partition("?")[0]
    assert one_click(here, path + key).status_code == 404
    assert here.client.get(path + key).status_code == 200
    assert setting(maelle)["enabled"] is True


def test_a_page_elsewhere_cannot_end_what_it_does_not_know(
    here: Here, maelle: Caller, address: str
) -> None:
    answer = one_click(here, address[:-1], origin="https://elsewhere.example")
    assert answer.status_code == 404
    assert setting(maelle)["enabled"] is True


def test_one_person_ends_their_own_reminders_only(
    here: Here, site: Site, maelle: Caller, address: str
) -> None:
    other = site.with_booklet("other")
    switched(other, True)
    one_click(here, address)
    assert setting(other)["enabled"] is True
    assert setting(maelle)["enabled"] is False

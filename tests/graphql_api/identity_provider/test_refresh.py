"""Refresh tokens rotate, and a used one revokes its whole family."""

from datetime import timedelta

import pytest

from tests.graphql_api.identity_provider.issuer import Place


def test_a_refresh_gives_the_next_of_the_family(place: Place) -> None:
    first = place.tokens()
    second = place.refresh(first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    before, after = (place.read(one["access_token"]) for one in (first, second.json()))
    for name in ("sub", "scope", "aud", "auth_time", "client_id", "grant"):
        assert before.claims[name] == after.claims[name]
    assert before.claims["jti"] != after.claims["jti"]
    assert place.refresh(second.json()["refresh_token"]).status_code == 200


def test_reuse_kills_the_family(place: Place) -> None:
    first = place.tokens()
    second = place.refresh(first["refresh_token"]).json()
    assert place.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.userinfo(second["access_token"]).status_code == 401


def test_another_sign_in_is_another_family(place: Place) -> None:
    first, other = place.tokens(), place.tokens()
    place.refresh(first["refresh_token"])
    place.refresh(first["refresh_token"])
    assert place.refresh(other["refresh_token"]).status_code == 200


def test_a_refresh_token_is_of_one_front_end(place: Place) -> None:
    token = place.tokens()["refresh_token"]
    other = place.register(name="Autre").client_id
    assert place.refresh(token, client_id=other).json()["error"] == "invalid_grant"
    assert place.refresh(token).status_code == 200


def test_a_refresh_may_ask_for_less_and_not_for_more(place: Place) -> None:
    token = place.tokens()["refresh_token"]
    assert place.refresh(token, scope="openid profile").json()["error"] == "invalid_scope"
    less = place.refresh(token, scope="livret:read").json()
    assert less["scope"] == "livret:read"
    again = place.refresh(less["refresh_token"]).json()
    assert "livret:write" in again["scope"]  # the family keeps what was granted


@pytest.mark.parametrize(("idle", "good"), [(6, True), (8, False)])
def test_an_idle_refresh_token_expires(place: Place, idle: int, good: bool) -> None:
    token = place.tokens()["refresh_token"]
    place.clock.moved = timedelta(days=idle)
    assert (place.refresh(token).status_code == 200) is good


def test_a_family_ends_thirty_days_after_the_sign_in(place: Place) -> None:
    token = place.tokens()["refresh_token"]
    for days in (6, 12, 18, 24, 29):
        place.clock.moved = timedelta(days=days)
        token = place.refresh(token).json()["refresh_token"]
    place.clock.moved = timedelta(days=31)
    assert place.refresh(token).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5000])
def test_what_is_no_refresh_token_is_refused(place: Place, token: str) -> None:
    assert place.refresh(token).status_code == 400

"""Refresh tokens rotate, and a used one revokes its whole family."""

from datetime import timedelta

import pytest

from tests.graphql_api.identity_provider.issuer import ProviderSite


def test_a_refresh_gives_the_next_of_the_family(provider_site: ProviderSite) -> None:
    first = provider_site.tokens()
    second = provider_site.refresh(first["refresh_token"])
    assert second.status_code == 200
    assert second.json()["refresh_token"] != first["refresh_token"]
    before, after = (provider_site.read(one["access_token"]) for one in (first, second.json()))
    for name in ("sub", "scope", "aud", "auth_time", "client_id", "grant"):
        assert before.claims[name] == after.claims[name]
    assert before.claims["jti"] != after.claims["jti"]
    assert provider_site.refresh(second.json()["refresh_token"]).status_code == 200


def test_reuse_kills_the_family(provider_site: ProviderSite) -> None:
    first = provider_site.tokens()
    second = provider_site.refresh(first["refresh_token"]).json()
    assert provider_site.refresh(first["refresh_token"]).json()["error"] == "invalid_grant"
    assert provider_site.refresh(second["refresh_token"]).json()["error"] == "invalid_grant"
    assert provider_site.userinfo(second["access_token"]).status_code == 401


def test_another_sign_in_is_another_family(provider_site: ProviderSite) -> None:
    first, other = provider_site.tokens(), provider_site.tokens()
    provider_site.refresh(first["refresh_token"])
    provider_site.refresh(first["refresh_token"])
    assert provider_site.refresh(other["refresh_token"]).status_code == 200


def test_a_refresh_token_is_of_one_front_end(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["refresh_token"]
    other = provider_site.register(name="Autre").client_id
    assert provider_site.refresh(token, client_id=other).json()["error"] == "invalid_grant"
    assert provider_site.refresh(token).status_code == 200


def test_a_refresh_may_ask_for_less_and_not_for_more(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["refresh_token"]
    assert provider_site.refresh(token, scope="openid profile").json()["error"] == "invalid_scope"
    less = provider_site.refresh(token, scope="livret:read").json()
    assert less["scope"] == "livret:read"
    again = provider_site.refresh(less["refresh_token"]).json()
    assert "livret:write" in again["scope"]  # the family keeps what was granted


@pytest.mark.parametrize(("idle", "good"), [(6, True), (8, False)])
def test_an_idle_refresh_token_expires(provider_site: ProviderSite, idle: int, good: bool) -> None:
    token = provider_site.tokens()["refresh_token"]
    provider_site.clock.moved = timedelta(days=idle)
    assert (provider_site.refresh(token).status_code == 200) is good


def test_a_family_ends_thirty_days_after_the_sign_in(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["refresh_token"]
    for days in (6, 12, 18, 24, 29):
        provider_site.clock.moved = timedelta(days=days)
        token = provider_site.refresh(token).json()["refresh_token"]
    provider_site.clock.moved = timedelta(days=31)
    assert provider_site.refresh(token).json()["error"] == "invalid_grant"


@pytest.mark.parametrize("token", ["", "unknown", "x" * 5000])
def test_what_is_no_refresh_token_is_refused(provider_site: ProviderSite, token: str) -> None:
    assert provider_site.refresh(token).status_code == 400

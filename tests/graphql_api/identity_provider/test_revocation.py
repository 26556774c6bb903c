"""Revocation, and userinfo until it."""

from datetime import timedelta

import pytest

from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.oauth.grants import revoke_all
from tests.graphql_api.identity_provider.issuer import ProviderSite, basic


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "nonsense"])
def test_revoking_either_token_ends_the_grant(
    provider_site: ProviderSite, kind: str, hint: str | None
) -> None:
    tokens, other = provider_site.tokens(), provider_site.tokens()
    hinted = {"token_type_hint": hint} if hint else {}
    answer = provider_site.revoke(tokens[kind], **hinted)
    assert (answer.status_code, answer.json()) == (200, {})
    assert provider_site.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert provider_site.userinfo(tokens["access_token"]).status_code == 401
    assert provider_site.userinfo(other["access_token"]).status_code == 200


def test_revoking_what_is_not_a_token_changes_nothing(provider_site: ProviderSite) -> None:
    assert provider_site.revoke("unknown").status_code == 200
    assert provider_site.revoke("").json()["error"] == "invalid_request"


def test_a_token_of_another_front_end_is_not_revoked(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens()
    other = provider_site.register(name="Autre").client_id
    for kind in ("access_token", "refresh_token"):
        answer = provider_site.revoke(tokens[kind], client_id=other)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert provider_site.userinfo(tokens["access_token"]).status_code == 200


def test_whoever_revokes_proves_who_it_is(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    token = provider_site.tokens()["access_token"]
    answer = provider_site.revoke(token, client_id=machine.client_id)
    assert answer.json()["error"] == "invalid_client"
    assert provider_site.revoke(token, client_id="unknown").json()["error"] == "invalid_client"


def test_a_machine_cannot_revoke_what_stands_nowhere(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    headers = basic(machine.client_id, machine.secret)
    ask = {"grant_type": "client_credentials", "scope": "livret:summary"}
    token = provider_site.token(headers, **ask).json()["access_token"]
    answer = provider_site.client.post("/oauth/revoke", data={"token": token}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")
    assert provider_site.userinfo(token).status_code == 403


def test_all_that_somebody_granted_ends_at_once(provider_site: ProviderSite) -> None:
    tokens = [provider_site.tokens(), provider_site.tokens()]
    with provider_site.store.writing():
        assert revoke_all(provider_site.store, "maelle", provider_site.moment) == 2
    assert {provider_site.userinfo(one["access_token"]).status_code for one in tokens} == {401}


def test_userinfo_tells_what_the_scopes_cover(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens(scope="openid email livret:read")
    known = provider_site.userinfo(tokens["access_token"]).json()
    assert known == {"sub": "maelle", "email": "maelle@example.org", "email_verified": True}
    tokens = provider_site.tokens(scope="openid profile")
    known = provider_site.userinfo(tokens["access_token"]).json()
    assert known == {"sub": "maelle", "given_name": "Maëlle"}


def test_userinfo_needs_openid_and_a_good_access_token(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens()
    unscoped = provider_site.tokens(scope="livret:read email")["access_token"]
    assert provider_site.userinfo(unscoped).status_code == 403
    for bad in (tokens["id_token"], tokens["refresh_token"], "x", "a.b.c", "é"):
        answer = provider_site.client.get(
            "/oauth/userinfo", headers={"authorization": f"Bearer {bad}".encode()}
        )
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    bare = provider_site.client.get("/oauth/userinfo")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, "Bearer")
    posted = provider_site.client.post(
        "/oauth/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}
    )
    assert posted.status_code == 200


def test_userinfo_tells_nothing_to_a_client_that_was_removed(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["access_token"]
    assert provider_site.userinfo(token).status_code == 200
    with provider_site.store.writing():
        assert clients.disable(provider_site.store, provider_site.front_end, provider_site.moment)
    answer = provider_site.userinfo(token)
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})


def test_an_access_token_is_good_for_ten_minutes(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["access_token"]
    provider_site.clock.moved = timedelta(seconds=599)
    assert provider_site.userinfo(token).status_code == 200
    provider_site.clock.moved = timedelta(seconds=602)
    assert provider_site.userinfo(token).status_code == 401

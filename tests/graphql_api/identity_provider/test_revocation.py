"""Revocation, and userinfo until it."""

from datetime import timedelta

import pytest

from graphql_api.identity_provider.grants import revoke_all
from tests.graphql_api.identity_provider.issuer import Place, basic


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
@pytest.mark.parametrize("hint", [None, "access_token", "refresh_token", "nonsense"])
def test_revoking_either_token_ends_the_grant(place: Place, kind: str, hint: str | None) -> None:
    tokens, other = place.tokens(), place.tokens()
    hinted = {"token_type_hint": hint} if hint else {}
    answer = place.revoke(tokens[kind], **hinted)
    assert (answer.status_code, answer.json()) == (200, {})
    assert place.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.userinfo(tokens["access_token"]).status_code == 401
    assert place.userinfo(other["access_token"]).status_code == 200


def test_revoking_what_is_not_a_token_changes_nothing(place: Place) -> None:
    assert place.revoke("unknown").status_code == 200
    assert place.revoke("").json()["error"] == "invalid_request"


def test_a_token_of_another_front_end_is_not_revoked(place: Place) -> None:
    tokens = place.tokens()
    other = place.register(name="Autre").client_id
    for kind in ("access_token", "refresh_token"):
        answer = place.revoke(tokens[kind], client_id=other)
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_grant")
    assert place.userinfo(tokens["access_token"]).status_code == 200


def test_whoever_revokes_proves_who_it_is(place: Place) -> None:
    machine = place.machine()
    token = place.tokens()["access_token"]
    answer = place.revoke(token, client_id=machine.client_id)
    assert answer.json()["error"] == "invalid_client"
    assert place.revoke(token, client_id="unknown").json()["error"] == "invalid_client"


def test_a_machine_cannot_revoke_what_stands_nowhere(place: Place) -> None:
    machine = place.machine()
    headers = basic(machine.client_id, machine.secret)
    ask = {"grant_type": "client_credentials", "scope": "livret:summary"}
    token = place.token(headers, **ask).json()["access_token"]
    answer = place.client.post("/oauth/revoke", data={"token": token}, headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_token_type")
    assert place.userinfo(token).status_code == 403


def test_all_that_somebody_granted_ends_at_once(place: Place) -> None:
    tokens = [place.tokens(), place.tokens()]
    with place.store.writing():
        assert revoke_all(place.store, "maelle", place.moment) == 2
    assert {place.userinfo(one["access_token"]).status_code for one in tokens} == {401}


def test_userinfo_tells_what_the_scopes_cover(place: Place) -> None:
    tokens = place.tokens(scope="openid email livret:read")
    known = place.userinfo(tokens["access_token"]).json()
    assert known == {"sub": "maelle", "email": "maelle@example.org", "email_verified": True}
    tokens = place.tokens(scope="openid profile")
    known = place.userinfo(tokens["access_token"]).json()
    assert known == {"sub": "maelle", "given_name": "Maëlle"}


def test_userinfo_needs_openid_and_a_good_access_token(place: Place) -> None:
    tokens = place.tokens()
    unscoped = place.tokens(scope="livret:read email")["access_token"]
    assert place.userinfo(unscoped).status_code == 403
    for bad in (tokens["id_token"], tokens["refresh_token"], "x", "a.b.c", "é"):
        answer = place.client.get(
            "/oauth/userinfo", headers={"authorization": f"Bearer {bad}".encode()}
        )
        assert answer.status_code == 401
        assert 'error="invalid_token"' in answer.headers["www-authenticate"]
    bare = place.client.get("/oauth/userinfo")
    assert (bare.status_code, bare.headers["www-authenticate"]) == (401, "Bearer")
    posted = place.client.post(
        "/oauth/userinfo", headers={"authorization": f"Bearer {tokens['access_token']}"}
    )
    assert posted.status_code == 200


def test_an_access_token_is_good_for_ten_minutes(place: Place) -> None:
    token = place.tokens()["access_token"]
    place.clock.moved = timedelta(seconds=599)
    assert place.userinfo(token).status_code == 200
    place.clock.moved = timedelta(seconds=602)
    assert place.userinfo(token).status_code == 401

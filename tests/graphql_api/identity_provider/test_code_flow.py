"""A person signs in at a front end: the code, PKCE, refusals, the claims of tokens."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest
from joserfc.jwk import OctKey

from graphql_api.callers.credentials import Credentials, InvalidTokenError
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.storage.actors import Agent
from tests.graphql_api.identity_provider.issuer import (
    AUDIENCE,
    BACK,
    ISSUER,
    SCOPE,
    VERIFIER,
    Place,
    challenge,
    query,
)


def test_a_sign_in_gives_tokens(place: Place) -> None:
    place.sign_in()
    back = query(place.authorize())
    assert set(back) == {"code", "state", "iss"}
    assert (back["state"], back["iss"]) == ('a "state"', ISSUER)
    answer = place.redeem(back["code"])
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-store"
    tokens = answer.json()
    assert set(tokens) == {
        "access_token",
        "expires_in",
        "id_token",
        "refresh_token",
        "scope",
        "token_type",
    }
    assert (tokens["token_type"], tokens["expires_in"]) == ("Bearer", 600)
    assert tokens["scope"] == SCOPE


def test_the_access_token_is_an_rfc_9068_token_of_ten_minutes(place: Place) -> None:
    token = place.read(place.tokens()["access_token"])
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "ES256")
    claims = token.claims
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["iss"], claims["aud"]) == (ISSUER, AUDIENCE)
    assert (claims["sub"], claims["client_id"]) == ("maelle", place.front_end)
    assert claims["scope"] == SCOPE
    assert claims["amr"] == ["pwd"]
    assert claims["jti"]


def test_the_id_token_is_for_the_front_end(place: Place) -> None:
    tokens = place.tokens(nonce="n-42")
    token = place.read(tokens["id_token"])
    claims = token.claims
    assert token.header["typ"] == "JWT"
    assert claims["iss"] == ISSUER
    assert claims["aud"] == place.front_end
    assert claims["nonce"] == "n-42"
    assert claims["sub"] == "maelle"
    assert claims["auth_time"] <= claims["iat"]
    assert "email" not in claims
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")


def test_without_openid_there_is_no_id_token(place: Place) -> None:
    tokens = place.tokens(scope="livret:read")
    assert "id_token" not in tokens
    assert "refresh_token" not in tokens


def test_the_api_accepts_the_access_token(place: Place) -> None:
    keys = TokenKeys(place.keys, place.clock)
    credentials = Credentials(ISSUER, ISSUER, AUDIENCE, keys, OctKey.generate_key(256), place.clock)
    tokens = place.tokens()
    actor = credentials.actor(f"Bearer {tokens['access_token']}")
    assert isinstance(actor, Agent)
    assert (actor.issuer, actor.subject) == (ISSUER, "maelle")
    assert actor.scopes == frozenset(SCOPE.split())
    assert actor.signed_in_at == place.read(tokens["id_token"]).claims["auth_time"]
    with pytest.raises(InvalidTokenError):
        credentials.actor(f"Bearer {tokens['id_token']}")


def test_a_confidential_front_end_proves_itself_and_needs_pkce_too(place: Place) -> None:
    site = place.register(confidential=True)
    place.front_end = site.client_id
    assert place.redeem(place.code(), client_secret=site.secret).status_code == 200
    assert place.redeem(place.code()).json()["error"] == "invalid_client"
    wrong = place.redeem(place.code(), client_secret="x" * 43)
    assert wrong.json()["error"] == "invalid_client"
    refused = query(place.authorize(code_challenge=None, code_challenge_method=None))
    assert refused["error"] == "invalid_request"
    without = place.redeem(place.code(), client_secret=site.secret, code_verifier=None)
    assert (without.status_code, without.json()["error"]) == (400, "invalid_request")


@pytest.mark.parametrize(
    "changes",
    [
        {"code_challenge": None, "code_challenge_method": None},
        {"code_challenge": None},
        {"code_challenge_method": None},
        {"code_challenge_method": "plain"},
        {"code_challenge_method": "plain", "code_challenge": VERIFIER},
        {"code_challenge_method": "s256"},
        {"code_challenge": "short"},
        {"code_challenge": "x" * 44},
        {"code_challenge": "é" * 43},
        {"code_challenge": "!" * 43},
    ],
)
def test_without_pkce_by_s256_there_is_no_code(place: Place, changes: dict[str, Any]) -> None:
    place.sign_in()
    answer = place.authorize(**changes)
    if answer.status_code == 400:  # not even a parameter of the protocol
        assert "location" not in answer.headers
        return
    refused = query(answer)
    assert refused["error"] == "invalid_request"
    assert refused["iss"] == ISSUER
    assert "code" not in refused


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code_verifier": None}, "invalid_request"),
        ({"code_verifier": "x" * 43}, "invalid_grant"),
        ({"code_verifier": challenge(VERIFIER)}, "invalid_grant"),
        ({"code_verifier": "short"}, "invalid_request"),
        ({"redirect_uri": f"{BACK}/"}, "invalid_grant"),
        ({"redirect_uri": None}, "invalid_grant"),
        ({"code": "unknown"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "livret:read"}, "invalid_client"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
def test_a_code_is_redeemed_only_as_it_was_asked_for(
    place: Place, changes: dict[str, Any], error: str
) -> None:
    code = place.code()
    answer = place.redeem(code, **changes)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error
    assert place.redeem(code).status_code == 200  # it was not used up by somebody else's error


def test_a_code_of_another_front_end_is_refused(place: Place) -> None:
    code = place.code()
    other = place.register(name="Autre").client_id
    assert place.redeem(code, client_id=other).json()["error"] == "invalid_grant"
    assert place.redeem(code).status_code == 200


def test_a_code_lives_for_a_minute(place: Place) -> None:
    code = place.code()
    place.clock.moved = timedelta(seconds=61)
    assert place.redeem(code).json()["error"] == "invalid_grant"


def test_reuse_of_a_code_kills_its_tokens(place: Place) -> None:
    code = place.code()
    tokens = place.redeem(code).json()
    assert place.userinfo(tokens["access_token"]).status_code == 200
    assert place.redeem(code).json()["error"] == "invalid_grant"
    assert place.userinfo(tokens["access_token"]).status_code == 401
    assert place.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_account_that_is_no_more_gets_no_token(place: Place) -> None:
    code = place.code()
    tokens = place.tokens()
    place.accounts.known.clear()
    assert place.redeem(code).json()["error"] == "invalid_grant"
    assert place.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert place.userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.parametrize("scope", [None, "", "openid admin", "livret:summary", "openid livret:*"])
def test_a_scope_that_the_front_end_does_not_have_is_refused(
    place: Place, scope: str | None
) -> None:
    place.sign_in()
    refused = query(place.authorize(scope=scope))
    assert (refused["error"], refused["iss"]) == ("invalid_scope", ISSUER)


def test_secrets_stand_hashed_in_the_tables(place: Place) -> None:
    code = place.code()
    refresh = place.redeem(code).json()["refresh_token"]
    for table, column, secret in [
        ("code", "code_hash", code),
        ("refresh_token", "token_hash", refresh),
    ]:
        (row,) = place.rows(f"SELECT * FROM idp_{table}")
        assert secret not in str(row)
        ((hashed,),) = place.rows(f"SELECT {column} FROM idp_{table}")
        assert hashed == hashlib.sha256(secret.encode()).hexdigest()

"""A person signs in at a front end: the code, PKCE, refusals, the claims of tokens."""

import base64
import hashlib
from datetime import timedelta
from typing import Any

import pytest

from graphql_api.callers.credentials import Credentials, InvalidTokenError
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.storage.actors import Agent
from tests.graphql_api.identity_provider.issuer import (
    AUDIENCE,
    BACK,
    ISSUER,
    SCOPE,
    VERIFIER,
    ProviderSite,
    challenge,
    query,
)
from tests.keys import service_keys


def test_a_sign_in_gives_tokens(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    back = query(provider_site.authorize())
    assert set(back) == {"code", "state", "iss"}
    assert (back["state"], back["iss"]) == ('a "state"', ISSUER)
    answer = provider_site.redeem(back["code"])
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


def test_the_access_token_is_an_rfc_9068_token_of_ten_minutes(provider_site: ProviderSite) -> None:
    token = provider_site.read(provider_site.tokens()["access_token"])
    assert (token.header["typ"], token.header["alg"]) == ("at+jwt", "ES256")
    claims = token.claims
    assert claims["exp"] - claims["iat"] == 600
    assert (claims["iss"], claims["aud"]) == (ISSUER, AUDIENCE)
    assert (claims["sub"], claims["client_id"]) == ("maelle", provider_site.front_end)
    assert claims["scope"] == SCOPE
    assert claims["amr"] == ["pwd"]
    assert claims["jti"]


def test_the_id_token_is_for_the_front_end(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens(nonce="n-42")
    token = provider_site.read(tokens["id_token"])
    claims = token.claims
    assert token.header["typ"] == "JWT"
    assert claims["iss"] == ISSUER
    assert claims["aud"] == provider_site.front_end
    assert claims["nonce"] == "n-42"
    assert claims["sub"] == "maelle"
    assert claims["auth_time"] <= claims["iat"]
    assert "email" not in claims
    half = hashlib.sha256(tokens["access_token"].encode()).digest()[:16]
    assert claims["at_hash"] == base64.urlsafe_b64encode(half).decode().rstrip("=")


def test_without_openid_there_is_no_id_token(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens(scope="livret:read")
    assert "id_token" not in tokens
    assert "refresh_token" not in tokens


def test_the_api_accepts_the_access_token(provider_site: ProviderSite) -> None:
    keys = TokenKeys(provider_site.keys, provider_site.clock)
    credentials = Credentials(ISSUER, ISSUER, AUDIENCE, keys, service_keys, provider_site.clock)
    tokens = provider_site.tokens()
    actor = credentials.actor(f"Bearer {tokens['access_token']}")
    assert isinstance(actor, Agent)
    assert (actor.issuer, actor.subject) == (ISSUER, "maelle")
    assert actor.scopes == frozenset(SCOPE.split())
    assert actor.signed_in_at == provider_site.read(tokens["id_token"]).claims["auth_time"]
    with pytest.raises(InvalidTokenError):
        credentials.actor(f"Bearer {tokens['id_token']}")


def test_a_confidential_front_end_proves_itself_and_needs_pkce_too(
    provider_site: ProviderSite,
) -> None:
    site = provider_site.register(confidential=True)
    provider_site.front_end = site.client_id
    assert provider_site.redeem(provider_site.code(), client_secret=site.secret).status_code == 200
    assert provider_site.redeem(provider_site.code()).json()["error"] == "invalid_client"
    wrong = provider_site.redeem(provider_site.code(), client_secret="x" * 43)
    assert wrong.json()["error"] == "invalid_client"
    refused = query(provider_site.authorize(code_challenge=None, code_challenge_method=None))
    assert refused["error"] == "invalid_request"
    without = provider_site.redeem(
        provider_site.code(), client_secret=site.secret, code_verifier=None
    )
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
def test_without_pkce_by_s256_there_is_no_code(
    provider_site: ProviderSite, changes: dict[str, Any]
) -> None:
    provider_site.sign_in()
    answer = provider_site.authorize(**changes)
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
    ],
)
def test_a_code_without_its_verifier_and_its_address_is_used_up(
    provider_site: ProviderSite, changes: dict[str, Any], error: str
) -> None:
    code = provider_site.code()
    answer = provider_site.redeem(code, **changes)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    again = provider_site.redeem(code)
    assert (again.status_code, again.json()["error"]) == (400, "invalid_grant")
    assert provider_site.redeem(provider_site.code()).status_code == 200


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"code": "unknown"}, "invalid_grant"),
        ({"code": None}, "invalid_request"),
        ({"client_id": None}, "invalid_client"),
        ({"client_id": "unknown"}, "invalid_client"),
        ({"grant_type": "password"}, "unsupported_grant_type"),
        ({"grant_type": "client_credentials", "scope": "livret:read"}, "invalid_client"),
        ({"grant_type": None}, "unsupported_grant_type"),
    ],
)
def test_a_request_that_is_not_the_client_s_uses_up_no_code(
    provider_site: ProviderSite, changes: dict[str, Any], error: str
) -> None:
    code = provider_site.code()
    answer = provider_site.redeem(code, **changes)
    assert answer.status_code in (400, 401)
    assert answer.json()["error"] == error
    assert provider_site.redeem(code).status_code == 200


def test_a_code_of_another_front_end_is_refused(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    other = provider_site.register(name="Autre").client_id
    assert provider_site.redeem(code, client_id=other).json()["error"] == "invalid_grant"
    assert provider_site.redeem(code).status_code == 200


def test_a_code_lives_for_a_minute(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    provider_site.clock.moved = timedelta(seconds=61)
    assert provider_site.redeem(code).json()["error"] == "invalid_grant"


def test_reuse_of_a_code_kills_its_tokens(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    tokens = provider_site.redeem(code).json()
    assert provider_site.userinfo(tokens["access_token"]).status_code == 200
    assert provider_site.redeem(code).json()["error"] == "invalid_grant"
    assert provider_site.userinfo(tokens["access_token"]).status_code == 401
    assert provider_site.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"


def test_an_account_that_is_no_more_gets_no_token(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    tokens = provider_site.tokens()
    provider_site.accounts.known.clear()
    assert provider_site.redeem(code).json()["error"] == "invalid_grant"
    assert provider_site.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert provider_site.userinfo(tokens["access_token"]).status_code == 401


@pytest.mark.parametrize("scope", [None, "", "openid admin", "livret:summary", "openid livret:*"])
def test_a_scope_that_the_front_end_does_not_have_is_refused(
    provider_site: ProviderSite, scope: str | None
) -> None:
    provider_site.sign_in()
    refused = query(provider_site.authorize(scope=scope))
    assert (refused["error"], refused["iss"]) == ("invalid_scope", ISSUER)


def test_secrets_stand_hashed_in_the_tables(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    refresh = provider_site.redeem(code).json()["refresh_token"]
    for table, column, secret in [
        ("code", "code_hash", code),
        ("refresh_token", "token_hash", refresh),
    ]:
        (row,) = provider_site.rows(f"SELECT * FROM idp_{table}")
        assert secret not in str(row)
        ((hashed,),) = provider_site.rows(f"SELECT {column} FROM idp_{table}")
        assert hashed == hashlib.sha256(secret.encode()).hexdigest()

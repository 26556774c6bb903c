"""The discovery document; keys rotate without a token being refused."""

from datetime import timedelta

import pytest
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from graphql_api.callers.credentials import Credentials, InvalidTokenError
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.identity_provider import signing_keys
from graphql_api.identity_provider.oauth.provider_context import IssuerSettings
from graphql_api.storage.keys.encryption import DecryptionError
from tests.graphql_api.identity_provider.issuer import AUDIENCE, ISSUER, SETTINGS, ProviderSite
from tests.keys import other_service_keys, service_keys

PATHS = ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server")


@pytest.mark.parametrize("path", PATHS)
def test_discovery_tells_what_is_there(provider_site: ProviderSite, path: str) -> None:
    answer = provider_site.client.get(path, headers={"host": "elsewhere.example"})
    told = answer.json()
    assert told["issuer"] == ISSUER
    addresses = {name: at for name, at in told.items() if name.endswith(("_endpoint", "_uri"))}
    assert len(addresses) >= 5
    for name, value in addresses.items():
        assert value.startswith(f"{ISSUER}/oauth/"), name
        method = "GET" if name in ("jwks_uri", "authorization_endpoint") else "POST"
        assert provider_site.client.request(method, value).status_code not in (404, 405, 500)
    assert told["response_types_supported"] == ["code"]
    assert told["code_challenge_methods_supported"] == ["S256"]
    assert told["id_token_signing_alg_values_supported"] == ["ES256"]
    assert told["authorization_response_iss_parameter_supported"] is True
    assert "none" in told["token_endpoint_auth_methods_supported"]
    assert "private_key_jwt" in told["token_endpoint_auth_methods_supported"]
    assert set(told["scopes_supported"]) == {
        "livret:read",
        "livret:write",
        "livret:summary",
        "rh:codes",
        "openid",
        "email",
        "profile",
        "offline_access",
    }
    assert answer.headers["access-control-allow-origin"] == "*"


@pytest.mark.parametrize("issuer", ["http://livret.example", "livret.example", "ftp://x", ""])
def test_an_issuer_is_https_or_on_this_machine(issuer: str) -> None:
    with pytest.raises(Exception, match="https"):
        IssuerSettings(issuer=issuer, audience=AUDIENCE, service_keys=service_keys)
    IssuerSettings(issuer="http://127.0.0.1:8000", audience=AUDIENCE, service_keys=service_keys)


def rotate(provider_site: ProviderSite, **options: int) -> str:
    provider_site.clock.moved += timedelta(seconds=1)  # after the key that signed before
    with provider_site.store.writing():
        return signing_keys.rotate(
            provider_site.store, SETTINGS.service_keys, provider_site.moment, **options
        )


def test_only_public_parts_are_published(provider_site: ProviderSite) -> None:
    rotate(provider_site)
    told = provider_site.client.get("/oauth/jwks").json()["keys"]
    assert len(told) == 2
    for key in told:
        assert set(key) == {"alg", "crv", "kid", "kty", "use", "x", "y"}


def test_one_key_signs_and_all_are_published(provider_site: ProviderSite) -> None:
    old = provider_site.tokens()
    kid = rotate(provider_site)
    for _ in range(5):  # a key picked at random would show
        new = provider_site.tokens()
        for name in ("access_token", "id_token"):
            assert provider_site.read(new[name]).header["kid"] == kid
    assert provider_site.read(old["access_token"]).header["kid"] != kid
    assert provider_site.userinfo(old["access_token"]).status_code == 200


def test_old_tokens_verify_until_their_key_is_retired(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["access_token"]
    old = provider_site.read(token).header["kid"]
    with provider_site.store.writing(), pytest.raises(signing_keys.KeyInUseError):
        signing_keys.retire(provider_site.store, old, provider_site.moment)
    rotate(provider_site)
    check(provider_site, provider_site.keys(), token)
    with provider_site.store.writing():
        assert signing_keys.retire(provider_site.store, old, provider_site.moment)
        assert not signing_keys.retire(provider_site.store, old, provider_site.moment)
    with pytest.raises(InvalidTokenError):
        check(provider_site, provider_site.keys(), token)
    with pytest.raises(JoseError):
        provider_site.read(token)
    assert provider_site.userinfo(token).status_code == 401
    lines = signing_keys.list_keys(provider_site.store, provider_site.moment)
    assert [(line.signs, line.retired_at is None) for line in lines] == [
        (True, True),
        (False, False),
    ]
    assert provider_site.rows("SELECT COUNT(*) FROM idp_signing_key WHERE wrapped IS NULL") == [
        (1,)
    ]


def check(provider_site: ProviderSite, published: KeySet, token: str) -> None:
    keys = TokenKeys(lambda: published, provider_site.clock)
    credentials = Credentials(ISSUER, ISSUER, AUDIENCE, keys, service_keys, provider_site.clock)
    credentials.actor(f"Bearer {token}")


def test_a_key_may_be_published_before_it_signs(provider_site: ProviderSite) -> None:
    later = provider_site.moment + 3_600_000_000
    kid = rotate(provider_site, signs_from=later)
    assert kid in {key.kid for key in provider_site.keys().keys}
    assert provider_site.read(provider_site.tokens()["access_token"]).header["kid"] != kid
    provider_site.clock.moved = timedelta(hours=2)
    assert provider_site.read(provider_site.tokens()["access_token"]).header["kid"] == kid


def test_the_first_key_is_made_once(provider_site: ProviderSite) -> None:
    with provider_site.store.writing():
        signing_keys.ensure_key(provider_site.store, SETTINGS.service_keys, provider_site.moment)
    assert len(provider_site.keys().keys) == 1


def test_private_keys_stand_wrapped(provider_site: ProviderSite) -> None:
    ((wrapped, public),) = provider_site.rows("SELECT wrapped, public FROM idp_signing_key")
    assert b'"d"' not in bytes(wrapped)
    assert '"d"' not in public
    with provider_site.store.reading(), pytest.raises(DecryptionError):
        signing_keys.current_key(provider_site.store, other_service_keys, provider_site.moment)


def test_without_a_key_nothing_is_signed_and_the_rest_answers(provider_site: ProviderSite) -> None:
    code = provider_site.code()
    provider_site.store.database.execute_sql("DELETE FROM idp_signing_key")
    answer = provider_site.redeem(code)
    assert (answer.status_code, answer.json()["error"]) == (500, "server_error")
    assert provider_site.client.get("/oauth/jwks").json() == {"keys": []}
    with provider_site.store.writing():
        signing_keys.ensure_key(provider_site.store, SETTINGS.service_keys, provider_site.moment)
    assert provider_site.redeem(code).status_code == 200  # the fault undid the use of the code


def test_an_address_with_a_slash_too_many_leads_nowhere(provider_site: ProviderSite) -> None:
    headers = {"host": "interne.example:8000"}
    answer = provider_site.client.post("/oauth/token/", headers=headers, follow_redirects=False)
    assert answer.status_code == 404
    assert "location" not in answer.headers

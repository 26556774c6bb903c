"""Machines ask for tokens of their own: by a secret, or by an assertion that they sign."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from graphql_api.callers.credentials import Credentials
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.identity_provider.oauth.clients import disable
from graphql_api.storage.actors import Machine
from tests.graphql_api.identity_provider.issuer import (
    ASSERTION_TYPE,
    AUDIENCE,
    ISSUER,
    NOW,
    ProviderSite,
    assertion,
    basic,
)
from tests.keys import service_keys

ASK = {"grant_type": "client_credentials", "scope": "livret:summary"}
KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)
PUBLIC = KeySet([KEY]).as_dict(private=True)  # the private part must not be kept


def proven(provider_site: ProviderSite, text: str, **changes: Any) -> Any:
    form = {**ASK, "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}
    return provider_site.token(**form | changes)


def test_a_machine_gets_a_token_by_its_secret_both_ways(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    by_header = provider_site.token(basic(machine.client_id, machine.secret), **ASK)
    by_form = provider_site.token(client_id=machine.client_id, client_secret=machine.secret, **ASK)
    for answer in (by_header, by_form):
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "expires_in", "scope", "token_type"}
        claims = provider_site.read(answer.json()["access_token"]).claims
        assert claims["sub"] == claims["client_id"] == machine.client_id
        assert "auth_time" not in claims
        assert claims["exp"] - claims["iat"] == 600
        keys = TokenKeys(provider_site.keys, provider_site.clock)
        credentials = Credentials(ISSUER, ISSUER, AUDIENCE, keys, service_keys, provider_site.clock)
        actor = credentials.actor(f"Bearer {answer.json()['access_token']}")
        assert actor == Machine(machine.client_id, frozenset({"livret:summary"}))


@pytest.mark.parametrize(
    "header",
    [
        "Basic",
        "Basic !!!",
        "Basic /w==",  # not UTF-8
        "Basic w6k6w6k=",  # not ASCII
        "Basic JTAwOiUwMA==",  # NUL
        "Basic bm9jb2xvbg==",
        "Basic Og==",
        "Bearer x",
    ],
)
def test_a_malformed_proof_is_refused(provider_site: ProviderSite, header: str) -> None:
    provider_site.machine()
    answer = provider_site.token({"authorization": header}, **ASK)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_wrong_secret_is_refused(provider_site: ProviderSite) -> None:
    machine, other = provider_site.machine(), provider_site.machine()
    for secret in (other.secret, "", "wrong", machine.secret + "x"):
        assert provider_site.token(basic(machine.client_id, secret), **ASK).status_code == 401


def test_a_client_proves_itself_in_one_way(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    headers = basic(machine.client_id, machine.secret)
    answer = provider_site.token(headers, client_secret=machine.secret, **ASK)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_disabled_machine_gets_nothing(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    with provider_site.store.writing():
        assert disable(provider_site.store, machine.client_id, provider_site.moment)
        assert not disable(provider_site.store, machine.client_id, provider_site.moment)
    assert provider_site.token(basic(machine.client_id, machine.secret), **ASK).status_code == 401


@pytest.mark.parametrize("scope", [None, "livret:read", "livret:summary openid", "rh:codes"])
def test_a_machine_gets_its_own_scopes_only(provider_site: ProviderSite, scope: str | None) -> None:
    machine = provider_site.machine()
    answer = provider_site.token(basic(machine.client_id, machine.secret), **ASK | {"scope": scope})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_machine_gets_no_code(provider_site: ProviderSite) -> None:
    machine = provider_site.machine()
    provider_site.sign_in()
    assert provider_site.authorize(client_id=machine.client_id).status_code == 400
    headers = basic(machine.client_id, machine.secret)
    answer = provider_site.token(headers, grant_type="authorization_code", code="x")
    assert answer.json()["error"] == "unauthorized_client"


def test_a_machine_gets_a_token_by_its_assertion(provider_site: ProviderSite) -> None:
    machine = provider_site.machine(keys=PUBLIC)
    assert machine.secret is None
    answer = proven(provider_site, assertion(KEY, machine.client_id))
    assert answer.status_code == 200, answer.text
    at_endpoint = assertion(KEY, machine.client_id, aud=[f"{ISSUER}/oauth/token"])
    assert proven(provider_site, at_endpoint, client_id=machine.client_id).status_code == 200
    ((kept,),) = provider_site.rows("SELECT keys FROM idp_client WHERE keys IS NOT NULL")
    assert '"d"' not in kept


def test_an_assertion_is_good_once(provider_site: ProviderSite) -> None:
    machine = provider_site.machine(keys=PUBLIC)
    text = assertion(KEY, machine.client_id, jti="one")
    assert proven(provider_site, text).status_code == 200
    assert proven(provider_site, text).json()["error"] == "invalid_client"
    again = assertion(KEY, machine.client_id, jti="one", nbf=1)
    assert proven(provider_site, again).json()["error"] == "invalid_client"
    other = provider_site.machine(keys=PUBLIC)
    assert proven(provider_site, assertion(KEY, other.client_id, jti="one")).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"aud": "https://elsewhere.example"},
        {"aud": [ISSUER, "https://elsewhere.example"]},
        {"aud": f"{ISSUER}/oauth/revoke"},
        {"aud": ...},
        {"aud": 5},
        {"aud": []},
        {"iss": "client-other"},
        {"iss": ...},
        {"sub": "client-other"},
        {"sub": ...},
        {"sub": ["x"]},
        {"sub": "\x00"},
        {"exp": 1},
        {"exp": NOW + 3600},
        {"exp": "soon"},
        {"exp": ...},
        {"iat": NOW + 600},
        {"nbf": NOW + 600},
        {"nbf": "x"},
        {"jti": ...},
        {"jti": ""},
        {"jti": 5},
    ],
)
def test_an_assertion_that_says_anything_else_is_refused(
    provider_site: ProviderSite, changes: dict[str, Any]
) -> None:
    machine = provider_site.machine(keys=PUBLIC)
    answer = proven(provider_site, assertion(KEY, machine.client_id, **changes))
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_an_assertion_by_another_key_or_algorithm_is_refused(provider_site: ProviderSite) -> None:
    machine = provider_site.machine(keys=PUBLIC)
    claims = {"iss": machine.client_id, "sub": machine.client_id, "aud": ISSUER}
    claims |= {"exp": NOW + 60, "jti": "x"}
    secret = OctKey.import_key(b"what everybody can read of the public key")
    forged = [
        assertion(OTHER, machine.client_id),
        assertion(OTHER, machine.client_id, {"kid": KEY.kid}),
        assertion(KEY, machine.client_id, {"kid": "unknown"}),
        jwt.encode({"alg": "HS256"}, claims, secret, ["HS256"]),
        jwt.encode({"alg": "RS256"}, claims, RSAKey.generate_key(2048), ["RS256"]),
        "eyJhbGciOiJub25lIn0." + assertion(KEY, machine.client_id).split(".")[1] + ".",
        "not a token",
        "a.b.c",
        "..",
        "é.é.é",
    ]
    for text in forged:
        answer = proven(provider_site, text)
        assert answer.status_code in (400, 401), text
        assert "access_token" not in answer.json()


def test_an_assertion_does_not_stand_for_a_secret_nor_a_secret_for_it(
    provider_site: ProviderSite,
) -> None:
    with_secret, with_key = provider_site.machine(), provider_site.machine(keys=PUBLIC)
    assert proven(provider_site, assertion(KEY, with_secret.client_id)).status_code == 401
    assert provider_site.token(basic(with_key.client_id, "x"), **ASK).status_code == 401
    assert provider_site.token(client_id=with_key.client_id, **ASK).status_code == 401
    answer = proven(
        provider_site, assertion(KEY, with_key.client_id), client_id=with_secret.client_id
    )
    assert answer.status_code == 401

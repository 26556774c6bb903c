"""Machines ask for tokens of their own: by a secret, or by an assertion that they sign."""

from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OctKey, RSAKey

from graphql_api.callers.credentials import Credentials
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.identity_provider.clients import disable
from graphql_api.storage.actors import Machine
from tests.graphql_api.identity_provider.issuer import (
    ASSERTION_TYPE,
    AUDIENCE,
    ISSUER,
    NOW,
    Place,
    assertion,
    basic,
)

ASK = {"grant_type": "client_credentials", "scope": "livret:summary"}
KEY = ECKey.generate_key("P-256", auto_kid=True)
OTHER = ECKey.generate_key("P-256", auto_kid=True)
PUBLIC = KeySet([KEY]).as_dict(private=True)  # the private part must not be kept


def proven(place: Place, text: str, **changes: Any) -> Any:
    form = {**ASK, "client_assertion_type": ASSERTION_TYPE, "client_assertion": text}
    return place.token(**form | changes)


def test_a_machine_gets_a_token_by_its_secret_both_ways(place: Place) -> None:
    machine = place.machine()
    by_header = place.token(basic(machine.client_id, machine.secret), **ASK)
    by_form = place.token(client_id=machine.client_id, client_secret=machine.secret, **ASK)
    for answer in (by_header, by_form):
        assert answer.status_code == 200
        assert set(answer.json()) == {"access_token", "expires_in", "scope", "token_type"}
        claims = place.read(answer.json()["access_token"]).claims
        assert claims["sub"] == claims["client_id"] == machine.client_id
        assert "auth_time" not in claims
        assert claims["exp"] - claims["iat"] == 600
        keys = TokenKeys(place.keys, place.clock)
        credentials = Credentials(
            ISSUER, ISSUER, AUDIENCE, keys, OctKey.generate_key(256), place.clock
        )
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
def test_a_malformed_proof_is_refused(place: Place, header: str) -> None:
    place.machine()
    answer = place.token({"authorization": header}, **ASK)
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"
    assert answer.headers["www-authenticate"].startswith("Basic")


def test_a_wrong_secret_is_refused(place: Place) -> None:
    machine, other = place.machine(), place.machine()
    for secret in (other.secret, "", "wrong", machine.secret + "x"):
        assert place.token(basic(machine.client_id, secret), **ASK).status_code == 401


def test_a_client_proves_itself_in_one_way(place: Place) -> None:
    machine = place.machine()
    headers = basic(machine.client_id, machine.secret)
    answer = place.token(headers, client_secret=machine.secret, **ASK)
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


def test_a_disabled_machine_gets_nothing(place: Place) -> None:
    machine = place.machine()
    with place.store.writing():
        assert disable(place.store, machine.client_id, place.moment)
        assert not disable(place.store, machine.client_id, place.moment)
    assert place.token(basic(machine.client_id, machine.secret), **ASK).status_code == 401


@pytest.mark.parametrize("scope", [None, "livret:read", "livret:summary openid", "rh:codes"])
def test_a_machine_gets_its_own_scopes_only(place: Place, scope: str | None) -> None:
    machine = place.machine()
    answer = place.token(basic(machine.client_id, machine.secret), **ASK | {"scope": scope})
    assert (answer.status_code, answer.json()["error"]) == (400, "invalid_scope")


def test_a_machine_gets_no_code(place: Place) -> None:
    machine = place.machine()
    place.sign_in()
    assert place.authorize(client_id=machine.client_id).status_code == 400
    headers = basic(machine.client_id, machine.secret)
    answer = place.token(headers, grant_type="authorization_code", code="x")
    assert answer.json()["error"] == "unauthorized_client"


def test_a_machine_gets_a_token_by_its_assertion(place: Place) -> None:
    machine = place.machine(keys=PUBLIC)
    assert machine.secret is None
    answer = proven(place, assertion(KEY, machine.client_id))
    assert answer.status_code == 200, answer.text
    at_endpoint = assertion(KEY, machine.client_id, aud=[f"{ISSUER}/oauth/token"])
    assert proven(place, at_endpoint, client_id=machine.client_id).status_code == 200
    ((kept,),) = place.rows("SELECT keys FROM idp_client WHERE keys IS NOT NULL")
    assert '"d"' not in kept


def test_an_assertion_is_good_once(place: Place) -> None:
    machine = place.machine(keys=PUBLIC)
    text = assertion(KEY, machine.client_id, jti="one")
    assert proven(place, text).status_code == 200
    assert proven(place, text).json()["error"] == "invalid_client"
    again = assertion(KEY, machine.client_id, jti="one", nbf=1)
    assert proven(place, again).json()["error"] == "invalid_client"
    other = place.machine(keys=PUBLIC)
    assert proven(place, assertion(KEY, other.client_id, jti="one")).status_code == 200


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
    place: Place, changes: dict[str, Any]
) -> None:
    machine = place.machine(keys=PUBLIC)
    answer = proven(place, assertion(KEY, machine.client_id, **changes))
    assert answer.status_code == 401
    assert answer.json()["error"] == "invalid_client"


def test_an_assertion_by_another_key_or_algorithm_is_refused(place: Place) -> None:
    machine = place.machine(keys=PUBLIC)
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
        answer = proven(place, text)
        assert answer.status_code in (400, 401), text
        assert "access_token" not in answer.json()


def test_an_assertion_does_not_stand_for_a_secret_nor_a_secret_for_it(place: Place) -> None:
    with_secret, with_key = place.machine(), place.machine(keys=PUBLIC)
    assert proven(place, assertion(KEY, with_secret.client_id)).status_code == 401
    assert place.token(basic(with_key.client_id, "x"), **ASK).status_code == 401
    assert place.token(client_id=with_key.client_id, **ASK).status_code == 401
    answer = proven(place, assertion(KEY, with_key.client_id), client_id=with_secret.client_id)
    assert answer.status_code == 401

"""The claims and signatures of ID tokens that are accepted."""

import math
from typing import Any

import pytest
from joserfc.jwk import OctKey

from tests.graphql_api.openid_client.provider import (
    EC,
    NOW,
    OTHER_EC,
    RSA,
    SUBJECT,
    OpenIdProviderOfTests,
    refusal,
    signed_in,
    with_,
)


def test_an_honest_sign_in_says_who_when_and_how() -> None:
    who = signed_in(OpenIdProviderOfTests())
    assert (who.issuer, who.subject) == ("https://op.example", SUBJECT)
    assert who.signed_in_at == NOW - 5
    assert (who.acr, who.amr) == ("eidas1", ("pwd",))
    assert who.claims["email"] == "CANARY@example.org"
    assert who.id_token.count(".") == 2


@pytest.mark.parametrize("key", [EC, RSA])
def test_both_usual_algorithms_are_accepted(key: Any) -> None:
    assert signed_in(OpenIdProviderOfTests(key=key)).subject == SUBJECT


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"aud": ["other"], "azp": "livret"}, "audience"),
        ({"aud": "other"}, "audience"),
        ({"aud": ...}, "audience"),
        ({"aud": []}, "audience"),
        ({"aud": ["livret", "other"]}, "audience"),  # no azp says for whom it was
        ({"aud": ["livret", "other"], "azp": "other"}, "audience"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": "https://op.example/"}, "issuer"),
        ({"iss": ...}, "issuer"),
        ({"iss": ["https://op.example"]}, "issuer"),
        ({"nonce": "another"}, "nonce"),
        ({"nonce": ...}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"exp": NOW - 10}, "lifetime"),
        ({"exp": ...}, "claims"),
        ({"exp": "tomorrow"}, "claims"),
        ({"exp": math.nan}, "claims"),
        ({"iat": ...}, "claims"),
        ({"iat": NOW + 300}, "claims"),
        ({"nbf": NOW + 300}, "claims"),
        ({"sub": ...}, "claims"),
        ({"sub": ""}, "claims"),
        ({"sub": 12}, "claims"),
        ({"sub": "a" * 256}, "claims"),
        ({"sub": "nul\0"}, "claims"),
        ({"sub": "é"}, "claims"),
        ({"auth_time": "noon"}, "auth_time"),
        ({"auth_time": True}, "auth_time"),
        ({"auth_time": -1}, "auth_time"),
        ({"auth_time": NOW + 300}, "auth_time"),
        ({"auth_time": math.inf}, "auth_time"),
        ({"acr": ["eidas1"]}, "acr"),
        ({"acr": "eidas1\0"}, "acr"),
        ({"acr": "éidas"}, "acr"),
        ({"amr": "pwd"}, "claims"),
        ({"at_hash": "not-of-this-token"}, "claims"),
        ({"at_hash": 5}, "claims"),
    ],
)
def test_a_claim_that_is_not_as_it_must_be_refuses_the_sign_in(
    claims: dict[str, Any], code: str
) -> None:
    assert refusal(OpenIdProviderOfTests(claims=with_(**claims))) == code


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["livret"]},
        {"aud": ["livret", "other"], "azp": "livret"},
        {"exp": NOW + 1, "iat": NOW + 3},  # within the leeway
        {"acr": ..., "amr": ..., "auth_time": ...},
    ],
)
def test_a_claim_may_be_in_another_permitted_form(claims: dict[str, Any]) -> None:
    assert signed_in(OpenIdProviderOfTests(claims=with_(**claims))).subject == SUBJECT


def test_a_token_of_one_minute_is_accepted_until_it_ends() -> None:
    for ends, good in ((-6, False), (-5, False), (-4, True), (60, True)):
        op = OpenIdProviderOfTests(claims=with_(exp=NOW + ends, iat=NOW + ends - 60))
        assert signed_in(op).subject == SUBJECT if good else refusal(op) == "lifetime"


def test_an_unsigned_token_is_refused_although_discovery_advertises_none() -> None:
    op = OpenIdProviderOfTests(tokens=with_(id_token="eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."))
    assert refusal(op) == "signature"


def test_a_signature_with_the_client_secret_is_refused() -> None:
    key = OctKey.import_key("s" * 32, {"alg": "HS256", "kid": EC.kid or ""})
    assert refusal(OpenIdProviderOfTests(key=key)) == "signature"


def test_an_algorithm_that_the_settings_do_not_name_is_refused() -> None:
    assert refusal(OpenIdProviderOfTests(), id_token_algorithms=("RS256",)) == "signature"
    assert signed_in(OpenIdProviderOfTests(key=RSA), id_token_algorithms=("RS256",))


def test_a_signature_by_a_key_that_is_not_published_is_refused() -> None:
    assert refusal(OpenIdProviderOfTests(key=OTHER_EC)) == "signature"
    claims_to_be_the_other = with_(kid=EC.kid)
    assert (
        refusal(OpenIdProviderOfTests(key=OTHER_EC, header=claims_to_be_the_other)) == "signature"
    )


@pytest.mark.parametrize("header", [{"crit": ["b64"], "b64": False}, {"crit": ["x"], "x": 1}])
def test_a_critical_header_that_is_not_understood_is_refused(header: dict[str, Any]) -> None:
    op = OpenIdProviderOfTests()
    honest = op.tokens

    def with_header(said: dict[str, Any]) -> Any:
        from joserfc.util import json_b64encode

        _header, payload, signature = said["id_token"].split(".")
        forged = json_b64encode({"alg": "ES256", "kid": EC.kid} | header).decode()
        return honest(said) | {"id_token": f"{forged}.{payload}.{signature}"}

    op.tokens = with_header
    assert refusal(op) == "signature"


@pytest.mark.parametrize(
    "token",
    [
        "x",
        "a.b.c",
        "WyJhbGciXQ.e30.AAAA",  # the header is the list ["alg"]
        "bnVsbA.e30.AAAA",
        "eyJhbGciOlsiRVMyNTYiXX0.e30.AAAA",  # the algorithm is a list
        "eyJhbGciOiJFUzI1NiIsImtpZCI6NX0.e30.AAAA",  # the key id is a number
        "." * 1_000,
        "a" * 99_000,
    ],
)
def test_what_is_no_token_is_refused(token: str) -> None:
    assert refusal(OpenIdProviderOfTests(tokens=with_(id_token=token))) == "signature"


def test_a_signed_payload_that_nests_deeply_is_refused() -> None:
    deep: Any = []
    for _ in range(900):
        deep = [deep]
    assert refusal(OpenIdProviderOfTests(claims=with_(sub=deep))) in ("signature", "claims")


@pytest.mark.parametrize("token", [..., None, "", 5, {"a": 1}, "é", "a b"])
def test_no_id_token_is_no_sign_in(token: Any) -> None:
    assert refusal(OpenIdProviderOfTests(tokens=with_(id_token=token))) == "no_id_token"


def test_the_level_must_be_among_those_that_are_accepted() -> None:
    levels = ("eidas2", "eidas3")
    assert refusal(OpenIdProviderOfTests(), accepted_acr=levels) == "acr"
    assert refusal(OpenIdProviderOfTests(claims=with_(acr=...)), accepted_acr=levels) == "acr"
    strong = OpenIdProviderOfTests(claims=with_(acr="eidas2"))
    assert signed_in(strong, accepted_acr=levels).acr == "eidas2"


def test_a_recent_sign_in_that_was_asked_for_must_be_stated_and_true() -> None:
    recent = {"max_age": "60"}
    assert signed_in(OpenIdProviderOfTests(), extra=recent).subject == SUBJECT
    older = OpenIdProviderOfTests(claims=with_(auth_time=NOW - 120))
    assert refusal(older, extra=recent) == "auth_time"
    assert signed_in(older, extra={"max_age": "3600"}).signed_in_at == NOW - 120
    silent = OpenIdProviderOfTests(claims=with_(auth_time=...))
    assert refusal(silent, extra=recent) == "auth_time"
    assert refusal(silent, extra={"max_age": "0"}) == "auth_time"

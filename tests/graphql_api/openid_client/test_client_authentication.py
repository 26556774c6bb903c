"""Client authentication at a provider, the authorization request, and the logout."""

import asyncio
import base64
import json
from typing import Any
from urllib.parse import parse_qs, quote_plus, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey
from starlette.responses import JSONResponse

from tests.graphql_api.openid_client.provider import (
    BACK,
    EC,
    NOW,
    RSA,
    SECRET,
    SUBJECT,
    OpenIdProviderOfTests,
    fault,
    refusal,
    signed_in,
    visit,
    with_,
)


def test_a_secret_goes_into_the_form() -> None:
    op = OpenIdProviderOfTests()
    signed_in(op, auth_method="client_secret_post")
    assert (op.form["client_id"], op.form["client_secret"]) == ("livret", SECRET)
    assert op.form["redirect_uri"] == BACK


def test_a_secret_goes_into_the_header_encoded_as_in_a_form() -> None:
    op = OpenIdProviderOfTests()
    signed_in(op, auth_method="client_secret_basic")
    (request,) = [one for one in op.requests if one.url.path == "/token"]
    scheme, _, encoded = request.headers["authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(encoded).decode() == f"livret:{quote_plus(SECRET)}"
    assert "client_secret" not in op.form


def test_a_public_client_says_its_name_only() -> None:
    op = OpenIdProviderOfTests()
    signed_in(op, auth_method="none", client_secret=None)
    assert op.form["client_id"] == "livret"
    assert "client_secret" not in op.form


@pytest.mark.parametrize("key", [EC, RSA])
def test_an_assertion_is_signed_with_our_key_for_this_issuer_and_a_minute(key: Any) -> None:
    op = OpenIdProviderOfTests()
    kind = ECKey if key is EC else RSAKey
    signed_in(op, auth_method="private_key_jwt", private_key=key.as_dict(private=True))
    token = jwt.decode(
        op.form["client_assertion"], kind.import_key(key.as_dict(private=False)), [key["alg"]]
    )
    assert token.claims["iss"] == token.claims["sub"] == "livret"
    assert token.claims["aud"] == op.issuer
    assert token.claims["exp"] - token.claims["iat"] == 60
    assert token.claims["iat"] == NOW
    assert len(token.claims["jti"]) > 20
    assert token.header["kid"] == key.kid
    assert op.form["client_assertion_type"].endswith("jwt-bearer")
    assert "client_secret" not in op.form


@pytest.mark.parametrize(
    ("status", "said", "code"),
    [
        (401, {"error": "invalid_client"}, "client"),
        (400, {"error": "invalid_client"}, "client"),
        (400, {"error": "unauthorized_client"}, "client"),
        (401, {}, "client"),
        (429, {"error": "slow_down"}, "token"),
        (400, ["invalid_grant"], "token"),
        (200, {}, "token"),
        (200, {"access_token": "a\nb", "id_token": "x"}, "token"),
        (200, {"access_token": 5, "id_token": "x"}, "token"),
        (200, [], "token"),
    ],
)
def test_a_token_endpoint_that_does_not_do_its_work_is_a_provider_down(
    status: int, said: Any, code: str
) -> None:
    assert fault(OpenIdProviderOfTests(tokens=lambda _: JSONResponse(said, status))) == code


def test_a_code_that_is_worth_nothing_is_a_refusal() -> None:
    op = OpenIdProviderOfTests(tokens=lambda _: JSONResponse({"error": "invalid_grant"}, 400))
    assert refusal(op) == "code"


def test_what_is_asked_is_what_the_settings_say() -> None:
    op = OpenIdProviderOfTests()
    signed_in(
        op,
        extra={"prompt": "login", "state": "mine", "client_id": "mine", "scope": "all"},
        acr_values=("eidas1", "eidas2"),
        claims={"id_token": {"amr": {"essential": True}}},
    )
    assert op.began["client_id"] == "livret"
    assert op.began["scope"] == "openid email"
    assert op.began["redirect_uri"] == BACK
    assert op.began["response_type"] == "code"
    assert op.began["prompt"] == "login"
    assert op.began["acr_values"] == "eidas1 eidas2"
    assert json.loads(op.began["claims"]) == {"id_token": {"amr": {"essential": True}}}
    assert op.began["state"] != "mine"


def test_the_address_keeps_what_the_provider_put_into_it() -> None:
    op = OpenIdProviderOfTests(
        discovery=with_(authorization_endpoint="https://op.example/authorize?realm=agents")
    )
    assert signed_in(op, extra={"ui_locales": "fr"}).subject == SUBJECT
    assert (op.began["realm"], op.began["ui_locales"]) == ("agents", "fr")


def leaving(op: OpenIdProviderOfTests, **settings: Any) -> str | None:
    return asyncio.run(visit(op, **settings).client.logout_url("the.id.token", "s" * 43))


def test_leaving_says_whom_and_where_to() -> None:
    url = leaving(OpenIdProviderOfTests(), post_logout_uri="https://livret.example/left")
    assert url is not None
    assert url.startswith("https://op.example/leave?")
    assert parse_qs(urlsplit(url).query) == {
        "id_token_hint": ["the.id.token"],
        "post_logout_redirect_uri": ["https://livret.example/left"],
        "state": ["s" * 43],
    }


def test_leaving_without_a_place_to_come_back_to_says_whom() -> None:
    url = leaving(OpenIdProviderOfTests())
    assert url == "https://op.example/leave?id_token_hint=the.id.token"


def test_a_provider_that_has_no_way_out_or_is_down_keeps_nobody_here() -> None:
    assert leaving(OpenIdProviderOfTests(discovery=with_(end_session_endpoint=...))) is None
    assert leaving(OpenIdProviderOfTests(answers=lambda *_: JSONResponse({}, 503))) is None

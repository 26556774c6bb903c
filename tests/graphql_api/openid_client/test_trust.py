"""The checks of the provider, of the callback's parameters, and of userinfo."""

import asyncio
from typing import Any

import pytest
from starlette.responses import JSONResponse, Response

from graphql_api.openid_client.errors import SignInRefusedError
from tests.graphql_api.openid_client.provider import (
    EC,
    OTHER_EC,
    SUBJECT,
    OpenIdProviderOfTests,
    fault,
    refusal,
    signed_in,
    visit,
    with_,
)


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"issuer": "https://evil.example"}, "discovery_issuer"),
        ({"issuer": "https://op.example/"}, "discovery_issuer"),
        ({"issuer": ...}, "discovery_issuer"),
        ({"token_endpoint": "http://op.example/token"}, "discovery_address"),
        ({"token_endpoint": "http://127.0.0.1/token"}, "discovery_address"),
        ({"token_endpoint": "file:///etc/passwd"}, "discovery_address"),
        ({"token_endpoint": "https://op.example:nine/token"}, "discovery_address"),
        ({"token_endpoint": "https://a@op.example/token"}, "discovery_address"),
        ({"token_endpoint": "https://op.example/ token"}, "discovery_address"),
        ({"token_endpoint": ...}, "discovery_address"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "discovery_address"),
        ({"jwks_uri": "http://op.example/jwks"}, "discovery_address"),
        ({"jwks_uri": 5}, "discovery_address"),
        ({"userinfo_endpoint": "http://op.example/userinfo"}, "discovery_address"),
        ({"end_session_endpoint": "http://op.example/leave"}, "discovery_address"),
    ],
)
def test_a_discovery_document_is_for_the_issuer_that_was_configured_and_safe(
    said: dict[str, Any], code: str
) -> None:
    assert fault(OpenIdProviderOfTests(discovery=with_(**said))) == code


@pytest.mark.parametrize("said", [[], None, "x", 5, Response(b"\xff"), Response(b"[" * 50_000)])
def test_a_discovery_document_that_is_none_is_a_provider_down(said: Any) -> None:
    answer = said if isinstance(said, Response) else JSONResponse(said)
    assert fault(OpenIdProviderOfTests(discovery=lambda _: answer)) == "discovery"


@pytest.mark.parametrize("method", [None, [], ["plain"]])
def test_discovery_cannot_switch_pkce_off(method: Any) -> None:
    op = OpenIdProviderOfTests(
        discovery=with_(code_challenge_methods_supported=method, code_challenge_method=None)
    )
    signed_in(op)
    assert op.began["code_challenge_method"] == "S256"
    assert len(op.began["code_challenge"]) == 43
    assert len(op.form["code_verifier"]) == 43


def test_only_the_settings_switch_pkce_off() -> None:
    op = OpenIdProviderOfTests()
    signed_in(op, pkce=False)
    assert "code_challenge" not in op.began
    assert "code_verifier" not in op.form


def test_state_and_nonce_are_long_and_never_the_same() -> None:
    op = OpenIdProviderOfTests()
    signed_in(op)
    first = op.began
    signed_in(op)
    for name in ("state", "nonce", "code_challenge"):
        assert len(first[name]) == 43
        assert first[name] != op.began[name]


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        ({"state": "another"}, "state"),
        ({"state": None}, "state"),
        ({"iss": "https://evil.example"}, "issuer"),
        ({"iss": "https://evil.example", "error": "access_denied", "code": None}, "issuer"),
        ({"iss": ""}, "issuer"),
        ({"code": None}, "no_code"),
        ({"code": "é"}, "no_code"),
        ({"code": "a b"}, "no_code"),
        ({"code": "a" * 5_000}, "no_code"),
        ({"error": "access_denied"}, "access_denied"),
        ({"error": "login_required"}, "login_required"),
        ({"error": "<script>"}, "refused"),
    ],
)
def test_what_the_browser_brings_back_is_checked_before_the_code_is_redeemed(
    answer: dict[str, str | None], code: str
) -> None:
    op = OpenIdProviderOfTests()
    assert refusal(op, answer=answer) == code
    assert "/token" not in op.asked


def test_an_answer_without_issuer_is_refused_when_the_provider_promises_one() -> None:
    op = OpenIdProviderOfTests(discovery=with_(authorization_response_iss_parameter_supported=True))
    assert refusal(op) == "issuer"
    assert signed_in(op, answer={"iss": op.issuer}).subject == SUBJECT


def test_an_overloaded_provider_is_down() -> None:
    assert (
        fault(OpenIdProviderOfTests(), answer={"error": "temporarily_unavailable"}) == "overloaded"
    )


def test_an_answer_comes_back_within_ten_minutes_and_to_the_same_provider() -> None:
    async def late(seconds: int) -> str:
        us = visit(OpenIdProviderOfTests())
        begun = await us.begin()
        us.clock.moved = seconds
        answer = {"state": begun.login_state.state, "error": "access_denied"}
        with pytest.raises(SignInRefusedError) as refused:
            await us.client.finish(begun.login_state, answer)
        return refused.value.code

    assert asyncio.run(late(590)) == "access_denied"
    assert asyncio.run(late(602)) == "expired"

    async def elsewhere() -> None:
        here, there = (visit(OpenIdProviderOfTests(), name=name) for name in ("a", "b"))
        begun = await here.begin()
        with pytest.raises(SignInRefusedError, match="state"):
            await there.client.finish(
                begun.login_state, {"state": begun.login_state.state, "code": "c"}
            )

    asyncio.run(elsewhere())


@pytest.mark.parametrize("signs", [True, False])
def test_userinfo_is_read_whether_it_is_signed_or_not(signs: bool) -> None:
    op = OpenIdProviderOfTests(signs_userinfo=signs)
    who = signed_in(op, claim_map={"family_name": "usual_name"})
    assert who.claims["email"] == "CANARY@example.org"
    assert who.claims["family_name"] == "Le Goff"


def test_userinfo_must_come_in_the_form_that_the_settings_name() -> None:
    assert refusal(OpenIdProviderOfTests(), userinfo="signed") == "userinfo"
    assert refusal(OpenIdProviderOfTests(signs_userinfo=True), userinfo="json") == "userinfo"
    op = OpenIdProviderOfTests()
    assert "email" not in signed_in(op, userinfo="none").claims
    assert "/userinfo" not in op.asked


def test_userinfo_may_be_missing_only_where_it_is_not_counted_on() -> None:
    op = OpenIdProviderOfTests(discovery=with_(userinfo_endpoint=...))
    assert "email" not in signed_in(op).claims
    assert fault(op, userinfo="signed") == "discovery"


@pytest.mark.parametrize(
    ("said", "signs", "code"),
    [
        ({"sub": "somebody-else"}, False, "userinfo_subject"),
        ({"sub": "somebody-else"}, True, "userinfo_subject"),
        ({"sub": ...}, False, "userinfo_subject"),
        ({"iss": "https://evil.example"}, True, "userinfo"),
        ({"aud": "other"}, True, "userinfo"),
    ],
)
def test_userinfo_about_somebody_else_is_refused(
    said: dict[str, Any], signs: bool, code: str
) -> None:
    op = OpenIdProviderOfTests(userinfo=with_(**said), signs_userinfo=signs)
    assert refusal(op) == code


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"null", b"\xff{}", b"{" * 60_000, b"a.b.c"])
def test_userinfo_that_cannot_be_read_is_refused(body: bytes) -> None:
    op = OpenIdProviderOfTests(userinfo=lambda _: Response(body))
    assert refusal(op) in ("userinfo", "signature")
    unentitled = OpenIdProviderOfTests(userinfo=lambda _: JSONResponse({}, 401))
    assert refusal(unentitled) == "userinfo"


def test_userinfo_cannot_overrule_the_id_token() -> None:
    op = OpenIdProviderOfTests(
        userinfo=with_(acr="eidas3", auth_time=0, iss="https://evil.example")
    )
    who = signed_in(op)
    assert (who.acr, who.claims["acr"], who.claims["iss"]) == ("eidas1", "eidas1", op.issuer)
    assert who.signed_in_at > 0


def test_userinfo_signed_by_another_key_is_refused() -> None:
    op = OpenIdProviderOfTests(signs_userinfo=True)

    def forged(said: dict[str, Any]) -> Any:
        op.key = OTHER_EC
        op.header = with_(kid=EC.kid)
        return said

    op.userinfo = forged
    assert refusal(op) == "signature"

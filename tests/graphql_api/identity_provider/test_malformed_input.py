"""Malformed input gets a refusal, never an internal error; no secret is logged."""

import base64
import logging
from itertools import product
from typing import Any
from urllib.parse import quote

import pytest

from graphql_api.storage.store import StoreUnavailableError
from tests.graphql_api.identity_provider.issuer import (
    ISSUER,
    VERIFIER,
    ProviderSite,
    assertion,
    at_once,
    basic,
)
from tests.graphql_api.identity_provider.test_machines import KEY, PUBLIC, proven

ODD = [
    "é",
    '"',
    "\\",
    '"><script>',
    "'; DROP TABLE idp_client; --",
    "\x00",
    "\r\nLocation: https://elsewhere.example",
    "\ud7ff\U0001f600",
    "https://[::1",
    "https://site.example/retour#x",
    "https://site.example/retour?",
    "https://site.example\\@elsewhere.example",
    "https://é.example/",
    "javascript:alert(1)",
    "//elsewhere.example",
    " ",
    "%",
    "x" * 7000,
]
NAMES = [
    "redirect_uri",
    "client_id",
    "response_type",
    "scope",
    "state",
    "nonce",
    "prompt",
    "code_challenge",
    "code_challenge_method",
    "max_age",
    "request",
    "login_hint",
    "signed_in_since",
]
FORM_NAMES = [
    "grant_type",
    "code",
    "redirect_uri",
    "client_id",
    "code_verifier",
    "refresh_token",
    "scope",
    "client_secret",
    "client_assertion",
    "token",
    "token_type_hint",
]


def test_odd_redirect_uris_are_refused_here(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    for odd in ODD:
        answer = provider_site.authorize(redirect_uri=odd)
        assert answer.status_code == 400
        assert "location" not in answer.headers
        assert 'lang="fr"' in answer.text
        assert "<script>" not in answer.text
        assert answer.headers["content-security-policy"].startswith("default-src 'none'")


def test_odd_parameters_of_the_authorization_are_no_fault(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    for name, odd in product(NAMES, ODD):
        answer = provider_site.authorize(**{name: odd})
        assert answer.status_code in (303, 400), (name, odd)
        where = answer.headers.get("location", "")
        known = ("https://site.example/retour?", f"{ISSUER}/sign-in?")
        assert where.startswith(known) if where else answer.status_code == 400
        assert where.isascii()


@pytest.mark.parametrize(
    ("path", "grant"),
    [
        ("token", "authorization_code"),
        ("token", "refresh_token"),
        ("token", "client_credentials"),
        ("revoke", ""),
    ],
)
def test_odd_fields_of_a_form_are_no_fault(
    provider_site: ProviderSite, path: str, grant: str
) -> None:
    known = {"grant_type": grant, "client_id": provider_site.front_end, "code": "x", "token": "x"}
    known |= {"refresh_token": "x", "scope": "livret:read", "code_verifier": VERIFIER}
    for name, odd in product(FORM_NAMES, ODD):
        answer = provider_site.client.post(f"/oauth/{path}", data=known | {name: odd})
        assert answer.status_code in (200, 400, 401), (name, odd, answer.text)


@pytest.mark.parametrize("name", ["id_token_hint", "post_logout_redirect_uri", "client_id"])
def test_odd_sign_outs_are_no_fault(provider_site: ProviderSite, name: str) -> None:
    for odd in ODD:
        answer = provider_site.client.get("/oauth/end-session", params={name: odd})
        assert answer.status_code in (200, 400)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'{"grant_type": "refresh_token"}', "application/json"),
        (b"grant_type=%ff", "application/x-www-form-urlencoded"),
        (b"\xff\xfe", "application/x-www-form-urlencoded"),
        ("grant_type=é".encode(), "application/x-www-form-urlencoded"),
        (b"a=1&" * 100, "application/x-www-form-urlencoded"),
        (b"x" * 40_000, "application/x-www-form-urlencoded"),
        (b"grant_type=a&grant_type=b", "application/x-www-form-urlencoded"),
        (b"grant_type=refresh_token", "text/plain"),
        (b"", "application/x-www-form-urlencoded"),
    ],
)
def test_malformed_bodies_are_refused(provider_site: ProviderSite, body: bytes, kind: str) -> None:
    for path in ("/oauth/token", "/oauth/revoke", "/oauth/authorize"):
        answer = provider_site.client.post(path, content=body, headers={"content-type": kind})
        assert answer.status_code in (400, 401)
        assert body != b"grant_type=a&grant_type=b" or answer.status_code == 400


def test_huge_headers_and_queries_are_refused(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    for path in ("/oauth/authorize", "/oauth/userinfo", "/oauth/end-session"):
        answer = provider_site.client.get(path, headers={"x-huge": "x" * 20_000})
        assert answer.status_code == 400
        assert provider_site.client.get(f"{path}?state={'x' * 9000}").status_code == 400
    assert (
        provider_site.client.post("/oauth/token", headers={"cookie": "x" * 20_000}).status_code
        == 400
    )
    assert provider_site.userinfo("x" * 10_000).status_code == 401
    huge = provider_site.client.get("/oauth/jwks", headers={"x-huge": "x" * 20_000})
    assert huge.status_code == 200  # nothing is read of it


def test_a_parameter_twice_is_refused(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    for name in ("client_id", "redirect_uri", "state", "code_challenge", "scope"):
        twice = f"{name}=a&{name}={quote('https://site.example/retour')}"
        answer = provider_site.client.get(f"/oauth/authorize?{twice}", follow_redirects=False)
        assert answer.status_code == 400


def test_deeply_nested_tokens_are_no_fault(provider_site: ProviderSite) -> None:
    deep = base64.urlsafe_b64encode(b"[" * 5000).decode().rstrip("=")
    text = f"{deep}.{deep}.x"
    assert provider_site.userinfo(text).status_code == 401
    assert proven(provider_site, text).status_code == 401
    assert provider_site.revoke(text).status_code == 200


def test_front_ends_read_answers_from_their_origins_only(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["access_token"]
    for origin, allowed in (("https://site.example", True), ("https://elsewhere.example", False)):
        sent = {"origin": origin, "authorization": f"Bearer {token}"}
        answers = [
            provider_site.client.get("/oauth/userinfo", headers=sent),
            provider_site.client.post("/oauth/token", headers={"origin": origin}),
            provider_site.client.options("/oauth/token", headers={"origin": origin}),
        ]
        for answer in answers:
            told = answer.headers.get("access-control-allow-origin")
            assert told == (origin if allowed else None)
            assert "access-control-allow-credentials" not in answer.headers
            assert answer.headers["vary"].lower() == "origin"


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/userinfo"])
def test_a_front_end_learns_before_its_call_what_it_may_send(
    provider_site: ProviderSite, path: str
) -> None:
    sent = {"origin": "https://site.example", "access-control-request-method": "POST"}
    answer = provider_site.client.options(path, headers=sent)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    allowed = answer.headers["access-control-allow-headers"].split(", ")
    assert allowed[:2] == ["authorization", "content-type"]
    assert {"traceparent", "tracestate", "baggage", "sentry-trace", "x-request-id"} <= {*allowed}
    assert answer.headers["access-control-max-age"] == "600"
    stranger = provider_site.client.options(
        path, headers=sent | {"origin": "https://elsewhere.example"}
    )
    assert not [name for name in stranger.headers if name.startswith("access-control")]


def test_no_secret_stands_in_any_log(
    provider_site: ProviderSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    secrets: list[str] = []
    code = provider_site.code()
    tokens = provider_site.redeem(code).json()
    renewed = provider_site.refresh(tokens["refresh_token"]).json()
    provider_site.redeem(code)
    provider_site.revoke(renewed["refresh_token"])
    provider_site.userinfo(renewed["access_token"])
    machine, signer = provider_site.machine(), provider_site.machine(keys=PUBLIC)
    ask = {"grant_type": "client_credentials", "scope": "livret:summary"}
    given = provider_site.token(basic(machine.client_id, machine.secret), **ask).json()
    provider_site.token(client_id=machine.client_id, client_secret=machine.secret, **ask)
    signed = assertion(KEY, signer.client_id)
    proven(provider_site, signed)
    proven(provider_site, signed)
    provider_site.store.database.execute_sql("DELETE FROM idp_signing_key")
    provider_site.redeem(provider_site.code())  # a fault, which is logged
    secrets += [code, VERIFIER, machine.secret, signed, given["access_token"]]
    secrets += [
        one[name] for one in (tokens, renewed) for name in ("access_token", "refresh_token")
    ]
    ours = [one for one in caplog.records if not one.name.startswith("http")]  # the test's client
    written = "\n".join(f"{one.getMessage()} {one.args}" for one in ours)
    assert "incident" in written
    for secret in secrets:
        assert secret not in written
    assert not [one for one in ours if one.name.startswith("authlib")]


def test_a_database_that_is_away_answers_503(
    provider_site: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away(*_: Any) -> Any:
        raise StoreUnavailableError("away")

    monkeypatch.setattr(provider_site.store, "writing", away)
    monkeypatch.setattr(provider_site.store, "reading", away)
    for answer in (
        provider_site.refresh("x"),
        provider_site.authorize(),
        provider_site.client.get("/oauth/jwks"),
    ):
        assert answer.status_code == 503
        assert answer.headers["retry-after"] == "5"
    assert provider_site.client.get("/.well-known/openid-configuration").status_code == 200


def test_a_fault_answers_500_without_its_words(
    provider_site: ProviderSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any) -> Any:
        raise RuntimeError("canary")

    monkeypatch.setattr(provider_site.store, "row", fail)
    monkeypatch.setattr(provider_site.store, "rows", fail)
    for answer in (
        provider_site.refresh("x"),
        provider_site.authorize(),
        provider_site.client.get("/oauth/jwks"),
    ):
        assert answer.status_code == 500
        assert "canary" not in answer.text


def test_discovery_answers_many_at_once(provider_site: ProviderSite) -> None:
    assert {
        one.status_code for one in at_once(8, lambda: provider_site.client.get("/oauth/jwks"))
    } == {200}

"""Nothing of a sign-in is in a log, whatever level is asked for."""

import logging

import pytest

from tests.graphql_api.openid_client.provider import (
    OpenIdProviderOfTests,
    fault,
    refusal,
    signed_in,
    with_,
)


def test_no_token_code_secret_or_person_is_logged_even_at_debug(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    signed_in(OpenIdProviderOfTests(), auth_method="client_secret_basic")
    signed_in(OpenIdProviderOfTests(signs_userinfo=True))
    assert refusal(OpenIdProviderOfTests(claims=with_(nonce="CANARY"))) == "nonce"
    assert refusal(OpenIdProviderOfTests(), answer={"error": "CANARY-error"}) == "refused"
    assert fault(OpenIdProviderOfTests(tokens=lambda _: "CANARY-token")) == "token"
    assert "Sign-in with op failed: nonce" in caplog.text
    assert "CANARY" not in caplog.text
    assert "eyJ" not in caplog.text


@pytest.mark.parametrize("name", ["authlib.oauth2", "httpx2", "httpcore2.http11"])
def test_the_libraries_that_would_log_tokens_are_kept_from_it(name: str) -> None:
    root = logging.getLogger()
    level = root.level
    root.setLevel(logging.DEBUG)
    try:
        assert not logging.getLogger(name).isEnabledFor(logging.DEBUG)
    finally:
        root.setLevel(level)

"""When a browser is sent to sign in, and when it comes back."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from graphql_api.identity_provider.sign_in_step import is_authorization_path
from tests.graphql_api.identity_provider.issuer import ISSUER, ProviderSite, query


def next_of(answer: Any) -> str:
    assert answer.status_code == 303
    where = urlsplit(answer.headers["location"])
    assert f"{where.scheme}://{where.netloc}{where.path}" == f"{ISSUER}/sign-in"
    (path,) = parse_qs(where.query)["next"]
    assert is_authorization_path(path)
    return path


def test_whoever_is_not_signed_in_is_sent_to_sign_in_and_comes_back(
    provider_site: ProviderSite,
) -> None:
    path = next_of(provider_site.authorize(login_hint="Maëlle", unknown="é"))
    provider_site.sign_in()
    answer = provider_site.client.get(path, follow_redirects=False)
    code = query(answer)["code"]
    assert provider_site.redeem(code).status_code == 200


def test_a_form_is_as_good_as_a_query(provider_site: ProviderSite) -> None:
    form = {
        "response_type": "code",
        "client_id": provider_site.front_end,
        "redirect_uri": "https://site.example/retour",
        "scope": "openid",
        "code_challenge": "x" * 43,
        "code_challenge_method": "S256",
    }
    posted = provider_site.client.post("/oauth/authorize", data=form, follow_redirects=False)
    assert next_of(posted)


@pytest.mark.parametrize("scope", ["openid", "livret:read"])
def test_prompt_none_asks_nobody(provider_site: ProviderSite, scope: str) -> None:
    refused = query(provider_site.authorize(prompt="none", scope=scope))
    assert (refused["error"], refused["iss"]) == ("login_required", ISSUER)
    assert refused["state"] == 'a "state"'
    provider_site.sign_in()
    assert "code" in query(provider_site.authorize(prompt="none", scope=scope))


@pytest.mark.parametrize("prompt", ["login", "select_account", "login consent"])
def test_prompt_login_asks_once_more(provider_site: ProviderSite, prompt: str) -> None:
    provider_site.sign_in(ago=60)
    path = next_of(provider_site.authorize(prompt=prompt))
    assert next_of(
        provider_site.client.get(path, follow_redirects=False)
    )  # came back without signing in
    provider_site.sign_in()
    assert "code" in query(provider_site.client.get(path, follow_redirects=False))


@pytest.mark.parametrize("max_age", ["0", "30"])
def test_an_old_sign_in_is_done_again(provider_site: ProviderSite, max_age: str) -> None:
    provider_site.sign_in(ago=60)
    path = next_of(provider_site.authorize(max_age=max_age))
    provider_site.sign_in()
    assert "code" in query(provider_site.client.get(path, follow_redirects=False))
    assert "code" in query(provider_site.authorize(max_age="3600"))


def test_there_is_no_consent_page(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    assert "code" in query(provider_site.authorize(prompt="consent"))


@pytest.mark.parametrize(
    ("changes", "error"),
    [
        ({"response_type": "token"}, "unsupported_response_type"),
        ({"response_type": "code id_token"}, "unsupported_response_type"),
        ({"response_type": None}, "unsupported_response_type"),
        ({"request": "eyJ"}, "request_not_supported"),
        ({"request_uri": "https://elsewhere.example"}, "request_uri_not_supported"),
        ({"response_mode": "form_post"}, "invalid_request"),
        ({"response_mode": "fragment"}, "invalid_request"),
        ({"max_age": "soon"}, "invalid_request"),
        ({"max_age": "9" * 13}, "invalid_request"),
        ({"prompt": "none login"}, "invalid_request"),
    ],
)
def test_a_refusal_goes_back_to_the_front_end_and_says_who_refuses(
    provider_site: ProviderSite, changes: dict[str, Any], error: str
) -> None:
    provider_site.sign_in()
    refused = query(provider_site.authorize(**changes))
    assert (refused["error"], refused["iss"]) == (error, ISSUER)
    assert refused["state"] == 'a "state"'


@pytest.mark.parametrize(
    ("path", "good"),
    [
        ("/oauth/authorize?client_id=x", True),
        ("/oauth/authorize", False),
        ("//elsewhere.example/oauth/authorize?", False),
        ("https://elsewhere.example/oauth/authorize?", False),
        ("/oauth/authorize?\r\nx", False),
        ("/oauth/authorize?é", False),
    ],
)
def test_the_way_back_from_the_sign_in_leads_here(path: str, good: bool) -> None:
    assert is_authorization_path(path) is good

"""Sign-out that a front end begins: proven by an ID token, or confirmed by the person."""

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.graphql_api.identity_provider.issuer import LEFT, ProviderSite


def leave(
    provider_site: ProviderSite,
    method: str = "GET",
    headers: dict[str, str] | None = None,
    **sent: str,
) -> Any:
    where = {"params": sent} if method == "GET" else {"data": sent}
    return provider_site.client.request(
        method, "/oauth/end-session", headers=headers, follow_redirects=False, **where
    )


def is_left(answer: Any) -> bool:
    return "Max-Age=0" in answer.headers.get("set-cookie", "")


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_a_front_end_signs_its_person_out(provider_site: ProviderSite, method: str) -> None:
    tokens = provider_site.tokens()
    answer = leave(
        provider_site,
        method,
        id_token_hint=tokens["id_token"],
        post_logout_redirect_uri=LEFT,
        state='s "1"',
    )
    assert answer.status_code == 303
    assert is_left(answer)
    where = answer.headers["location"]
    assert where.startswith(f"{LEFT}?")
    assert dict(parse_qsl(urlsplit(where).query)) == {"state": 's "1"'}
    assert "storage" in answer.headers["clear-site-data"]
    assert provider_site.refresh(tokens["refresh_token"]).json()["error"] == "invalid_grant"
    assert provider_site.userinfo(tokens["access_token"]).status_code == 401


def test_an_old_id_token_still_signs_out(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["id_token"]
    provider_site.clock.moved = timedelta(days=2)
    assert is_left(leave(provider_site, id_token_hint=token))


def test_without_proof_the_person_is_asked(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    asked = leave(provider_site, client_id=provider_site.front_end, post_logout_redirect_uri=LEFT)
    assert asked.status_code == 200
    assert not is_left(asked)
    assert "Se déconnecter" in asked.text
    assert 'lang="fr"' in asked.text
    foreign = leave(provider_site, "POST", {"sec-fetch-site": "cross-site"}, confirm="1")
    assert not is_left(foreign)
    done = leave(provider_site, "POST", {"sec-fetch-site": "same-origin"}, confirm="1")
    assert is_left(done)
    assert "location" not in done.headers
    assert not is_left(leave(provider_site, confirm="1"))  # a link does not press the button


def test_the_token_of_somebody_else_does_not_sign_out_unasked(provider_site: ProviderSite) -> None:
    token = provider_site.tokens()["id_token"]
    provider_site.sign_in("other")
    assert not is_left(leave(provider_site, id_token_hint=token))


@pytest.mark.parametrize("uri", [f"{LEFT}/", "https://elsewhere.example/", "javascript:x"])
def test_nobody_is_sent_to_an_unregistered_address(provider_site: ProviderSite, uri: str) -> None:
    token = provider_site.tokens()["id_token"]
    answer = leave(provider_site, id_token_hint=token, post_logout_redirect_uri=uri)
    assert answer.status_code == 200
    assert is_left(answer)
    assert "location" not in answer.headers


def test_a_hint_that_is_no_id_token_of_ours_is_refused(provider_site: ProviderSite) -> None:
    tokens = provider_site.tokens()
    for hint in (
        tokens["access_token"],
        "x",
        "a.b.c",
        tokens["id_token"][:-4] + "AAAA",
        "e30.e30.",
    ):
        answer = leave(provider_site, id_token_hint=hint, post_logout_redirect_uri=LEFT)
        assert answer.status_code == 400
        assert not is_left(answer)
    other = provider_site.register(name="Autre").client_id
    assert (
        leave(provider_site, id_token_hint=tokens["id_token"], client_id=other).status_code == 400
    )


def test_what_is_sent_is_shown_escaped(provider_site: ProviderSite) -> None:
    provider_site.sign_in()
    asked = leave(provider_site, state='"><script>alert(1)</script>')
    assert "<script>" not in asked.text

"""How recent an upstream sign-in must be, and the sign-out at its provider."""

import logging
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from graphql_api.identity_provider.upstream import pending_logins
from tests.graphql_api.identity_provider.accounts.accounts_site import SITE, went_to
from tests.graphql_api.identity_provider.issuer import VERIFIER, query
from tests.graphql_api.identity_provider.upstream.upstream_site import (
    CHOICE,
    FRONT_END,
    UpstreamSite,
)
from tests.graphql_api.openid_client.provider import with_


def redeemed(upstream_site: UpstreamSite, browser: Any, path: str, client_id: str) -> Any:
    code = query(browser.get(path))["code"]
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": f"{FRONT_END}/back",
        "client_id": client_id,
        "code_verifier": VERIFIER,
    }
    answer = browser.client.post("/oauth/token", data=form)
    assert answer.status_code == 200, answer.text
    return answer.json()


def claims_of(token: str) -> Any:
    import base64
    import json

    body = token.split(".")[1]
    return json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))


def test_a_front_end_gets_a_code_and_learns_how_strongly_somebody_signed_in(
    upstream_site: UpstreamSite,
) -> None:
    upstream_site.created()
    client_id = upstream_site.front_end()
    browser = upstream_site.accounts_site.browser()
    path = upstream_site.authorize(client_id)
    page = went_to(browser.get(path))
    (back,) = parse_qs(urlsplit(page).query)["return"]
    assert "/account/with/op?return=" in browser.get(page).text
    assert went_to(upstream_site.visit(browser, back=back)) == back
    tokens = redeemed(upstream_site, browser, back, client_id)
    said = claims_of(tokens["id_token"])
    assert (said["acr"], said["amr"]) == ("eidas1", ["pwd"])
    assert said["sub"] == upstream_site.who(browser)


def test_a_new_account_leads_on_to_the_front_end(upstream_site: UpstreamSite) -> None:
    client_id = upstream_site.front_end()
    browser = upstream_site.accounts_site.browser()
    path = upstream_site.authorize(client_id)
    (back,) = parse_qs(urlsplit(went_to(browser.get(path))).query)["return"]
    upstream_site.visit(browser, back=back)
    assert went_to(browser.post("/account/ways/create")) == back
    assert "code" in query(browser.get(back))


def test_a_proof_of_long_ago_begins_a_session_that_is_not_recent(
    upstream_site: UpstreamSite,
) -> None:
    upstream_site.created()
    three_days = 3 * 86_400
    upstream_site.op.claims = lambda said: said | {"auth_time": said["iat"] - three_days}
    client_id = upstream_site.front_end()
    browser = upstream_site.accounts_site.browser()
    path = upstream_site.authorize(client_id)
    (back,) = parse_qs(urlsplit(went_to(browser.get(path))).query)["return"]
    assert went_to(upstream_site.visit(browser, back=back)) == back
    assert browser.is_signed_in()  # the session is young although the proof is old
    said = claims_of(redeemed(upstream_site, browser, back, client_id)["id_token"])
    assert said["iat"] - said["auth_time"] >= three_days
    upstream_site.visit(browser, "other")
    assert "connectez-vous de nouveau" in browser.get(CHOICE).text


@pytest.mark.parametrize("wish", [{"prompt": "login"}, {"max_age": "60"}])
def test_a_front_end_that_wants_a_sign_in_now_gets_one(
    upstream_site: UpstreamSite, wish: dict[str, str]
) -> None:
    browser = upstream_site.created()
    upstream_site.accounts_site.clock.moved = timedelta(minutes=5)
    client_id = upstream_site.front_end()
    path = upstream_site.authorize(client_id, **wish)
    (back,) = parse_qs(urlsplit(went_to(browser.get(path))).query)["return"]
    asked = upstream_site.begin(browser, back=back)
    assert asked["prompt"] == "login"
    assert went_to(upstream_site.come_back(browser, asked)) == back
    assert "code" in query(browser.get(back))


def test_a_provider_that_did_not_ask_again_does_not_count_as_a_sign_in_now(
    upstream_site: UpstreamSite,
) -> None:
    browser = upstream_site.created()
    upstream_site.op.claims = lambda said: said | {"auth_time": said["iat"] - 600}
    path = upstream_site.authorize(upstream_site.front_end(), prompt="login")
    (back,) = parse_qs(urlsplit(went_to(browser.get(path))).query)["return"]
    answer = upstream_site.visit(browser, back=back)
    assert answer.status_code == 403
    assert "ProConnect ne vous l’a pas demandée" in answer.text
    assert browser.is_signed_in()


def test_a_session_that_began_elsewhere_ends_after_twelve_hours(
    upstream_site: UpstreamSite,
) -> None:
    browser = upstream_site.created()
    for minutes in range(0, 12 * 60, 25):
        upstream_site.accounts_site.clock.moved = timedelta(minutes=minutes)
        assert browser.is_signed_in()
    upstream_site.accounts_site.clock.moved = timedelta(hours=12, seconds=1)
    assert not browser.is_signed_in()


def onward(answer: Any) -> tuple[str, dict[str, list[str]]]:
    """The address to which the page of a sign-out leads, by itself and by its link."""
    assert answer.status_code == 200, answer.text
    address = answer.text.partition('content="0; url=')[2].partition('"')[0].replace("&amp;", "&")
    assert f'href="{address.replace("&", "&amp;")}"' in answer.text
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}{parts.path}", parse_qs(parts.query)


def test_signing_out_signs_out_of_the_provider_too(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created()
    answer = browser.post("/account/sign-out")
    where, asked = onward(answer)
    assert where == "https://op.example/leave"
    assert asked["post_logout_redirect_uri"] == [f"{SITE}/account/left"]
    assert asked["id_token_hint"][0].count(".") == 2
    assert not browser.is_signed_in()  # whether the browser goes on or not
    back = browser.get(f"/account/left?state={asked['state'][0]}")
    assert went_to(back) == "/account/sign-in?done=left"
    assert "Vous êtes déconnecté." in browser.get(went_to(back)).text


def test_a_front_end_that_signs_somebody_out_gets_the_browser_back(
    upstream_site: UpstreamSite,
) -> None:
    browser = upstream_site.created()
    client_id = upstream_site.front_end()
    id_token = redeemed(upstream_site, browser, upstream_site.authorize(client_id), client_id)[
        "id_token"
    ]
    leave = f"/oauth/end-session?id_token_hint={id_token}&state=mine"
    answer = browser.get(f"{leave}&post_logout_redirect_uri={FRONT_END}/left")
    where, asked = onward(answer)
    assert where == "https://op.example/leave"
    assert answer.headers["clear-site-data"] == '"storage"'
    left = f"/account/left?state={asked['state'][0]}"
    assert went_to(browser.get(left)) == f"{FRONT_END}/left?state=mine"
    assert went_to(browser.get(left)) == "/account/sign-in?done=left"  # once
    assert not browser.is_signed_in()


def test_a_password_signs_out_here_only(upstream_site: UpstreamSite) -> None:
    upstream_site.accounts_site.account()
    browser = upstream_site.accounts_site.browser().signed_in()
    assert went_to(browser.post("/account/sign-out")) == "/account/sign-in?done=left"


def test_a_provider_without_sign_out_is_not_asked(upstream_site: UpstreamSite) -> None:
    upstream_site.op.discovery = with_(end_session_endpoint=...)
    assert (
        went_to(upstream_site.created().post("/account/sign-out")) == "/account/sign-in?done=left"
    )


def test_the_way_back_from_a_sign_out_is_the_browsers_own(upstream_site: UpstreamSite) -> None:
    browser = upstream_site.created()
    _, asked = onward(browser.post("/account/sign-out"))
    other = upstream_site.accounts_site.browser()
    assert went_to(other.get(f"/account/left?state={asked['state'][0]}")).startswith("/account/")


def test_the_token_for_the_sign_out_is_sealed_and_nothing_is_logged(
    upstream_site: UpstreamSite, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    browser = upstream_site.created()
    upstream_site.op.claims = with_(nonce="CANARY-nonce")
    upstream_site.visit(upstream_site.accounts_site.browser())
    ((sealed,),) = upstream_site.accounts_site.rows("SELECT sealed FROM idp_session")
    assert b"eyJ" not in bytes(sealed)
    browser.post("/account/sign-out")
    ours = [record.getMessage() for record in caplog.records if record.name != "asyncio"]
    ours = [one for one in ours if "testclient" not in one]
    text = "\n".join(ours)
    assert "Sign-in with op failed: nonce" in text
    assert "eyJ" not in text
    assert "Kerjean" not in text


def test_what_nobody_chose_in_time_is_swept(upstream_site: UpstreamSite) -> None:
    upstream_site.visit(upstream_site.accounts_site.browser())
    for moved, left in ((timedelta(minutes=9), 1), (timedelta(minutes=11), 0)):
        upstream_site.accounts_site.clock.moved = moved
        context = upstream_site.accounts_site.accounts.new_context()
        pending_logins.delete_expired(context.store, context.now)
        assert upstream_site.accounts_site.count("idp_arrival") == left

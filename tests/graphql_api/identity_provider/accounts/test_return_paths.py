"""A sign-in leads back to a path of ours, and its page offers other providers."""

from urllib.parse import quote

import httpx2
import pytest
from starlette.applications import Starlette

from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.identity_provider.oauth.clients import FrontEnd, disable, register_front_end
from tests.client import TestClient
from tests.graphql_api.identity_provider.accounts.accounts_site import (
    AccountsSite,
    Browser,
    went_to,
)

AUTHORIZE = "/oauth/authorize?response_type=code&client_id=x&state=%C3%A9"


@pytest.mark.parametrize(
    "back", [AUTHORIZE, "/account", f"/account/email/confirm?key={'k' * 43}", "/account/password"]
)
def test_the_browser_goes_back_where_it_came_from(accounts_site: AccountsSite, back: str) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    page = browser.client.get("/account/sign-in", params={"return": back})
    assert f'name="return" value="{back.replace("&", "&amp;")}"' in page.text
    answer = browser.sign_in(**{"return": back})
    through_the_service = f"/sign-in?next={quote(back, safe='')}"
    assert went_to(answer) == (back if back == AUTHORIZE else through_the_service)


@pytest.mark.parametrize(
    "back",
    [
        "https://elsewhere.example/",
        "//elsewhere.example/oauth/authorize?",
        "/\\elsewhere.example",
        "/oauth/authorize",
        "/oauth/authorizeé?",
        "/graphql",
        "/account/sign-out",
        "/account/email/confirm?key=x\r\nset-cookie:a=b",
        "javascript:alert(1)",
        "/account\n",
    ],
)
def test_the_browser_goes_nowhere_else(accounts_site: AccountsSite, back: str) -> None:
    accounts_site.account()
    browser = accounts_site.browser()
    assert browser.client.get("/account/sign-in", params={"return": back}).status_code == 400
    refused = browser.sign_in(**{"return": back})
    assert refused.status_code == 400
    assert "set-cookie" not in refused.headers


def test_the_form_may_lead_to_the_front_end_that_asked_and_no_other(
    accounts_site: AccountsSite,
) -> None:
    front_end = FrontEnd(name="Site", redirect_uris=("https://site.example/retour",))
    with accounts_site.store.writing():
        id = register_front_end(accounts_site.store, front_end, 0).client_id
    for uri, allowed in (
        ("https://site.example/retour", "'self' https://site.example"),
        ("https://site.example/other", "'self'"),
        ("https://evil.example/;script-src *", "'self'"),
    ):
        back = str(httpx2.URL("/oauth/authorize", params={"client_id": id, "redirect_uri": uri}))
        page = accounts_site.browser().client.get("/account/sign-in", params={"return": back})
        assert f"form-action {allowed};" in page.headers["content-security-policy"]


def test_whoever_comes_from_a_registered_front_end_reads_its_name(
    accounts_site: AccountsSite,
) -> None:
    front_end = FrontEnd(name="Portail <RH>", redirect_uris=("https://site.example/retour",))
    with accounts_site.store.writing():
        id = register_front_end(accounts_site.store, front_end, 0).client_id
    asked = {"client_id": id, "redirect_uri": "https://site.example/retour"}
    named = "Pour continuer vers <strong>Portail &lt;RH&gt;</strong>"
    for changes, said in (
        ({}, 1),
        ({"redirect_uri": "https://site.example/other"}, 0),
        ({"client_id": "x"}, 0),
    ):
        back = str(httpx2.URL("/oauth/authorize", params=asked | changes))
        assert (
            accounts_site.browser().sign_in(password="", **{"return": back}).text.count(named)
            == said
        )
        page = accounts_site.browser().client.get("/account/sign-in", params={"return": back}).text
        assert page.count(named) == page.count("Pour continuer vers") == said
    assert "Pour continuer vers" not in accounts_site.browser().get("/account/sign-in").text
    with accounts_site.store.writing():
        assert disable(accounts_site.store, id, 0)
    back = str(httpx2.URL("/oauth/authorize", params=asked))
    page = accounts_site.browser().client.get("/account/sign-in", params={"return": back}).text
    assert "Pour continuer vers" not in page


def test_other_providers_are_offered_with_the_way_back(accounts_site: AccountsSite) -> None:
    browser = with_providers(accounts_site, local=True)
    page = browser.client.get("/account/sign-in", params={"return": AUTHORIZE})
    way = "/account/with/proconnect?return=%2Foauth%2Fauthorize%3Fresponse_type%3Dcode%26"
    assert f'href="{way}' in page.text
    assert "Se connecter avec ProConnect" in page.text
    assert 'type="password"' in page.text


def test_without_local_accounts_there_are_only_other_providers(accounts_site: AccountsSite) -> None:
    accounts_site.account()
    browser = with_providers(accounts_site, local=False)
    page = browser.get("/account/sign-in")
    assert "ProConnect" in page.text
    assert "<form" not in page.text
    assert browser.sign_in().status_code == 404
    for path in ("register", "activate", "forgotten", "reset", "password", "email"):
        assert browser.get(f"/account/{path}").status_code == 404
        assert browser.post(f"/account/{path}").status_code == 404


def with_providers(accounts_site: AccountsSite, *, local: bool) -> Browser:
    account = accounts_site.accounts
    other = Accounts(
        account.store,
        account.key_store,
        account.master_key,
        account.service_keys,
        account.public_url,
        account.workers,
        local=local,
        providers=(("proconnect", "ProConnect"),),
    )
    client = TestClient(
        Starlette(routes=other.routes()), account.public_url, follow_redirects=False
    )
    return Browser(client)

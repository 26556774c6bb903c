"""Signing in and out with a local account; sessions; how often one may guess."""

from datetime import timedelta
from typing import Any

import httpx2
import pytest
from argon2 import PasswordHasher
from starlette.applications import Starlette

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.routes import Accounts
from graphql_api.identity_provider.accounts.sweeping import sweep
from graphql_api.identity_provider.clients import FrontEnd, disable, register_front_end
from tests.client import TestClient

from .office import EMAIL, HASH, OTHER_PASSWORD, PASSWORD, Browser, Office, went_to

COOKIE = "__Host-livret-account"
GUESS = "Pas-le-bon-mot-2"


def test_an_address_signs_in_however_it_is_written(office: Office) -> None:
    office.account()
    for email in (EMAIL, EMAIL.upper(), f"  {EMAIL} "):
        assert went_to(office.browser().sign_in(email)) == "/account"


def test_wrong_unknown_not_active_and_without_password_are_answered_alike(office: Office) -> None:
    office.account()
    office.account("sans@x.example", None)
    office.browser().register(email="inactif@x.example", email_again="inactif@x.example")
    answers = [
        office.browser().sign_in(EMAIL, GUESS),
        office.browser().sign_in("inconnu@x.example"),
        office.browser().sign_in("inactif@x.example"),
        office.browser().sign_in("sans@x.example"),
    ]
    emails = (EMAIL, "inconnu@x.example", "inactif@x.example", "sans@x.example")
    texts = {one.text.replace(email, "") for one, email in zip(answers, emails, strict=True)}
    assert len(texts) == 1
    headers = [dict(one.headers) | {"content-length": ""} for one in answers]
    assert all(one == headers[0] for one in headers)
    assert {one.status_code for one in answers} == {422}


@pytest.mark.parametrize("email", [EMAIL, "inconnu@x.example", "", "é" * 300])
def test_every_attempt_costs_one_hash(
    office: Office, email: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    office.account()
    done: list[str] = []
    verify = PasswordHasher.verify

    def counted(self: PasswordHasher, hash: str, password: bytes) -> Any:
        done.append(hash.rsplit("$", 2)[0])
        return verify(self, hash, password)

    monkeypatch.setattr(PasswordHasher, "verify", counted)
    office.browser().sign_in(email, GUESS)
    assert done == [HASH.rsplit("$", 2)[0]]


def test_the_cookie_is_for_this_host_alone_and_out_of_reach_of_scripts(office: Office) -> None:
    office.account()
    cookie = office.browser().sign_in().headers["set-cookie"]
    name, _, rest = cookie.partition("=")
    secret, *flags = rest.split("; ")
    assert name == COOKIE
    assert len(secret) == 43
    assert flags == ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"]
    assert secret not in str(office.rows("SELECT * FROM idp_session"))


def test_on_a_developers_machine_the_cookie_has_a_plain_name(office: Office) -> None:
    account = office.accounts
    here = Accounts(
        account.store,
        account.key_store,
        account.master_key,
        "http://127.0.0.1:8000",
        account.workers,
    )
    office.account()
    client = TestClient(
        Starlette(routes=here.routes()), "http://127.0.0.1:8000", follow_redirects=False
    )
    answer = Browser(client).sign_in()
    assert answer.headers["set-cookie"].startswith("livret-account=")
    assert "Secure" not in answer.headers["set-cookie"]
    assert Browser(client).is_signed_in()


def test_a_secret_that_was_planted_is_worth_nothing(office: Office) -> None:
    office.account()
    browser = office.browser()
    browser.client.cookies.set(COOKIE, "A" * 43, domain="livret.example")
    answer = browser.sign_in()
    assert "A" * 43 not in answer.headers["set-cookie"]
    planted = office.browser()
    planted.client.cookies.set(COOKIE, "A" * 43)
    assert not planted.is_signed_in()


def test_every_sign_in_ends_the_session_before(office: Office) -> None:
    office.account()
    office.account("other@x.example")
    browser = office.browser().signed_in()
    before = browser.client.cookies[COOKIE]
    browser.signed_in(email="other@x.example")
    assert "other@x.example" in browser.get("/account").text
    old = office.browser()
    old.client.cookies.set(COOKIE, before)
    assert not old.is_signed_in()
    assert office.count("idp_session") == 1


def test_a_session_ends_after_half_an_hour_without_a_request(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    for minutes in (29, 58):
        office.clock.moved = timedelta(minutes=minutes)
        assert browser.is_signed_in()
    office.clock.moved = timedelta(minutes=89)
    assert not browser.is_signed_in()
    assert not browser.is_signed_in()


def test_a_session_ends_after_twelve_hours_in_any_case(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    for quarter in range(1, 48):
        office.clock.moved = timedelta(minutes=15 * quarter)
        assert browser.is_signed_in()
    office.clock.moved = timedelta(hours=12, seconds=1)
    assert not browser.is_signed_in()
    sweep(office.store, office.key_store, office.accounts.desk().now)
    assert office.count("idp_session") == 0


def test_the_time_of_a_session_is_written_once_a_minute(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    seen = "SELECT seen_at FROM idp_session"
    first = office.rows(seen)
    office.clock.moved = timedelta(seconds=50)
    browser.get("/account")
    assert office.rows(seen) == first
    office.clock.moved = timedelta(seconds=70)
    browser.get("/account")
    assert office.rows(seen) > first


def test_signing_out_ends_the_session_and_clears_the_browser(office: Office) -> None:
    office.account()
    browser = office.browser().signed_in()
    secret = browser.client.cookies[COOKIE]
    answer = browser.post("/account/sign-out")
    assert went_to(answer) == "/account/sign-in?done=left"
    assert "Max-Age=0" in answer.headers["set-cookie"]
    assert answer.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "Vous êtes déconnecté." in browser.get("/account/sign-in?done=left").text
    browser.client.cookies.set(COOKIE, secret)
    assert not browser.is_signed_in()
    assert browser.post("/account/sign-out").status_code == 303  # twice


@pytest.mark.parametrize("cookie", ["", "x", "A" * 43, "A" * 5_000, '"é"', "%00"])
def test_an_odd_cookie_is_nobody(office: Office, cookie: str) -> None:
    browser = office.browser()
    answer = browser.client.get("/account", headers={"cookie": f"{COOKIE}={cookie}".encode()})
    assert went_to(answer) == "/account/sign-in"


def test_a_hash_of_old_is_made_anew(office: Office) -> None:
    old = PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    account = office.account(password=old)
    office.browser().signed_in()
    desk = office.accounts.desk()
    with desk.writing():
        known = accounts.find(desk, account)
    assert known is not None
    assert known.details.password is not None
    assert not passwords.needs_rehash(known.details.password)
    office.browser().signed_in()


def test_a_password_that_was_changed_while_it_was_checked_signs_nobody_in(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    account = office.account()
    matches = passwords.matches

    def slowly(hash: str | None, password: str) -> bool:
        desk = office.accounts.desk()
        with desk.writing():
            known = accounts.find(desk, account)
            assert known is not None
            changed = accounts.with_password(known.details, passwords.hashed(OTHER_PASSWORD))
            accounts.revise(desk, known, changed)
        return matches(hash, password)

    monkeypatch.setattr(passwords, "matches", slowly)
    browser = office.browser()
    assert browser.sign_in().status_code == 422
    assert not browser.is_signed_in()


AUTHORIZE = "/oauth/authorize?response_type=code&client_id=x&state=%C3%A9"


@pytest.mark.parametrize(
    "back", [AUTHORIZE, "/account", f"/account/email/confirm?key={'k' * 43}", "/account/password"]
)
def test_the_browser_goes_back_where_it_came_from(office: Office, back: str) -> None:
    office.account()
    browser = office.browser()
    page = browser.client.get("/account/sign-in", params={"return": back})
    assert f'name="return" value="{back.replace("&", "&amp;")}"' in page.text
    answer = browser.sign_in(**{"return": back})
    assert went_to(answer) == back


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
def test_the_browser_goes_nowhere_else(office: Office, back: str) -> None:
    office.account()
    browser = office.browser()
    assert browser.client.get("/account/sign-in", params={"return": back}).status_code == 400
    refused = browser.sign_in(**{"return": back})
    assert refused.status_code == 400
    assert "set-cookie" not in refused.headers


def test_the_form_may_lead_to_the_front_end_that_asked_and_no_other(office: Office) -> None:
    front_end = FrontEnd(name="Site", redirect_uris=("https://site.example/retour",))
    with office.store.writing():
        id = register_front_end(office.store, front_end, 0).client_id
    for uri, allowed in (
        ("https://site.example/retour", "'self' https://site.example"),
        ("https://site.example/other", "'self'"),
        ("https://evil.example/;script-src *", "'self'"),
    ):
        back = str(httpx2.URL("/oauth/authorize", params={"client_id": id, "redirect_uri": uri}))
        page = office.browser().client.get("/account/sign-in", params={"return": back})
        assert f"form-action {allowed};" in page.headers["content-security-policy"]


def test_whoever_comes_from_a_registered_front_end_reads_its_name(office: Office) -> None:
    front_end = FrontEnd(name="Portail <RH>", redirect_uris=("https://site.example/retour",))
    with office.store.writing():
        id = register_front_end(office.store, front_end, 0).client_id
    asked = {"client_id": id, "redirect_uri": "https://site.example/retour"}
    named = "Pour continuer vers <strong>Portail &lt;RH&gt;</strong>"
    for changes, said in (
        ({}, 1),
        ({"redirect_uri": "https://site.example/other"}, 0),
        ({"client_id": "x"}, 0),
    ):
        back = str(httpx2.URL("/oauth/authorize", params=asked | changes))
        assert office.browser().sign_in(password="", **{"return": back}).text.count(named) == said
        page = office.browser().client.get("/account/sign-in", params={"return": back}).text
        assert page.count(named) == page.count("Pour continuer vers") == said
    assert "Pour continuer vers" not in office.browser().get("/account/sign-in").text
    with office.store.writing():
        assert disable(office.store, id, 0)
    back = str(httpx2.URL("/oauth/authorize", params=asked))
    page = office.browser().client.get("/account/sign-in", params={"return": back}).text
    assert "Pour continuer vers" not in page


def test_other_providers_are_offered_with_the_way_back(office: Office) -> None:
    browser = with_providers(office, local=True)
    page = browser.client.get("/account/sign-in", params={"return": AUTHORIZE})
    way = "/account/with/proconnect?return=%2Foauth%2Fauthorize%3Fresponse_type%3Dcode%26"
    assert f'href="{way}' in page.text
    assert "Se connecter avec ProConnect" in page.text
    assert 'type="password"' in page.text


def test_without_local_accounts_there_are_only_other_providers(office: Office) -> None:
    office.account()
    browser = with_providers(office, local=False)
    page = browser.get("/account/sign-in")
    assert "ProConnect" in page.text
    assert "<form" not in page.text
    assert browser.sign_in().status_code == 404
    for path in ("register", "activate", "forgotten", "reset", "password", "email"):
        assert browser.get(f"/account/{path}").status_code == 404
        assert browser.post(f"/account/{path}").status_code == 404


def with_providers(office: Office, *, local: bool) -> Browser:
    account = office.accounts
    other = Accounts(
        account.store,
        account.key_store,
        account.master_key,
        account.public_url,
        account.workers,
        local=local,
        providers=(("proconnect", "ProConnect"),),
    )
    client = TestClient(
        Starlette(routes=other.routes()), account.public_url, follow_redirects=False
    )
    return Browser(client)

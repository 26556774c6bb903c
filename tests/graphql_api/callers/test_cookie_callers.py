"""Calls by the cookie of a session: who they are, what must prove that a page of ours sends them."""

import json
import threading
from typing import Any
from uuid import uuid4

import pytest
from starlette.requests import HTTPConnection

from graphql_api.callers.request_context import RequestContext
from graphql_api.operations.service import Service
from graphql_api.storage.tables import SessionTable
from tests.conftest import SERVICE, Caller
from tests.cookies import parsed
from tests.graphql_api.documents import ADD, WHOLE, entry, whole
from tests.graphql_api.site import OURS, SECRET, Browser, Site, named

READ = "{ booklet { id } }"
GONE = (SECRET, "", {"path=/", "httponly", "samesite=lax", "secure", "max-age=0"})
# What a browser says of where a request comes from → whether a page of ours may have sent it.
FROM: list[tuple[dict[str, str], bool]] = [
    ({"sec_fetch_site": "same-origin"}, True),
    ({"sec_fetch_site": "same-origin", "origin": SERVICE}, True),
    ({"origin": SERVICE}, True),
    ({"sec_fetch_site": "same-site"}, False),
    ({"sec_fetch_site": "cross-site"}, False),
    ({"sec_fetch_site": "none"}, False),
    ({"sec_fetch_site": "Same-Origin"}, False),
    ({"sec_fetch_site": ""}, False),
    ({"sec_fetch_site": "cross-site", "origin": SERVICE}, False),
    ({"origin": "null"}, False),
    ({"origin": "https://evil.example"}, False),
    ({"origin": f"{SERVICE}:444"}, False),
    ({"origin": f"{SERVICE}/"}, False),
    ({}, False),
]


def code(answer: Any) -> str:
    return str(answer.json()["errors"][0]["extensions"]["code"])


@pytest.fixture
def browser(site: Site) -> Browser:
    """A browser in which the owner of a booklet signed in."""
    site.with_booklet("owner")
    signed_in = site.browser()
    signed_in.sign_in("owner")
    return signed_in


def dossier(browser: Browser) -> str:
    return f"/dossiers/{whole(browser.caller())['dossiers'][0]['id']}.zip"


def test_a_page_of_ours_reads_and_writes_with_the_cookie_alone(browser: Browser) -> None:
    page = browser.caller()
    assert page.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"
    assert len(page.ask(WHOLE)["booklet"]["entries"]) == 1
    assert "set-cookie" not in page.post({"query": READ}).headers


@pytest.mark.parametrize(("headers", "allowed"), FROM)
@pytest.mark.parametrize("path", ["/graphql", "/booklet.json"])
def test_a_post_with_a_cookie_comes_from_a_page_of_ours(
    browser: Browser, path: str, headers: dict[str, str], allowed: bool
) -> None:
    body = {"query": READ} if path == "/graphql" else {"form": "no record"}
    sent = {"graphql-require-preflight": "1", **named(headers)}
    answer = browser.client.post(path, json=body, headers=sent)
    passed = 200 if path == "/graphql" else 422
    assert answer.status_code == (passed if allowed else 403)
    if not allowed:
        assert code(answer) == "CROSS_SITE"
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("path", ["/graphql", "/booklet.json"])
def test_a_form_cannot_post_with_a_cookie(browser: Browser, path: str) -> None:
    same = {"sec-fetch-site": "same-origin"}
    answer = browser.client.post(path, json={"query": READ}, headers=same)
    assert (answer.status_code, code(answer)) == (403, "CROSS_SITE")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data"):
        sent = {**OURS, "content-type": kind}
        assert browser.client.post(path, content=b"{}", headers=sent).status_code == 415


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"sec_fetch_site": "none"}, True),
        ({"sec_fetch_site": "same-origin"}, True),
        ({}, True),
        ({"sec_fetch_site": "same-site"}, False),
        ({"sec_fetch_site": "cross-site"}, False),
        ({"sec_fetch_site": "cross-site", "origin": SERVICE}, False),
        ({"sec_fetch_site": ""}, False),
    ],
)
def test_a_link_to_a_download_is_followed_from_our_pages_alone(
    browser: Browser, headers: dict[str, str], allowed: bool
) -> None:
    record = browser.get("/booklet.json", **headers)
    absent = browser.get(f"/dossiers/{uuid4()}.zip", **headers)
    assert (record.status_code, absent.status_code) == ((200, 404) if allowed else (403, 403))
    if not allowed:
        assert (code(record), code(absent)) == ("CROSS_SITE", "CROSS_SITE")


def test_the_record_is_downloaded_with_the_cookie_as_with_a_token(
    site: Site, browser: Browser
) -> None:
    token = site.bearer("owner").token
    bearer = site.client.get("/booklet.json", headers={"authorization": f"Bearer {token}"})
    mine = browser.get("/booklet.json", sec_fetch_site="same-origin")
    written = [{**one.json(), "exportedAt": None} for one in (bearer, mine)]
    assert mine.status_code == 200
    assert written[0] == written[1]
    other = site.browser()
    other.sign_in("other")
    assert other.get("/booklet.json").status_code == 404


def test_a_record_is_posted_with_the_cookie(site: Site, browser: Browser) -> None:
    browser.caller().do(ADD, entry=entry("diploma"))
    record = browser.get("/booklet.json").content
    site.with_booklet("other")
    other = site.browser()
    other.sign_in("other")
    sent = {**OURS, "content-type": "application/json"}
    answer = other.client.post("/booklet.json", content=record, headers=sent)
    assert (answer.status_code, answer.json()["imported"]["entries"]) == (200, 1)
    nobody = site.browser().client.post("/booklet.json", content=record, headers=sent)
    assert (nobody.status_code, code(nobody)) == (401, "UNAUTHENTICATED")


def test_a_file_that_comes_after_its_session_ended_is_not_imported(
    site: Site, browser: Browser
) -> None:
    record, store = browser.get("/booklet.json").content, site.here.deployment.store

    def parts() -> Any:
        yield record[:10]
        with store.writing():
            store.run(SessionTable.delete())
        store.disconnect()
        yield record[10:]

    sent = {**OURS, "content-type": "application/json"}
    answer = browser.client.post("/booklet.json", content=parts(), headers=sent)
    assert (answer.status_code, code(answer)) == (401, "UNAUTHENTICATED")
    assert parsed(answer.headers["set-cookie"]) == GONE


# --- a token beside the cookie


def test_beside_a_token_a_cookie_counts_for_nothing(site: Site, browser: Browser) -> None:
    other = site.with_booklet("other")
    both = Caller(browser.client, other.token, "both", {"sec-fetch-site": "cross-site"})
    assert both.ask(WHOLE) == other.ask(WHOLE)
    assert browser.caller().ask(WHOLE) != other.ask(WHOLE)
    bearer = {"authorization": f"Bearer {other.token}", "sec_fetch_site": "cross-site"}
    assert browser.get(dossier(browser), **bearer).status_code == 404
    mine = browser.get("/booklet.json", **bearer)
    assert mine.status_code == 200
    assert mine.json()["booklet"] != browser.get("/booklet.json").json()["booklet"]


@pytest.mark.parametrize(
    "authorization", ["Bearer x", "Bearer ", "", "Basic eDp5", "bearer", "DPoP x", "Bearer a b"]
)
def test_a_cookie_never_makes_up_for_a_bad_token(browser: Browser, authorization: str) -> None:
    answers = [
        browser.caller(authorization=authorization).post({"query": READ}),
        browser.get("/booklet.json", authorization=authorization),
        browser.get(dossier(browser), authorization=authorization),
    ]
    for answer in answers:
        assert (answer.status_code, code(answer)) == (401, "INVALID_TOKEN")
        assert "set-cookie" not in answer.headers
    assert "errors" not in browser.caller().post({"query": READ}).json()


def test_beside_a_token_a_stale_cookie_is_left_alone(site: Site) -> None:
    browser = site.browser()
    browser.secret = "A" * 43
    token = site.with_booklet("owner").token
    answer = Caller(browser.client, token, "both").post({"query": READ})
    assert answer.status_code == 200
    assert "set-cookie" not in answer.headers


# --- cookies of no session


@pytest.mark.parametrize(
    "secret", ["A" * 43, "x", "", "A" * 44, "é" * 43, "A" * 4_000, '"quoted"', "a=b", "\\000"]
)
def test_a_cookie_of_no_session_is_nobodys_and_is_taken_away(site: Site, secret: str) -> None:
    cookie = f"{SECRET}={secret}".encode()
    sent: dict[str, Any] = {**OURS, "cookie": cookie}
    client = site.browser().client
    answers = [
        client.post("/graphql", json={"query": READ}, headers=sent),
        client.get("/booklet.json", headers=sent),
        client.get(f"/dossiers/{uuid4()}.zip", headers=sent),
        client.get("/", headers={**sent, "accept": "text/html"}),
    ]
    for answer in answers:
        assert parsed(answer.headers["set-cookie"]) == GONE
        assert answer.headers["cache-control"] == "no-store"
    assert [code(answer) for answer in answers[:3]] == ["UNAUTHENTICATED"] * 3
    assert [answer.status_code for answer in answers[1:]] == [401, 401, 200]
    assert "Vous n’êtes pas connecté." in answers[3].text


def test_a_cookie_of_no_session_reads_what_is_public(site: Site) -> None:
    browser = site.browser()
    browser.secret = "A" * 43
    answer = browser.caller().post({"query": "{ rubrics { label } }"})
    assert len(answer.json()["data"]["rubrics"]) == 12
    assert parsed(answer.headers["set-cookie"]) == GONE


def test_the_name_without_its_prefix_is_not_the_cookie(browser: Browser) -> None:
    cookie = f"livret={browser.secret}".encode()
    sent: dict[str, Any] = {**OURS, "cookie": cookie}
    answer = browser.site.browser().client.post("/graphql", json={"query": READ}, headers=sent)
    assert code(answer) == "UNAUTHENTICATED"
    assert "set-cookie" not in answer.headers


def test_the_secret_is_no_token(browser: Browser) -> None:
    answer = Caller(browser.site.client, browser.secret, "thief").post({"query": READ})
    assert (answer.status_code, code(answer)) == (401, "INVALID_TOKEN")


def test_a_cookie_gives_no_more_than_its_scopes(browser: Browser) -> None:
    page = browser.caller()
    assert page.ask("{ officerOf { siret } }") == {"officerOf": []}
    assert page.ask(READ)["booklet"]


def test_no_caller_is_recognised_on_the_event_loop(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Keys and sessions are read from databases, for which every other request would wait."""
    threads: list[str] = []
    begin = Service.request_context

    def noted(service: Service, connection: HTTPConnection) -> RequestContext:
        threads.append(threading.current_thread().name)
        return begin(service, connection)

    monkeypatch.setattr(Service, "request_context", noted)
    browser.caller().post({"query": READ})
    for path in ("/", "/booklet.json", f"/dossiers/{uuid4()}.zip", f"/consents/{uuid4()}.jws"):
        browser.get(path, accept="text/html")
    assert len(threads) == 5
    assert all(name.startswith("operation") for name in threads), threads


def test_what_is_posted_in_vain_says_nothing_of_the_secret(browser: Browser) -> None:
    answer = browser.caller().post({"query": "{ nothing }"})
    assert answer.status_code == 400
    assert browser.secret
    assert browser.secret not in json.dumps(answer.json()) + str(answer.headers)

"""The headers of every answer, failures included."""

from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from graphql_api.web.http.security_headers import SecurityHeaders
from graphql_api.web.outermost import OutermostMiddleware
from graphql_api.web.page_facts import PageFacts
from tests.client import TestClient
from tests.conftest import SERVICE
from tests.graphql_api.site import OURS, Site, referrer_policy_of

JSON = {"content-type": "application/json"}
ALWAYS = {
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "strict-transport-security": "max-age=31536000",
}
API = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
PAGES = {"/sign-out", "/sign-in/back", "/", "/oauth/authorize"}
REQUESTS: list[tuple[str, str, int]] = [
    ("GET", "/nothing", 404),
    ("GET", "/sign-in", 303),
    ("GET", "/sign-in/back", 400),
    ("GET", "/sign-out", 200),
    ("POST", "/sign-out", 403),
    ("DELETE", "/sign-out", 405),
    ("GET", "/", 200),
    ("GET", "/graphql", 405),
    ("POST", "/graphql", 200),
    ("OPTIONS", "/graphql", 405),
    ("GET", "/booklet.json", 401),
    ("PUT", "/booklet.json", 405),
    ("GET", "/dossiers/6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11.zip", 401),
    ("GET", "/dossiers/x.zip", 404),
    ("GET", "/schema.graphql", 200),
    ("GET", "/reference.json", 200),
    ("GET", "/oauth/authorize", 400),
    ("POST", "/oauth/token", 400),
]


def check(answer: Any, page: bool = False) -> None:
    for name, value in ALWAYS.items():
        assert answer.headers.get_list(name) == [value], (name, answer.headers)
    assert answer.headers.get_list("referrer-policy") == [referrer_policy_of(answer)]
    (policy,) = answer.headers.get_list("content-security-policy")
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert page or policy == API
    assert len(answer.headers.get_list("cache-control")) == 1
    assert "server" not in answer.headers
    assert "unsafe" not in policy


@pytest.mark.parametrize(("method", "path", "status"), REQUESTS)
def test_every_answer_has_the_headers(site: Site, method: str, path: str, status: int) -> None:
    body = {"json": {"query": "{ __typename }"}} if (method, path) == ("POST", "/graphql") else {}
    headers = {"accept": "text/html" if path == "/" else "*/*"}
    answer = site.browser().client.request(
        method, path, headers=headers, follow_redirects=False, **body
    )
    assert answer.status_code == status
    check(answer, path in PAGES)
    public = path in ("/schema.graphql", "/reference.json")
    assert answer.headers["cache-control"] == ("public, max-age=300" if public else "no-store")


def test_an_answer_that_failed_outside_every_route_has_them_too() -> None:
    async def broken(_request: Request) -> None:
        raise RuntimeError("canary")

    failing = Starlette(routes=[Route("/", broken)])
    app = OutermostMiddleware(failing, SecurityHeaders(https=True), PageFacts())
    answer = TestClient(app, raise_server_exceptions=False).get("/")
    assert (answer.status_code, "canary" in answer.text) == (500, False)
    check(answer)
    assert answer.headers["cache-control"] == "no-store"


def test_answers_to_too_much_and_to_nonsense_have_them_too(site: Site) -> None:
    large = site.browser().client.post("/graphql", content=b" " * 300_000, headers=OURS | JSON)
    nonsense = site.browser().client.post("/graphql", content=b"\xff", headers=OURS | JSON)
    token = site.browser().client.post("/graphql", json={}, headers={"authorization": "Bearer x"})
    assert [one.status_code for one in (large, nonsense)] == [413, 400]
    for answer in (large, nonsense, token):
        check(answer)


def test_the_style_sheet_may_be_cached_and_nothing_personal_may(site: Site) -> None:
    style = site.browser().client.get("/assets/style.css")
    assert style.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert style.headers["content-type"] == "text/css; charset=utf-8"
    check(style)


def test_pages_load_nothing_but_our_own_style(site: Site) -> None:
    for path in ("/", "/sign-out", "/sign-in/back"):
        answer = site.browser().client.get(path, headers={"accept": "text/html"})
        policy = answer.headers["content-security-policy"]
        ours = "default-src 'none'; style-src 'self'; script-src 'self'; font-src 'self'; img-src 'self';"
        assert policy.startswith(f"{ours} form-action 'self'")
        assert answer.text.count("<script") == answer.text.count('<script src="/assets/pages.js?v=')
        assert "style=" not in answer.text
        assert 'href="/assets/style.css?v=' in answer.text


def test_over_plain_http_browsers_are_not_told_to_insist_on_https() -> None:
    plain = PlainTextResponse("x")
    client = TestClient(OutermostMiddleware(plain, SecurityHeaders(https=False), PageFacts()))
    answer = client.get("/")
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/sign-out",
        "/account/register",
        "/account/sign-in",
        "/account/forgotten",
        "/s/6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11",
    ],
)
def test_a_form_serves_in_browsers_that_tell_only_its_origin(site: Site, path: str) -> None:
    browser = site.browser()
    page = browser.get(path, accept="text/html")
    assert (page.status_code, "<form" in page.text) == (200, True)
    hidden = page.headers["referrer-policy"] == "no-referrer"  # Fetch: « append a request Origin »
    sent = browser.post(path, origin="null" if hidden else SERVICE)
    refused = browser.post(path, origin="null")
    assert (refused.status_code, refused.text == sent.text) == (403, False)

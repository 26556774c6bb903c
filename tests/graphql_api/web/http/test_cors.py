"""Calls from pages at other origins: those of registered front ends, with a token, never a cookie."""

import asyncio
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from graphql_api.app import create_application
from graphql_api.engine.workers import UnavailableError, WorkerPool
from graphql_api.identity_provider.oauth.clients import FrontEnd, register_front_end
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.web.http.cors import LIFETIME, LIFETIME_OF_ABSENCE, KnownOrigins
from tests.client import TestClient
from tests.clock import Clock
from tests.conftest import SERVICE, Here
from tests.graphql_api.site import OURS, Site

FRONT = "https://site.example"
STRANGER = "https://evil.example"
PATHS = [
    "/graphql",
    "/booklet.json",
    "/schema.graphql",
    "/reference.json",
    "/dossiers/6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11.zip",
    "/consents/6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11.jws",
]
READ = {"query": "{ booklet { id } }"}


@pytest.fixture
def registered(here: Here) -> Iterator[Site]:
    """The service, newly started, with a front end at another origin."""
    register(here, "Site", FRONT)
    with TestClient(create_application(here.deployment.settings), base_url=SERVICE) as client:
        yield Site(here, client)


def preflight(site: Site, path: str, origin: str, headers: str = "authorization") -> Any:
    asked = {
        "origin": origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": headers,
    }
    return site.client.options(path, headers=asked)


@pytest.mark.parametrize("path", PATHS)
def test_a_registered_front_end_may_call_the_api(registered: Site, path: str) -> None:
    answer = preflight(registered, path, FRONT)
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == FRONT
    assert answer.headers["access-control-allow-methods"] == "GET, POST"
    allowed = set(answer.headers["access-control-allow-headers"].split(", "))
    assert {"authorization", "content-type", "accept", "idempotency-key"} <= allowed
    assert {"traceparent", "tracestate", "baggage", "sentry-trace", "x-request-id"} <= allowed
    assert answer.headers["access-control-max-age"] == "600"
    assert "access-control-allow-credentials" not in answer.headers
    assert "Origin" in answer.headers["vary"].title()
    assert answer.content == b""


@pytest.mark.parametrize(
    "origin", [STRANGER, "null", "", "*", FRONT.upper(), f"{FRONT}.evil.example", f"{FRONT}:444"]
)
@pytest.mark.parametrize("path", PATHS)
def test_any_other_origin_is_allowed_nothing(registered: Site, path: str, origin: str) -> None:
    asked = preflight(registered, path, origin)
    called = registered.client.post(path, json=READ, headers={"origin": origin})
    for answer in (asked, called):
        told = [name for name in answer.headers if name.startswith("access-control")]
        assert told == []
        assert "origin" in answer.headers["vary"].lower()


def test_the_answers_can_be_read_refusals_included(registered: Site) -> None:
    caller = registered.with_booklet("owner")
    headers = {"origin": FRONT, "sec-fetch-site": "cross-site"}
    bearer = {"authorization": f"Bearer {caller.token}"}
    good = registered.client.post("/graphql", json=READ, headers=headers | bearer)
    bad = registered.client.post("/graphql", json=READ, headers=headers | {"authorization": "x"})
    wrong = registered.client.get("/graphql", headers=headers)
    large = registered.client.post("/graphql", content=b" " * 300_000, headers=headers | OURS)
    record = registered.client.get("/booklet.json", headers=headers | bearer)
    assert [one.status_code for one in (good, bad, wrong)] == [200, 401, 405]
    assert large.status_code in (413, 415)
    assert record.status_code == 200
    for answer in (good, bad, wrong, large, record):
        assert answer.headers["access-control-allow-origin"] == FRONT
        exposed = answer.headers["access-control-expose-headers"]
        assert exposed == "Content-Disposition, ETag, Retry-After, WWW-Authenticate, X-Request-Id"
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origin", [FRONT, STRANGER])
def test_a_cookie_from_another_origin_is_refused(registered: Site, origin: str) -> None:
    browser = registered.browser()
    browser.sign_in("owner")
    for site in ("cross-site", "same-site", None):
        fetched = {"sec-fetch-site": site} if site else {}
        sent = {"graphql-require-preflight": "1", "origin": origin, **fetched}
        answer = browser.client.post("/graphql", json=READ, headers=sent)
        assert answer.status_code == 403
        assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize(
    "path", ["/", "/sign-in", "/sign-out", "/sign-in/back", "/assets/style.css"]
)
def test_what_is_for_people_is_shared_with_no_origin(registered: Site, path: str) -> None:
    asked = preflight(registered, path, FRONT)
    read = registered.client.get(path, headers={"origin": FRONT}, follow_redirects=False)
    for answer in (asked, read):
        assert not [name for name in answer.headers if name.startswith("access-control")]
    assert asked.status_code == 405


def test_options_without_a_preflight_is_no_preflight(registered: Site) -> None:
    assert registered.client.options("/graphql", headers={"origin": FRONT}).status_code == 405


def test_our_own_page_needs_no_permission(registered: Site) -> None:
    answer = registered.client.post("/graphql", json=READ, headers={"origin": SERVICE})
    assert answer.status_code == 200
    assert "access-control-allow-origin" not in answer.headers


def register(here: Here, name: str, origin: str) -> None:
    front_end = FrontEnd(name, (f"{origin}/retour",), (origin,))
    with here.deployment.store.writing():
        register_front_end(here.deployment.store, front_end, 0)


def told(answer: Any) -> str | None:
    origin = answer.headers.get("access-control-allow-origin")
    return origin if origin is None else str(origin)


def test_a_front_end_is_known_a_second_after_its_registration(here: Here, registered: Site) -> None:
    clock = here.clock
    clock.stop(clock())
    with TestClient(
        create_application(here.deployment.settings, clock), base_url=SERVICE
    ) as client:
        site = Site(here, client)
        new = "https://nouveau.example"
        assert told(preflight(site, "/graphql", new)) is None
        register(here, "Nouveau", new)
        clock.moved = LIFETIME_OF_ABSENCE
        for path in ("/graphql", "/oauth/token", "/oauth/userinfo"):
            assert told(preflight(site, path, new)) == new
            assert told(preflight(site, path, FRONT)) == FRONT


def test_all_that_come_at_once_are_answered_alike(here: Here) -> None:
    new = "https://nouveau.example"
    asked = {"origin": new, "access-control-request-method": "POST"}

    async def ask(app: Any) -> list[Any]:
        transport = httpx2.ASGITransport(app)
        async with httpx2.AsyncClient(transport=transport, base_url=SERVICE) as client:
            paths = (*PATHS, "/oauth/token")
            return await asyncio.gather(*(client.options(path, headers=asked) for path in paths))

    here.clock.stop(here.clock())
    app = create_application(here.deployment.settings, here.clock)
    with TestClient(app, base_url=SERVICE) as client:
        register(here, "Nouveau", new)
        here.clock.moved = LIFETIME
        assert client.portal is not None
        answers = client.portal.call(ask, app)
    assert [told(answer) for answer in answers] == [new] * 7


@pytest.mark.parametrize("path", ["/oauth/token", "/oauth/revoke", "/oauth/userinfo"])
@pytest.mark.parametrize(
    ("fault", "status"),
    [(None, 400), (RuntimeError("canary"), 500), (StoreUnavailableError("x"), 503)],
)
def test_the_errors_of_the_issuer_can_be_read(
    registered: Site,
    monkeypatch: pytest.MonkeyPatch,
    path: str,
    fault: Exception | None,
    status: int,
) -> None:
    def failing(_store: Store) -> Any:
        raise fault or AssertionError

    if fault is not None:
        monkeypatch.setattr(Store, "reading", failing)
        monkeypatch.setattr(Store, "writing", failing)
    answer = registered.client.post(path, data={"a": "1"}, headers={"origin": FRONT})
    large = registered.client.post(path, content=b"x" * 40_000, headers={"origin": FRONT})
    if fault is not None or path == "/oauth/token":
        assert answer.status_code == status
    assert large.status_code == 400
    for one in (answer, large):
        assert told(one) == FRONT
        assert "canary" not in one.text


@pytest.mark.parametrize(
    ("fault", "status"), [(RuntimeError("canary"), 500), (StoreUnavailableError("x"), 503)]
)
def test_the_errors_of_public_keys_can_be_read_by_all(
    registered: Site, monkeypatch: pytest.MonkeyPatch, fault: Exception, status: int
) -> None:
    def failing(_store: Store) -> Any:
        raise fault

    monkeypatch.setattr(Store, "reading", failing)
    answer = registered.client.get("/oauth/jwks", headers={"origin": STRANGER})
    assert (answer.status_code, told(answer)) == (status, "*")
    assert answer.headers["cache-control"] == "no-store"


def test_origins_are_read_once_for_all_and_kept_while_they_cannot_be() -> None:
    reads: list[str] = []
    given: list[Any] = [
        frozenset({FRONT}),
        UnavailableError(),
        RuntimeError("canary"),
        frozenset({STRANGER}),
    ]
    clock = Clock()
    clock.stop(clock())

    def read() -> frozenset[str]:
        reads.append("read")
        found = given[len(reads) - 1]
        if isinstance(found, Exception):
            raise found
        return frozenset(found)

    async def run() -> list[list[bool]]:
        async with WorkerPool(1, 4) as workers:
            known = KnownOrigins(workers, read, clock)

            async def at_once() -> list[bool]:
                return await asyncio.gather(*(known(FRONT) for _ in range(4)))

            first, again = await at_once(), await at_once()
            clock.moved = LIFETIME
            return [first, again, await at_once(), await at_once(), await at_once()]

    first, again, unavailable, failed, removed = asyncio.run(run())
    assert first == again == unavailable == failed == [True] * 4
    assert removed == [False] * 4
    assert len(reads) == 4

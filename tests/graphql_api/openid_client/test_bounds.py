"""A provider that hangs, drips, floods or redirects, on a real network of this machine."""

import asyncio
import contextlib
import gzip
import threading
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import uvicorn
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response, StreamingResponse

from graphql_api.openid_client import http
from graphql_api.openid_client.errors import ProviderUnavailableError
from graphql_api.openid_client.http import client_for
from tests.graphql_api.openid_client.provider import (
    SUBJECT,
    OpenIdProviderOfTests,
    fault,
    signed_in,
    visit,
)
from tests.patience import PATIENCE_SECONDS


@pytest.fixture(scope="module")
def network() -> Iterator[OpenIdProviderOfTests]:
    """A provider behind a real server."""
    op = OpenIdProviderOfTests()
    config = uvicorn.Config(
        op.app(), port=0, log_config=None, lifespan="off", timeout_graceful_shutdown=0
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    op.issuer = f"http://127.0.0.1:{port}"
    yield op
    server.should_exit = server.force_exit = True
    thread.join(PATIENCE_SECONDS)


def at_path(path: str, answer: Any) -> Any:
    return lambda request, response: answer(request) if request.url.path == path else response


def outcome(op: OpenIdProviderOfTests) -> str:
    """Sign in over the network, and return the outcome."""

    async def run() -> str:
        us = visit(op, network=True)
        try:
            return (await us.sign_in()).subject
        except ProviderUnavailableError as down:
            return down.code
        finally:
            await us.client._http.aclose()

    return asyncio.run(run())


PATHS = ("/.well-known/openid-configuration", "/token", "/jwks", "/userinfo")


def test_a_whole_sign_in_takes_five_seconds_at_most() -> None:
    assert http.WHOLE_SECONDS <= 5


def test_a_sign_in_over_the_network_succeeds(network: OpenIdProviderOfTests) -> None:
    network.answers = lambda _request, response: response
    assert outcome(network) == SUBJECT


@pytest.mark.parametrize("path", PATHS)
def test_a_provider_that_hangs_is_down_in_time(
    network: OpenIdProviderOfTests, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.4)

    async def never() -> AsyncIterator[bytes]:
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.sleep(PATIENCE_SECONDS)
        yield b""

    network.answers = at_path(path, lambda _: StreamingResponse(never()))
    assert outcome(network) == "timeout"


@pytest.mark.parametrize("path", PATHS)
def test_a_provider_that_drips_is_down_in_time(
    network: OpenIdProviderOfTests, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http, "WHOLE_SECONDS", 0.4)

    async def drips() -> AsyncIterator[bytes]:
        while True:
            yield b" "
            await asyncio.sleep(0.05)

    network.answers = at_path(path, lambda _: StreamingResponse(drips()))
    assert outcome(network) == "timeout"


@pytest.mark.parametrize("path", PATHS)
def test_a_provider_that_floods_is_stopped(network: OpenIdProviderOfTests, path: str) -> None:
    async def flood() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 100_000

    network.answers = at_path(path, lambda _: StreamingResponse(flood()))
    assert outcome(network) == "too_large"


def test_what_is_compressed_is_not_unpacked(network: OpenIdProviderOfTests) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    headers = {"content-encoding": "gzip"}
    network.answers = at_path(PATHS[0], lambda _: Response(bomb, headers=headers))
    assert outcome(network) == "discovery"


@pytest.mark.parametrize("path", PATHS)
def test_no_redirect_is_followed(network: OpenIdProviderOfTests, path: str) -> None:
    network.answers = at_path(path, lambda _: RedirectResponse("/elsewhere"))
    network.asked.clear()
    assert outcome(network) == "status"
    assert network.asked[-1] == path


@pytest.mark.parametrize("status", [100 + 99, 204, 304, 403, 404, 429, 500, 503])
def test_an_endpoint_that_fails_is_a_provider_down(status: int) -> None:
    failing = at_path(PATHS[0], lambda _: Response(b"{}", status))
    expected = "discovery" if status in (204, 403, 404, 429) else "status"
    assert fault(OpenIdProviderOfTests(answers=failing)) == expected


def test_a_provider_that_is_not_there_is_down() -> None:
    assert outcome(OpenIdProviderOfTests(issuer="http://127.0.0.1:1")) == "unreachable"


def test_no_cookie_of_a_provider_goes_from_one_sign_in_to_another(
    network: OpenIdProviderOfTests,
) -> None:
    def with_cookie(request: Request, response: Response) -> Response:
        response.set_cookie("session", "of-the-first")
        return response

    network.answers = with_cookie
    network.requests.clear()

    async def twice() -> None:
        us = visit(network, network=True)
        await us.sign_in()
        await us.sign_in()
        await us.client._http.aclose()

    asyncio.run(twice())
    assert len(network.requests) > 4
    assert not any("cookie" in request.headers for request in network.requests)


def test_what_is_at_our_own_address_is_asked_without_the_network() -> None:
    op = OpenIdProviderOfTests(issuer="https://livret.example:8443/op")

    async def ask() -> int:
        async with client_for(op.issuer, op.app()) as ours:
            return (await ours.get("https://livret.example:8443/jwks")).status_code

    assert asyncio.run(ask()) == 200


def test_a_fault_of_our_own_provider_is_a_provider_down() -> None:
    def breaks(_request: Request, _response: Response) -> Response:
        raise RuntimeError

    assert fault(OpenIdProviderOfTests(answers=breaks)) == "status"
    assert signed_in(OpenIdProviderOfTests()).subject == SUBJECT

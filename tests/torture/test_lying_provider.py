"""An OpenID provider upstream that lies, hangs, drips or is down: nobody is signed in, and in time."""

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from joserfc.jwk import OctKey
from starlette.responses import Response, StreamingResponse

from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from tests.graphql_api.openid_client.provider import (
    EC,
    NOW,
    OTHER_EC,
    SUBJECT,
    OpenIdProviderOfTests,
    signed_in,
    with_,
)
from tests.graphql_api.openid_client.test_bounds import PATHS, at_path, outcome
from tests.patience import PATIENCE_SECONDS
from tests.torture.figures import Figures

pytestmark = pytest.mark.torture

LIMIT_SECONDS = 6
UNSIGNED = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0."
CLAIMS: tuple[dict[str, Any], ...] = (
    {"iss": "https://evil.example"},
    {"iss": "https://op.example/"},
    {"iss": ...},
    {"aud": "another"},
    {"aud": ["livret", "another"]},
    {"aud": ...},
    {"nonce": "another"},
    {"nonce": ...},
    {"exp": NOW - 60},
    {"exp": ...},
    {"iat": NOW + 300},
    {"sub": ""},
    {"sub": ...},
    {"auth_time": NOW + 300},
    {"at_hash": "not-of-this-token"},
)
HMAC = OctKey.import_key("s" * 32, {"alg": "HS256", "kid": EC.kid or ""})
LIES: tuple[dict[str, Any], ...] = (
    *({"claims": with_(**claims)} for claims in CLAIMS),
    {"tokens": with_(id_token=UNSIGNED)},
    {"tokens": with_(id_token=...)},
    {"key": HMAC},
    {"key": OTHER_EC},
    {"key": OTHER_EC, "header": with_(kid=EC.kid)},
    {"discovery": with_(issuer="https://evil.example")},
    {"userinfo": with_(sub="somebody-else")},
)


def is_signed_in(op: OpenIdProviderOfTests) -> bool:
    try:
        return signed_in(op).subject is not None
    except (SignInRefusedError, ProviderUnavailableError):
        return False


def test_a_provider_that_lies_signs_nobody_in(figures: Figures) -> None:
    believed = [lie for lie in LIES if is_signed_in(OpenIdProviderOfTests(**lie))]
    figures.size("lies", len(LIES))
    figures.exactly("lies that signed somebody in", len(believed), 0)
    figures.exactly("honest sign-ins refused", int(not is_signed_in(OpenIdProviderOfTests())), 0)


def test_a_provider_whose_key_changes_is_believed_under_its_new_key(figures: Figures) -> None:
    op = OpenIdProviderOfTests(key=OTHER_EC, published=[OTHER_EC])
    old = OpenIdProviderOfTests(key=EC, published=[OTHER_EC])
    figures.exactly("sign-ins under a new key that is published", is_signed_in(op), goal=True)
    figures.exactly("sign-ins under a key that was withdrawn", is_signed_in(old), goal=False)


async def hangs() -> AsyncIterator[bytes]:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.sleep(PATIENCE_SECONDS)
    yield b""


async def drips() -> AsyncIterator[bytes]:
    while True:
        yield b" "
        await asyncio.sleep(0.05)


def test_a_provider_that_is_slow_or_down_is_given_up_in_time(
    network: OpenIdProviderOfTests, figures: Figures, times: Callable[[int, int], int]
) -> None:
    faults: list[Callable[[Any], Response]] = [
        lambda _: StreamingResponse(hangs()),
        lambda _: StreamingResponse(drips()),
        lambda _: Response(b"{}", 503),
    ]
    longest, accepted, tried = 0.0, 0, 0
    for path in PATHS[: times(1, len(PATHS))]:
        for fault in faults:
            network.answers = at_path(path, fault)
            began = time.monotonic()
            accepted += outcome(network) == SUBJECT
            longest, tried = max(longest, time.monotonic() - began), tried + 1
    network.answers = lambda _request, response: response
    figures.size("endpoints that hang, drip or fail", tried)
    figures.exactly("sign-ins at one of them", accepted, 0)
    figures.under("the longest wait", longest, LIMIT_SECONDS)
    figures.exactly("sign-in once it is back", outcome(network) == SUBJECT, goal=True)

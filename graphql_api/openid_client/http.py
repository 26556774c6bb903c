"""Requests to a provider: bounded in size and time, without redirects and cookies."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import cache
from http.cookiejar import CookieJar, DefaultCookiePolicy
from ssl import SSLContext
from typing import Any
from urllib.parse import urlsplit

import httpx2
from starlette.types import ASGIApp

from graphql_api.openid_client.errors import ProviderUnavailableError

WHOLE_SECONDS = 5.0
MOST_BYTES = 1_000_000

for _name in ("authlib", "httpx2", "httpcore2"):
    logging.getLogger(_name).setLevel(logging.WARNING)  # lines below hold codes and tokens


def client_for(public_url: str, app: ASGIApp | None = None) -> httpx2.AsyncClient:
    """Make an HTTP client that reaches `app` under the origin of `public_url`, else the network.

    One client serves everybody's sign-ins, so it keeps no cookie. The proxies and certificates
    that the environment names (`HTTPS_PROXY`, `SSL_CERT_FILE`) are used.
    """
    mounts: dict[str, httpx2.AsyncBaseTransport | None] = {}
    if app is not None:
        origin = urlsplit(public_url)
        inside: Any = app  # httpx2 and Starlette name the same protocol in different words
        transport = httpx2.ASGITransport(inside, raise_app_exceptions=False)
        mounts[f"{origin.scheme}://{origin.netloc}"] = transport
    return httpx2.AsyncClient(
        mounts=mounts,
        verify=_ssl_context(),
        timeout=WHOLE_SECONDS,
        follow_redirects=False,
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        headers={"accept-encoding": "identity"},
    )


@cache
def _ssl_context() -> SSLContext:
    """The trusted certificates, read once: that takes longer than all the rest."""
    return httpx2.create_ssl_context()


@asynccontextmanager
async def time_limit() -> AsyncIterator[None]:
    """Raise `ProviderUnavailableError` when the block is not done after five seconds."""
    try:
        async with asyncio.timeout(WHOLE_SECONDS):
            yield
    except TimeoutError:
        raise ProviderUnavailableError("timeout") from None


class HttpAnswer:
    """The answer of a provider, read whole."""

    __slots__ = ("body", "status")

    def __init__(self, status: int, body: bytes) -> None:
        self.status = status
        self.body = body

    def json(self) -> dict[str, Any] | None:
        """The JSON object of the answer, or None when it is not one."""
        try:
            value = json.loads(self.body)
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None


async def request(http: httpx2.AsyncClient, method: str, url: str, **options: Any) -> HttpAnswer:
    """Send a request and return the answer, 2xx or 4xx; else `ProviderUnavailableError`."""
    body = b""
    try:
        options["follow_redirects"] = False
        async with http.stream(method, url, **options) as response:
            async for chunk in response.aiter_raw():
                body += chunk
                if len(body) > MOST_BYTES:
                    raise ProviderUnavailableError("too_large")
    except (httpx2.HTTPError, httpx2.InvalidURL, httpx2.StreamError, OSError, ValueError) as error:
        raise ProviderUnavailableError("unreachable") from error
    if not response.is_success and not response.is_client_error:
        raise ProviderUnavailableError("status")
    return HttpAnswer(response.status_code, body)

"""A provider's metadata and signing keys, cached for an hour.

Keys are read again when a token names a key that is not among them, at most once a minute: a
provider that changed its keys is trusted at once, and made-up key ids are no load on it.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx2
from joserfc.errors import JoseError
from joserfc.jwk import JWKRegistry, KeySet

from graphql_api.clock import Clock
from graphql_api.openid_client.errors import ProviderUnavailableError
from graphql_api.openid_client.http import request
from graphql_api.openid_client.provider_urls import is_safe_url

LIFETIME = timedelta(hours=1)
REREAD_PAUSE = timedelta(minutes=1)
_PATH = "/.well-known/openid-configuration"
_OK = 200
_MOST_KEYS = 100


@dataclass(frozen=True, slots=True)
class ProviderEndpoints:
    """The part of a discovery document that a sign-in needs; every address is safe."""

    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str | None
    end_session_endpoint: str | None
    names_itself: bool


class ProviderMetadata:
    """A provider's metadata and keys, read when they are first needed."""

    def __init__(self, issuer: str, http: httpx2.AsyncClient, clock: Clock) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._lock = asyncio.Lock()
        self._endpoints: tuple[datetime, ProviderEndpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None
        self._reread_at: datetime | None = None

    async def endpoints(self) -> ProviderEndpoints:
        """The metadata; `ProviderUnavailableError` when its issuer is not the configured one."""
        async with self._lock:
            if self._endpoints is None or self._is_older(self._endpoints[0], LIFETIME):
                self._endpoints = self._clock(), await self._read_endpoints()
            return self._endpoints[1]

    async def keys(self, kid: str | None) -> KeySet:
        """The keys, read again when the named one is not among them."""
        uri = (await self.endpoints()).jwks_uri
        async with self._lock:
            if self._keys is None or self._is_older(self._keys[0], LIFETIME):
                self._keys = self._clock(), await self._read_keys(uri)
            elif not _holds(self._keys[1], kid) and self._may_reread():
                self._reread_at = self._clock()  # before it: a reading that fails counts too
                self._keys = self._clock(), await self._read_keys(uri)
            return self._keys[1]

    def _may_reread(self) -> bool:
        return self._reread_at is None or self._is_older(self._reread_at, REREAD_PAUSE)

    def _is_older(self, moment: datetime, than: timedelta) -> bool:
        return self._clock() - moment >= than

    async def _read_endpoints(self) -> ProviderEndpoints:
        answer = await request(self._http, "GET", self._issuer.rstrip("/") + _PATH)
        said = answer.json() if answer.status == _OK else None
        if said is None:
            raise ProviderUnavailableError("discovery")
        if said.get("issuer") != self._issuer:
            raise ProviderUnavailableError("discovery_issuer")
        return ProviderEndpoints(
            authorization_endpoint=self._address(said, "authorization_endpoint"),
            token_endpoint=self._address(said, "token_endpoint"),
            jwks_uri=self._address(said, "jwks_uri"),
            userinfo_endpoint=self._address_or_none(said, "userinfo_endpoint"),
            end_session_endpoint=self._address_or_none(said, "end_session_endpoint"),
            names_itself=said.get("authorization_response_iss_parameter_supported") is True,
        )

    def _address_or_none(self, said: dict[str, Any], name: str) -> str | None:
        return self._address(said, name) if said.get(name) is not None else None

    def _address(self, said: dict[str, Any], name: str) -> str:
        address = said.get(name)
        if not isinstance(address, str) or not is_safe_url(address, self._issuer):
            raise ProviderUnavailableError("discovery_address")
        return address

    async def _read_keys(self, uri: str) -> KeySet:
        answer = await request(self._http, "GET", uri)
        said = (answer.json() or {}).get("keys") if answer.status == _OK else None
        if not isinstance(said, list):
            raise ProviderUnavailableError("keys")
        keys = [key for one in said[:_MOST_KEYS] for key in _verifying_keys(one)]
        if not keys:
            raise ProviderUnavailableError("keys")
        return KeySet(keys)


def _verifying_keys(said: Any) -> list[Any]:
    """The key that a JWK describes, if it is one that verifies signatures; else none."""
    if not isinstance(said, dict) or said.get("kty") not in ("RSA", "EC") or "d" in said:
        return []
    if said.get("use", "sig") != "sig":
        return []
    with suppress(JoseError, ValueError, TypeError, KeyError, AttributeError):
        return [JWKRegistry.import_key(said)]
    return []


def _holds(keys: KeySet, kid: str | None) -> bool:
    return kid is None or any(key.kid == kid for key in keys)

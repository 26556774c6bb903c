"""The keys with which access tokens are verified: the embedded issuer's, or those that another publishes.

The keys are kept for a few minutes, and read again when a token names an unknown key, so that new
keys of a provider work at once. A pause between readings keeps made-up key ids from becoming a load
on the issuer (RFC 8725 says to expect them).
"""

import asyncio
import time
from collections.abc import Callable
from datetime import datetime
from threading import Lock

from joserfc.jwk import KeySet

from graphql_api.engine.workers import UnavailableError
from graphql_api.openid_client.errors import ProviderUnavailableError
from graphql_api.openid_client.http import client_for, time_limit
from graphql_api.openid_client.metadata import ProviderMetadata

LIFETIME_SECONDS = 300.0
PAUSE_SECONDS = 5.0
ELSEWHERE_PAUSE_SECONDS = 60.0


class TokenKeys:
    """The issuer's public keys as they were last read; `read` may raise `UnavailableError`."""

    def __init__(
        self,
        read: Callable[[], KeySet],
        *,
        pause: float = PAUSE_SECONDS,
        lifetime: float = LIFETIME_SECONDS,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._read = read
        self._pause = pause
        self._lifetime = lifetime
        self._timer = timer
        self._lock = Lock()
        self._keys = KeySet([])
        self._tried_at: float | None = None
        self._read_at: float | None = None

    def with_key_id(self, kid: object) -> KeySet:
        """The keys, read again if none has the id `kid` or they are old.

        Raises `UnavailableError` as long as the issuer was never reached; later its last keys serve.
        """
        with self._lock:
            if self._is_time_to_read(kid):
                self._tried_at = self._timer()
                try:
                    self._keys = self._read()
                except UnavailableError:
                    if self._read_at is None:
                        self._tried_at = None
                        raise
                else:
                    self._read_at = self._tried_at
            return self._keys

    def _is_time_to_read(self, kid: object) -> bool:
        if self._read_at is None or self._tried_at is None:
            return True
        now = self._timer()
        unknown = all(key.kid != kid for key in self._keys.keys)
        return now - self._tried_at >= (self._pause if unknown else self._lifetime)


def remote_token_keys(issuer: str, clock: Callable[[], datetime]) -> TokenKeys:
    """The keys that an external issuer publishes (OpenID Connect Discovery 1.0)."""

    def read() -> KeySet:
        return asyncio.run(_published(issuer, clock))

    return TokenKeys(read, pause=ELSEWHERE_PAUSE_SECONDS)


async def _published(issuer: str, clock: Callable[[], datetime]) -> KeySet:
    try:
        async with client_for(issuer) as http, time_limit():
            return await ProviderMetadata(issuer, http, clock).keys(None)
    except ProviderUnavailableError as error:
        raise UnavailableError(error.code) from error

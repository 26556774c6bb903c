"""The keys with which access tokens of another issuer are verified.

The keys are kept for a few minutes, and read again when a token names an unknown key, so that new
keys of a provider work at once. A pause between readings keeps made-up key ids from becoming a load
on the issuer (RFC 8725 says to expect them).
"""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Lock

from joserfc.jwk import KeySet

from graphql_api.clock import Clock
from graphql_api.engine.workers import UnavailableError
from graphql_api.openid_client.errors import ProviderUnavailableError
from graphql_api.openid_client.http import client_for, time_limit
from graphql_api.openid_client.metadata import ProviderMetadata

LIFETIME = timedelta(minutes=5)
PAUSE = timedelta(seconds=5)
ELSEWHERE_PAUSE = timedelta(minutes=1)


class TokenKeys:
    """The issuer's public keys as they were last read; `read` may raise `UnavailableError`."""

    def __init__(
        self,
        read: Callable[[], KeySet],
        clock: Clock,
        *,
        pause: timedelta = PAUSE,
        lifetime: timedelta = LIFETIME,
    ) -> None:
        self._read = read
        self._pause = pause
        self._lifetime = lifetime
        self._clock = clock
        self._lock = Lock()
        self._keys = KeySet([])
        self._ids: tuple[str | None, ...] = ()
        self._tried_at: datetime | None = None
        self._read_at: datetime | None = None

    def with_key_id(self, kid: object) -> KeySet:
        """The keys, read again if none has the id `kid` or they are old.

        Raises `UnavailableError` as long as the issuer was never reached; later its last keys serve.
        """
        with self._lock:
            if self._is_time_to_read(kid):
                self._tried_at = self._clock()
                try:
                    self._keys = self._read()
                    self._ids = tuple(key.kid for key in self._keys.keys)
                except UnavailableError:
                    if self._read_at is None:
                        self._tried_at = None
                        raise
                else:
                    self._read_at = self._tried_at
            return self._keys

    def is_registered(self, _client: object) -> bool:
        """Yes: the issuer gives tokens to its own clients, and tells nobody who they are."""
        return True

    def _is_time_to_read(self, kid: object) -> bool:
        if self._read_at is None or self._tried_at is None:
            return True
        age = self._clock() - self._tried_at
        unknown = kid not in self._ids
        set_back = age < timedelta()  # the clock was; how old the keys are is not known any more
        return set_back or age >= (self._pause if unknown else self._lifetime)


def remote_token_keys(issuer: str, clock: Clock) -> TokenKeys:
    """The keys that an external issuer publishes (OpenID Connect Discovery 1.0)."""

    def read() -> KeySet:
        return asyncio.run(_published(issuer, clock))

    return TokenKeys(read, clock, pause=ELSEWHERE_PAUSE)


async def _published(issuer: str, clock: Clock) -> KeySet:
    try:
        async with client_for(issuer) as http, time_limit():
            return await ProviderMetadata(issuer, http, clock).keys(None)
    except ProviderUnavailableError as error:
        raise UnavailableError(error.code) from error

"""Signatures of access tokens that were verified already, so that each is verified once.

Kept are digests of whole tokens and nothing of what they say: times, issuer, audience and scopes
are checked at each request. The digests serve for one set of published keys: once other keys are
published, every token is verified anew, so that one under a withdrawn key is refused.
"""

import base64
import hashlib
from collections import OrderedDict
from threading import Lock
from typing import Any

import orjson
from joserfc import jwt
from joserfc.jwk import KeySet

from graphql_api.identity_provider.oauth.token_format import ALGORITHMS

MAX_SIGNATURES = 10_000


class VerifiedSignatures:
    """The digests of at most `size` tokens that the present keys have verified."""

    def __init__(self, size: int = MAX_SIGNATURES) -> None:
        self._size = size
        self._lock = Lock()
        self._keys: KeySet | None = None
        self._digests: OrderedDict[bytes, None] = OrderedDict()

    def claims(self, token: str, keys: KeySet) -> dict[str, Any]:
        """The claims of a token that `keys` verify. Raises `JoseError` or `ValueError`.

        Whether the claims hold at this time and for this service is the caller's to check.
        """
        digest = hashlib.sha256(token.encode()).digest()
        if not self._is_known(digest, keys):
            jwt.decode(token, keys, algorithms=ALGORITHMS)
            self._remember(digest, keys)
        return token_part(token, 1)

    def __len__(self) -> int:
        return len(self._digests)

    def _is_known(self, digest: bytes, keys: KeySet) -> bool:
        with self._lock:
            if keys is not self._keys or digest not in self._digests:
                return False
            self._digests.move_to_end(digest)
            return True

    def _remember(self, digest: bytes, keys: KeySet) -> None:
        with self._lock:
            if keys is not self._keys:
                self._keys = keys
                self._digests.clear()
            self._digests[digest] = None
            if len(self._digests) > self._size:
                self._digests.popitem(last=False)


def token_part(token: str, number: int) -> dict[str, Any]:
    """The header (0) or the claims (1) of a signed token, verified or not (RFC 7519, section 7.2).

    Raises `ValueError`.
    """
    encoded = token.split(".", 2)[number]
    read: object = orjson.loads(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)))
    if not isinstance(read, dict):
        raise ValueError("a part of a token is no object")
    return read

"""Access tokens as the embedded issuer signs them, made without a sign-in: most tests are not about it."""

import time
import uuid

from joserfc import jwt
from joserfc.jwk import ECKey

from graphql_api.identity_provider.signing_keys import current_key
from graphql_api.settings import Settings
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store
from tests.clock import Clock


def signing_key(store: Store, settings: Settings) -> ECKey:
    """The key with which the service signs now."""
    with store.reading():
        return current_key(store, settings.master_key, to_microseconds(Clock()()))


def access_token(
    key: ECKey,
    settings: Settings,
    *,
    subject: str,
    scope: str,
    signed_in_at: int | None = None,
    client: str = "front-end",
) -> str:
    """An RFC 9068 access token of ten minutes; of a machine, when `subject` is its client id."""
    now = int(time.time())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": subject,
        "client_id": client,
        "scope": scope,
        "auth_time": now if signed_in_at is None else signed_in_at,
        "iat": now,
        "exp": now + 600,
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key)

"""Access tokens as the embedded issuer signs them, made without a sign-in: most tests are not about it."""

import uuid
from datetime import timedelta

from joserfc import jwt
from joserfc.jwk import ECKey

from graphql_api.clock import Clock, utc_now
from graphql_api.configuration.settings import OWN_CLIENT, Settings
from graphql_api.identity_provider.signing_keys import current_key
from graphql_api.operations.service import Service
from graphql_api.storage.operation import to_microseconds

LASTS = timedelta(days=800)  # however far a test moves the clock of its service


def signing_key(service: Service) -> ECKey:
    """The key with which the service signs now."""
    with service.store.reading():
        return current_key(service.store, service.service_keys, to_microseconds(utc_now()))


def access_token(
    key: ECKey,
    settings: Settings,
    *,
    subject: str,
    scope: str,
    signed_in_at: int | None = None,
    client: str = OWN_CLIENT,
    clock: Clock = utc_now,
) -> str:
    """Return an RFC 9068 access token; a machine's, when `subject` is its client id."""
    now = int(clock().timestamp())
    claims = {
        "iss": settings.token_issuer,
        "aud": settings.token_audience,
        "sub": subject,
        "client_id": client,
        "scope": scope,
        "auth_time": now if signed_in_at is None else signed_in_at,
        "iat": now,
        "exp": now + int(LASTS.total_seconds()),
        "jti": str(uuid.uuid4()),
    }
    return jwt.encode({"alg": "ES256", "typ": "at+jwt", "kid": key.kid}, claims, key)

"""Client authentication: a secret by HTTP Basic, or an assertion signed with a key.

Authlib's own two of these let exceptions through on malformed input, and accept any algorithm.
"""

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import unquote_plus

from authlib.oauth2.rfc6749 import InvalidClientError
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion
from joserfc import jwt
from joserfc.jwk import KeySet
from joserfc.jws import extract_compact

from graphql_api.identity_provider.oauth.client import Client
from graphql_api.identity_provider.oauth.provider_context import SECOND, ProviderContext
from graphql_api.identity_provider.oauth.token_format import ALGORITHMS, LONGEST_TOKEN
from graphql_api.identity_provider.oauth.tokens import BAD_TOKEN_ERRORS
from graphql_api.identity_provider.tables import UsedAssertionTable
from graphql_api.storage.operation import digest

ASSERTION_TYPE = JWTBearerClientAssertion.CLIENT_ASSERTION_TYPE
LONGEST_LIFETIME = 300
LEEWAY = 30

FindClient = Callable[[str], Client | None]


def count_credentials(request: Any) -> int:
    """The number of credentials in a request; more than one is an error."""
    in_form = sum(name in request.form for name in ("client_secret", "client_assertion"))
    return in_form + int(request.headers.get("Authorization", "")[:6].lower() == "basic ")


def authenticate_basic(query_client: FindClient, request: Any) -> Client | None:
    """The client that HTTP Basic names, if the secret is right (RFC 6749, section 2.3.1)."""
    scheme, _, encoded = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        pair = base64.b64decode(encoded.strip(), validate=True).decode("ascii")
    except (binascii.Error, ValueError):
        return None
    id, secret = (unquote_plus(one) for one in pair.partition(":")[::2])
    client = query_client(id) if id.isprintable() else None
    return client if client and client.check_client_secret(secret) else None


def authenticate_assertion(context: ProviderContext) -> Callable[[FindClient, Any], Client | None]:
    """Make the method that authenticates by a signed assertion (RFC 7523), valid once, briefly."""

    def check(query_client: FindClient, request: Any) -> Client | None:
        form = request.form
        assertion = form.get("client_assertion")
        if not assertion or form.get("client_assertion_type") != ASSERTION_TYPE:
            return None
        try:
            client = _signer(query_client, assertion)
            if client is None or form.get("client_id", client.client_id) != client.client_id:
                return None
            keys = KeySet.import_key_set(client.keys)  # type: ignore[arg-type]  # JSON, checked at registration
            claims = jwt.decode(assertion, keys, algorithms=ALGORITHMS).claims
            accepted = _is_valid(context, claims, client.client_id)
        except BAD_TOKEN_ERRORS:
            return None
        if accepted and not _record_use(context, client.client_id, claims):
            raise InvalidClientError(description="The assertion was used before.", status_code=401)
        return client if accepted else None

    return check


def _signer(query_client: FindClient, assertion: str) -> Client | None:
    """The client that an assertion names, before anything of it is verified."""
    if len(assertion) > LONGEST_TOKEN:
        return None
    said = json.loads(extract_compact(assertion.encode()).payload)
    subject = said["sub"]
    client = query_client(subject) if isinstance(subject, str) and subject.isprintable() else None
    return client if client and client.keys else None


def _is_valid(context: ProviderContext, claims: dict[str, Any], client_id: str) -> bool:
    """Whether an assertion is by that client, for this provider, and valid for a short time."""
    settings, now = context.settings, context.seconds
    audience = claims["aud"]
    (only,) = audience if isinstance(audience, list) else [audience]
    if claims["iss"] != client_id or claims["sub"] != client_id:
        return False
    if only not in (settings.issuer, settings.url("/oauth/token")):
        return False
    begins = max(claims.get("iat", 0), claims.get("nbf", 0))
    expires = claims["exp"]
    in_time = begins <= now + LEEWAY and now - LEEWAY < expires <= now + LONGEST_LIFETIME + LEEWAY
    return bool(in_time and isinstance(claims["jti"], str) and claims["jti"])


def _record_use(context: ProviderContext, client_id: str, claims: dict[str, Any]) -> bool:
    """Record the use of an assertion, and return whether it is the first."""
    expires_at = (int(claims["exp"]) + LEEWAY + 1) * SECOND
    row = UsedAssertionTable.insert(
        client=client_id, jti_hash=digest(claims["jti"]), expires_at=expires_at
    )
    return context.store.run(row.on_conflict_ignore()) == 1

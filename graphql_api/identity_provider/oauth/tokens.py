"""Signing the provider's access tokens (RFC 9068), and reading its own tokens again."""

import secrets
from dataclasses import dataclass
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError

from graphql_api.identity_provider.oauth.grants import GrantRecord
from graphql_api.identity_provider.oauth.provider_context import ProviderContext
from graphql_api.identity_provider.oauth.token_format import LONGEST_TOKEN
from graphql_api.identity_provider.signing_keys import ALGORITHM, current_key, public_keys

ACCESS_TYPE = "at+jwt"
BAD_TOKEN_ERRORS = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


@dataclass(frozen=True, slots=True)
class AccessToken:
    """The content of an access token of the provider."""

    subject: str
    client_id: str
    scopes: frozenset[str]
    grant: str | None


def sign_access_token(
    context: ProviderContext, client_id: str, scope: str, grant: GrantRecord | None
) -> str:
    """Sign an access token for the API: for a person's grant, or for the client itself."""
    key = current_key(context.store, context.settings.service_keys, context.now)
    claims: dict[str, Any] = {
        "iss": context.settings.issuer,
        "aud": context.settings.audience,
        "sub": grant.subject if grant else client_id,
        "client_id": client_id,
        "scope": scope,
        "iat": context.seconds,
        "exp": context.seconds + context.settings.access_seconds,
        "jti": secrets.token_urlsafe(16),
    }
    if grant:
        claims |= {"auth_time": grant.signed_in_at, "grant": grant.id}
        claims |= {"acr": grant.acr} if grant.acr else {}
        claims |= {"amr": list(grant.amr)} if grant.amr else {}
    header = {"alg": ALGORITHM, "typ": ACCESS_TYPE, "kid": key.kid}
    return jwt.encode(header, claims, key, [ALGORITHM])


def read_access_token(context: ProviderContext, token: str) -> AccessToken | None:
    """Read an access token of this provider; None when it is not a valid one."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        read = jwt.decode(token, public_keys(context.store), algorithms=[ALGORITHM])
        claims = read.claims
        if read.header.get("typ") != ACCESS_TYPE or claims["iss"] != context.settings.issuer:
            return None
        if claims["aud"] != context.settings.audience or claims["exp"] <= context.seconds:
            return None
        scopes = frozenset(claims["scope"].split())
        return AccessToken(claims["sub"], claims["client_id"], scopes, claims.get("grant"))
    except BAD_TOKEN_ERRORS:
        return None


def read_id_token(context: ProviderContext, token: str) -> dict[str, Any] | None:
    """The claims of an ID token of this provider, however old; None when it is not one."""
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    try:
        read = jwt.decode(token, public_keys(context.store), algorithms=[ALGORITHM])
        issued_here = read.claims["iss"] == context.settings.issuer
        if read.header.get("typ") != "JWT" or not issued_here:
            return None
        return {"sub": read.claims["sub"], "aud": read.claims["aud"], "sid": read.claims["sid"]}
    except BAD_TOKEN_ERRORS:
        return None

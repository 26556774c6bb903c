"""Verification of a provider's tokens: algorithms, signature, claims."""

from datetime import datetime
from typing import Any

from authlib.oidc.core import CodeIDToken
from joserfc import jwt
from joserfc.errors import ExpiredTokenError, InvalidClaimError, JoseError, MissingClaimError
from joserfc.jws import JWSRegistry, extract_compact

from graphql_api.openid_client.errors import SignInRefusedError
from graphql_api.openid_client.login_state import LoginState
from graphql_api.openid_client.metadata import ProviderMetadata
from graphql_api.openid_client.settings import OpenIdProvider

LONGEST_TOKEN = 100_000
_LONGEST_SUBJECT = 255
_BAD_TOKEN = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)
_CODES = {
    "nonce": "nonce",
    "aud": "audience",
    "azp": "audience",
    "iss": "issuer",
    "auth_time": "auth_time",
}


async def verify_token(
    provider: OpenIdProvider, metadata: ProviderMetadata, token: str
) -> jwt.Token:
    """Verify a token's signature, by an allowed algorithm and a published key.

    Raises `SignInRefusedError` with the code `signature`.
    """
    if len(token) > LONGEST_TOKEN or not token.isascii():
        raise SignInRefusedError("signature")
    try:
        kid = extract_compact(token.encode()).protected.get("kid")
        keys = await metadata.keys(kid if isinstance(kid, str) else None)
        registry = JWSRegistry(algorithms=provider.id_token_algorithms, strict_check_header=False)
        return jwt.decode(token, keys, registry=registry)
    except _BAD_TOKEN as error:
        raise SignInRefusedError("signature") from error


def check_id_token(
    provider: OpenIdProvider,
    login_state: LoginState,
    token: jwt.Token,
    access_token: str,
    now: datetime,
) -> dict[str, Any]:
    """Check an ID token for this sign-in, and return its claims (Core, section 3.1.3.7).

    Raises `SignInRefusedError`.
    """
    options: Any = {
        "iss": {"essential": True, "value": provider.issuer},
        "aud": {"essential": True, "value": provider.client_id},
    }
    asked = {
        "nonce": login_state.nonce,
        "client_id": provider.client_id,
        "access_token": access_token,
        "max_age": login_state.max_age,
    }
    claims = CodeIDToken(token.claims, token.header, options, asked)
    seconds = int(now.timestamp())
    try:
        claims.validate(now=seconds, leeway=provider.leeway_seconds)
    except ExpiredTokenError as error:
        raise SignInRefusedError("lifetime") from error
    except (MissingClaimError, InvalidClaimError) as error:
        raise SignInRefusedError(_CODES.get(str(error.claim), "claims")) from error
    except _BAD_TOKEN as error:
        raise SignInRefusedError("claims") from error
    said = dict(claims)
    check_subject(said["sub"])
    _check_level(provider, said)
    _check_auth_time(provider, login_state, said, seconds)
    return said


def is_plain_token(text: object) -> bool:
    """Whether a text may stand in a form, a header or a table as it is."""
    good = isinstance(text, str) and text.isascii() and text.isprintable() and " " not in text
    return good and 0 < len(str(text)) <= LONGEST_TOKEN


def check_subject(subject: object) -> None:
    """Refuse a subject identifier that is not 255 ASCII characters at most (Core, section 2)."""
    good = isinstance(subject, str) and subject.isascii() and subject.isprintable()
    if not good or not 0 < len(str(subject)) <= _LONGEST_SUBJECT:
        raise SignInRefusedError("claims")


def _check_level(provider: OpenIdProvider, claims: dict[str, Any]) -> None:
    acr = claims.get("acr")
    if acr is not None and not is_plain_token(acr):
        raise SignInRefusedError("acr")
    if provider.accepted_acr and acr not in provider.accepted_acr:
        raise SignInRefusedError("acr")


def _check_auth_time(
    provider: OpenIdProvider, login_state: LoginState, claims: dict[str, Any], now: int
) -> None:
    """Refuse a sign-in in the future, and one older than requested."""
    at = claims.get("auth_time")
    if at is None:
        if login_state.max_age is not None:
            raise SignInRefusedError("auth_time")
        return
    if isinstance(at, bool) or not isinstance(at, int | float) or not 0 <= at < 2**53:
        raise SignInRefusedError("auth_time")
    too_old = (
        login_state.max_age is not None and at + login_state.max_age + provider.leeway_seconds < now
    )
    if too_old or at > now + provider.leeway_seconds:
        raise SignInRefusedError("auth_time")

"""The request that exchanges a code for tokens at the token endpoint (RFC 6749)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import quote_plus

import httpx2
from authlib.oauth2.rfc7523 import JWTBearerClientAssertion, private_key_jwt_sign
from joserfc.jwk import JWKRegistry

from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.http import request
from graphql_api.openid_client.metadata import ProviderEndpoints
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.openid_client.tokens import is_plain_token

_OK = 200
_BAD_REQUEST = 400
_UNAUTHORIZED = 401
_ASSERTION_SECONDS = 60
_CLIENT_ERRORS = ("invalid_client", "unauthorized_client", "unsupported_grant_type")


@dataclass(frozen=True, slots=True)
class CodeExchange:
    """A code, and the values that its exchange needs; `at` is now."""

    code: str
    verifier: str
    redirect_uri: str
    at: datetime


async def request_tokens(
    provider: OpenIdProvider,
    http: httpx2.AsyncClient,
    endpoints: ProviderEndpoints,
    exchange: CodeExchange,
) -> tuple[str, str]:
    """Exchange a code, and return the access token and the ID token, neither verified yet.

    Raises `SignInRefusedError` when the code is refused, `ProviderUnavailableError` otherwise.
    """
    form = {
        "grant_type": "authorization_code",
        "code": exchange.code,
        "redirect_uri": exchange.redirect_uri,
    }
    if provider.pkce:
        form["code_verifier"] = exchange.verifier
    options = _authenticate(provider, form, exchange.at)
    answer = await request(http, "POST", endpoints.token_endpoint, data=form, **options)
    said = answer.json() or {}
    if answer.status == _UNAUTHORIZED or said.get("error") in _CLIENT_ERRORS:
        raise ProviderUnavailableError("client")
    if answer.status == _BAD_REQUEST and "error" in said:
        raise SignInRefusedError("code")
    if answer.status != _OK or not is_plain_token(said.get("access_token")):
        raise ProviderUnavailableError("token")
    if not is_plain_token(said.get("id_token")):
        raise SignInRefusedError("no_id_token")
    return said["access_token"], said["id_token"]


def _authenticate(provider: OpenIdProvider, form: dict[str, str], at: datetime) -> dict[str, Any]:
    """Authenticate by fields of the form, or by the options returned (Core, section 9)."""
    if provider.auth_method == "client_secret_basic":
        # RFC 6749, section 2.3.1: both are encoded as in a form first
        pair = quote_plus(provider.client_id), quote_plus(provider.client_secret or "")
        return {"auth": httpx2.BasicAuth(*pair)}
    form["client_id"] = provider.client_id
    if provider.auth_method == "client_secret_post":
        form["client_secret"] = provider.client_secret or ""
    if provider.auth_method == "private_key_jwt":
        form["client_assertion_type"] = JWTBearerClientAssertion.CLIENT_ASSERTION_TYPE
        form["client_assertion"] = _assertion(provider, at)
    return {}


def _assertion(provider: OpenIdProvider, at: datetime) -> str:
    """Sign an assertion for one minute; its audience is the issuer, so that no other replays it."""
    key = JWKRegistry.import_key(dict(provider.private_key or {}))
    now = int(at.timestamp())
    return str(
        private_key_jwt_sign(
            key,
            provider.client_id,
            provider.issuer,
            alg=key.get("alg") or ("ES256" if key.key_type == "EC" else "RS256"),
            claims={"iat": now, "exp": now + _ASSERTION_SECONDS},
            header={"kid": key.kid} if key.kid else {},
        )
    )

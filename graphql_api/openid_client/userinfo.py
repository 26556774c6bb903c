"""The claims at a provider's userinfo endpoint (OpenID Connect Core, section 5.3)."""

from typing import Any

import httpx2

from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.http import HttpAnswer, request
from graphql_api.openid_client.metadata import ProviderMetadata
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.openid_client.tokens import verify_token

_OK = 200


async def fetch_userinfo(
    provider: OpenIdProvider,
    http: httpx2.AsyncClient,
    metadata: ProviderMetadata,
    access_token: str,
    subject: str,
) -> dict[str, Any]:
    """Fetch the claims about the subject of the ID token; `SignInRefusedError` for any other."""
    endpoint = (await metadata.endpoints()).userinfo_endpoint
    if provider.userinfo == "none" or (provider.userinfo == "any" and endpoint is None):
        return {}
    if endpoint is None:
        raise ProviderUnavailableError("discovery")
    headers = {"authorization": f"Bearer {access_token}"}
    answer = await request(http, "GET", endpoint, headers=headers)
    if answer.status != _OK:
        raise SignInRefusedError("userinfo")
    claims = await _read_claims(provider, metadata, answer)
    if claims.get("sub") != subject:
        raise SignInRefusedError("userinfo_subject")
    return claims


async def _read_claims(
    provider: OpenIdProvider, metadata: ProviderMetadata, answer: HttpAnswer
) -> dict[str, Any]:
    """The claims in a body: JSON or a signed token, as the body shows, not the media type."""
    text = answer.body.strip()
    if text.startswith(b"{"):
        said = answer.json() if provider.userinfo != "signed" else None
        if said is None:
            raise SignInRefusedError("userinfo")
        return said
    if provider.userinfo == "json" or not text.isascii():
        raise SignInRefusedError("userinfo")
    claims = dict((await verify_token(provider, metadata, text.decode())).claims)
    audience = claims.get("aud", provider.client_id)
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss", provider.issuer) != provider.issuer or provider.client_id not in audiences:
        raise SignInRefusedError("userinfo")
    return claims

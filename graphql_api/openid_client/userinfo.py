"""What a provider says of a person besides the ID token (OpenID Connect Core, section 5.3)."""

from typing import Any

import httpx2

from graphql_api.openid_client.errors import ProviderDown, SignInRefused
from graphql_api.openid_client.http import Answer, ask
from graphql_api.openid_client.metadata import Known
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.openid_client.tokens import verified

_OK = 200


async def userinfo(
    provider: OpenIdProvider,
    http: httpx2.AsyncClient,
    known: Known,
    access_token: str,
    subject: str,
) -> dict[str, Any]:
    """The claims about the subject of the ID token, and about nobody else; `SignInRefused`."""
    endpoint = (await known.metadata()).userinfo_endpoint
    if provider.userinfo == "none" or (provider.userinfo == "any" and endpoint is None):
        return {}
    if endpoint is None:
        raise ProviderDown("discovery")
    headers = {"authorization": f"Bearer {access_token}"}
    answer = await ask(http, "GET", endpoint, headers=headers)
    if answer.status != _OK:
        raise SignInRefused("userinfo")
    claims = await _told(provider, known, answer)
    if claims.get("sub") != subject:
        raise SignInRefused("userinfo_subject")
    return claims


async def _told(provider: OpenIdProvider, known: Known, answer: Answer) -> dict[str, Any]:
    """The claims in a body that is JSON, or a signed token: the body says, not the media type."""
    text = answer.body.strip()
    if text.startswith(b"{"):
        said = answer.json() if provider.userinfo != "signed" else None
        if said is None:
            raise SignInRefused("userinfo")
        return said
    if provider.userinfo == "json" or not text.isascii():
        raise SignInRefused("userinfo")
    claims = dict((await verified(provider, known, text.decode())).claims)
    audience = claims.get("aud", provider.client_id)
    audiences = audience if isinstance(audience, list) else [audience]
    if claims.get("iss", provider.issuer) != provider.issuer or provider.client_id not in audiences:
        raise SignInRefused("userinfo")
    return claims

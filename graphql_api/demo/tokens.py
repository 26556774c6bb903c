"""Tokens for the people and machines of the demo, got from the issuer as any client gets them.

People sign in on the page with their password, and the authorization code is redeemed. A break in
this breaks the demo too.
"""

import asyncio
import secrets
from contextlib import AsyncExitStack
from typing import Any

import httpx2
from authlib.integrations.base_client import OAuthError
from authlib.integrations.httpx_client import AsyncOAuth2Client
from starlette.applications import Starlette

from graphql_api.configuration.settings import OWN_CLIENT, Settings
from graphql_api.demo.callers import CALLERS, PASSWORD, SITE_SCOPE, DemoCaller, caller_named
from graphql_api.demo.folder import DemoFolder
from graphql_api.embedded_issuer import EmbeddedIssuer
from graphql_api.serving import build_service
from graphql_api.sign_in import BACK_PATH


class TokenRefusedError(Exception):
    """The issuer gave no token; the message says at which step."""


def token_named(name: str, folder: DemoFolder) -> str:
    """A bearer token of ten minutes for a caller or a machine, whether the demo runs or not.

    Raises `TokenRefusedError`.
    """
    settings = folder.settings()
    try:
        if any(one.name == name for one in CALLERS):
            return asyncio.run(_in_this_process(settings, _of_a_person, caller_named(name)))
        return asyncio.run(_in_this_process(settings, _of_a_machine, folder.machines[name]))
    except OAuthError as error:
        raise TokenRefusedError(str(error)) from error


def token_over_http(caller: DemoCaller, settings: Settings) -> str:
    """The same from the service that runs at the address of the settings."""
    return asyncio.run(_of_a_person(settings, None, caller))


async def _in_this_process(settings: Settings, ask: Any, who: object) -> str:
    # The issuer alone: the rest of the service takes longer to import than to sign in.
    service = build_service(settings)
    issuer = EmbeddedIssuer(settings, service)
    await issuer.start()
    try:
        transport = httpx2.ASGITransport(Starlette(routes=issuer.routes()))
        return str(await ask(settings, transport, who))
    finally:
        await issuer.close()
        service.close()


async def _of_a_person(
    settings: Settings, transport: httpx2.AsyncBaseTransport | None, caller: DemoCaller
) -> str:
    url, verifier = settings.public_url, secrets.token_urlsafe(32)
    async with AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            AsyncOAuth2Client(
                OWN_CLIENT,
                redirect_uri=f"{url}{BACK_PATH}",
                scope=caller.scope,
                code_challenge_method="S256",
                token_endpoint_auth_method="none",  # noqa: S106 - a public client has no secret
                transport=transport,
            )
        )
        asked, _state = client.create_authorization_url(
            f"{url}/oauth/authorize", code_verifier=verifier
        )
        page = f"{url}{_next(await client.request('GET', asked, withhold_token=True))}"
        back = httpx2.URL(page).params["return"]
        form = {"email": caller.email, "password": PASSWORD, "return": back}
        answer = await client.request(
            "POST", page, data=form, headers={"origin": url}, withhold_token=True
        )
        back = _next(await client.request("GET", f"{url}{_next(answer)}", withhold_token=True))
        token = await client.fetch_token(
            f"{url}/oauth/token", authorization_response=back, code_verifier=verifier
        )
        return str(token["access_token"])


async def _of_a_machine(
    settings: Settings, transport: httpx2.AsyncBaseTransport | None, machine: dict[str, str]
) -> str:
    async with AsyncOAuth2Client(
        machine["client_id"], machine["client_secret"], scope=SITE_SCOPE, transport=transport
    ) as client:
        token = await client.fetch_token(
            f"{settings.public_url}/oauth/token", grant_type="client_credentials"
        )
        return str(token["access_token"])


def _next(answer: httpx2.Response) -> str:
    if answer.status_code != 303:
        raise TokenRefusedError(f"{answer.status_code} {answer.url.path}")
    return str(answer.headers["location"])

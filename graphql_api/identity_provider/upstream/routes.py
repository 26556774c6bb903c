"""Upstream sign-ins as the provider mounts them: routes, and the sign-out that follows."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.page_endpoints import Reception, Work
from graphql_api.identity_provider.accounts.sign_in_pages import where_to
from graphql_api.identity_provider.upstream import callback, linking, unlinking
from graphql_api.identity_provider.upstream.logout import Farewell, farewell_for, left
from graphql_api.openid_client.client import Begun, Identified, OpenIdClient
from graphql_api.openid_client.errors import ProviderDown, SignInRefused
from graphql_api.openid_client.login_state import LONGEST_BACK, Pending, PendingCookies
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.web import forms
from graphql_api.web.forms import Asked
from graphql_api.web.oauth_parameters import BadRequest
from graphql_api.web.rendering import go, message

_POST = ["POST"]


@dataclass(frozen=True, slots=True)
class Upstream:
    """The providers elsewhere, by name, and how browsers go there and come back.

    What speaks with a provider waits on the event loop, a few seconds at most; what works with the
    stores runs in a thread, through `reception`, as the accounts' own pages do.
    """

    reception: Reception
    clients: Mapping[str, OpenIdClient]
    signing_in: PendingCookies
    signing_out: PendingCookies

    def routes(self) -> list[Route]:
        """All that is answered here."""
        to = self.reception
        return [
            Route("/account/with/{name}", self._begin, methods=["GET"]),
            Route("/account/back/{name}", self._finish, methods=["GET"]),
            Route("/account/left", to.everyone(partial(left, self.signing_out))),
            Route(callback.CHOICE, to.everyone(linking.choose)),
            Route("/account/ways/add", to.everyone(linking.add), methods=_POST),
            Route("/account/ways/create", to.everyone(linking.create), methods=_POST),
            Route("/account/ways/switch", to.everyone(linking.switch), methods=_POST),
            Route("/account/ways/remove", to.everyone(unlinking.remove), methods=_POST),
        ]

    async def _begin(self, request: Request) -> Response:
        """Send the browser to a provider; `return` is where to go once it is back."""
        client = self.clients.get(request.path_params["name"])
        if client is None:
            return await self._shown(_unknown, request)
        try:
            back = where_to(await forms.read(request))
            if len(back) > LONGEST_BACK:
                raise BadRequest("The way back is too long.")
            begun = await client.begin(callback.extra_for(back))
        except ProviderDown as fault:
            return callback.down(client.provider, back, fault)
        except Exception as fault:  # noqa: BLE001 - raised again where pages are made of faults
            return await self._shown(partial(_raise, fault), request)
        return self._sent(request, begun, back)

    def _sent(self, request: Request, begun: Begun, back: str) -> Response:
        response = go(begun.url)
        self.signing_in.put(response, begun.pending, back, request)
        return response

    async def _finish(self, request: Request) -> Response:
        """The browser comes back from a provider."""
        client = self.clients.get(request.path_params["name"])
        if client is None:
            return await self._shown(_unknown, request)
        taken: tuple[Pending, str] | None = None
        try:
            answer = (await forms.read(request)).fields
            taken = self.signing_in.take(request, answer.get("state"))
            if taken is None:
                return callback.stale()
            response = await self._came_back(client, taken, answer, request)
        except Exception as fault:  # noqa: BLE001 - raised again where pages are made of faults
            response = await self._shown(partial(_raise, fault), request)
        if taken is not None:
            self.signing_in.drop(response, taken[0].state)
        return response

    async def _came_back(
        self,
        client: OpenIdClient,
        taken: tuple[Pending, str],
        answer: Mapping[str, str],
        request: Request,
    ) -> Response:
        pending, back = taken
        counted = partial(callback.count, self.reception.desk(), request)
        await self.reception.workers.run(counted)
        try:
            who: Identified = await client.finish(pending, answer)
        except SignInRefused as refusal:
            return callback.refused(client.provider, back, refusal)
        except ProviderDown as fault:
            return callback.down(client.provider, back, fault)
        work = partial(callback.arrive, client.provider, pending, back, who)
        return await self._shown(work, request)

    async def _shown(self, work: Work, request: Request) -> Response:
        """What the work answers, in a thread; its faults masked as on any page of accounts."""
        return await self.reception.everyone(work)(request)


def upstream_for(
    clients: Mapping[str, OpenIdClient], reception: Reception, master_key: bytes, public_url: str
) -> Upstream:
    """Upstream sign-ins with these clients, for browsers that reach us at this address."""
    signing_in, signing_out = _cookies(master_key, public_url)
    return Upstream(reception, clients, signing_in, signing_out)


def farewell_of(
    clients: Mapping[str, OpenIdClient], master_key: bytes, public_url: str
) -> Farewell:
    """What accounts need to sign browsers out of these providers too."""
    return farewell_for(clients, _cookies(master_key, public_url)[1])


def clients_for(
    providers: Iterable[OpenIdProvider],
    public_url: str,
    http: httpx2.AsyncClient,
    clock: Callable[[], datetime],
) -> dict[str, OpenIdClient]:
    """A client for each provider. It must know `/account/back/NAME` and `/account/left` as ours."""
    left_at = f"{public_url}/account/left"
    return {
        one.name: OpenIdClient(
            replace(one, post_logout_uri=one.post_logout_uri or left_at),
            f"{public_url}/account/back/{one.name}",
            http,
            clock,
        )
        for one in providers
    }


def _cookies(master_key: bytes, public_url: str) -> tuple[PendingCookies, PendingCookies]:
    secure = public_url.startswith("https://")
    return (
        PendingCookies(master_key, "upstream", secure),
        PendingCookies(master_key, "leaving", secure),
    )


def _unknown(_desk: Desk, _asked: Asked) -> Response:
    return message("Page introuvable", "Cette page n’existe pas.", status=404)


def _raise(fault: Exception, _desk: Desk, _asked: Asked) -> Response:
    raise fault

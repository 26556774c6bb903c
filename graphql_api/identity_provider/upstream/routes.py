"""The routes of upstream logins, and of the logout at the provider."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial

import httpx2
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from graphql_api.clock import Clock
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.page_endpoints import PageEndpoints, Work
from graphql_api.identity_provider.accounts.sign_in_pages import return_path
from graphql_api.identity_provider.upstream import callback, linking, unlinking
from graphql_api.identity_provider.upstream.logout import (
    UpstreamLogout,
    after_logout,
    upstream_logout_for,
)
from graphql_api.openid_client.client import AuthorizationRequest, OpenIdClient, UserIdentity
from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.login_state import LONGEST_RETURN_PATH, LoginState, LoginStateCookies
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.storage.keys.service_keys import ServiceKeys
from graphql_api.web.forms import form_request
from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import message_page, see_other

_POST = ["POST"]


@dataclass(frozen=True, slots=True)
class UpstreamLogins:
    """The upstream providers, by name, and the routes to them and back.

    Requests to a provider wait on the event loop, a few seconds at most; work with the stores runs
    in a thread, through `endpoints`, as for the accounts' own pages.
    """

    endpoints: PageEndpoints
    clients: Mapping[str, OpenIdClient]
    signing_in: LoginStateCookies
    signing_out: LoginStateCookies

    def routes(self) -> list[Route]:
        """The routes of upstream logins."""
        to = self.endpoints
        return [
            Route("/account/with/{name}", self._begin, methods=["GET"]),
            Route("/account/back/{name}", self._finish, methods=["GET"]),
            Route("/account/left", to.page(partial(after_logout, self.signing_out))),
            Route(callback.CHOICE_PATH, to.page(linking.choose)),
            Route("/account/ways/add", to.page(linking.add), methods=_POST),
            Route("/account/ways/create", to.page(linking.create), methods=_POST),
            Route("/account/ways/switch", to.page(linking.switch), methods=_POST),
            Route("/account/ways/remove", to.page(unlinking.remove_login_method), methods=_POST),
        ]

    async def _begin(self, request: Request) -> Response:
        """Send the browser to a provider; `return` is the path for afterwards."""
        client = self.clients.get(request.path_params["name"])
        if client is None:
            return await self._run(_not_found, request)
        try:
            back = return_path(await form_request.read_form(request))
            if len(back) > LONGEST_RETURN_PATH:
                raise MalformedRequestError("The way back is too long.")
            authorization = await client.begin(callback.authorization_parameters(back))
        except ProviderUnavailableError as fault:
            return callback.unavailable_page(client.provider, back, fault)
        except Exception as fault:  # noqa: BLE001 - raised again where pages are made of faults
            return await self._run(partial(_raise, fault), request)
        return self._redirect_to_provider(request, authorization, back)

    def _redirect_to_provider(
        self, request: Request, authorization: AuthorizationRequest, back: str
    ) -> Response:
        response = see_other(authorization.url)
        self.signing_in.set(response, authorization.login_state, back, request)
        return response

    async def _finish(self, request: Request) -> Response:
        """Receive the browser that comes back from a provider."""
        client = self.clients.get(request.path_params["name"])
        if client is None:
            return await self._run(_not_found, request)
        taken: tuple[LoginState, str] | None = None
        try:
            answer = (await form_request.read_form(request)).fields
            taken = self.signing_in.find(request, answer.get("state"))
            if taken is None:
                return callback.stale_page()
            response = await self._finish_login(client, taken, answer, request)
        except Exception as fault:  # noqa: BLE001 - raised again where pages are made of faults
            response = await self._run(partial(_raise, fault), request)
        if taken is not None:
            self.signing_in.delete(response, taken[0].state)
        return response

    async def _finish_login(
        self,
        client: OpenIdClient,
        taken: tuple[LoginState, str],
        answer: Mapping[str, str],
        request: Request,
    ) -> Response:
        login_state, back = taken
        counted = partial(callback.check_callback_limit, self.endpoints.new_context(), request)
        await self.endpoints.workers.run(counted)
        try:
            who: UserIdentity = await client.finish(login_state, answer)
        except SignInRefusedError as refusal:
            return callback.refused_page(client.provider, back, refusal)
        except ProviderUnavailableError as fault:
            return callback.unavailable_page(client.provider, back, fault)
        work = partial(callback.finish_login, client.provider, login_state, back, who)
        return await self._run(work, request)

    async def _run(self, work: Work, request: Request) -> Response:
        """Run a function in a thread, with errors masked as on any page of accounts."""
        return await self.endpoints.page(work)(request)


def upstream_logins_for(
    clients: Mapping[str, OpenIdClient],
    endpoints: PageEndpoints,
    service_keys: ServiceKeys,
    public_url: str,
) -> UpstreamLogins:
    """Make the upstream logins of these clients, for browsers that reach us at this address."""
    signing_in, signing_out = _cookies(service_keys, public_url)
    return UpstreamLogins(endpoints, clients, signing_in, signing_out)


def upstream_logout_of(
    clients: Mapping[str, OpenIdClient], service_keys: ServiceKeys, public_url: str
) -> UpstreamLogout:
    """Make the upstream logout that accounts call."""
    return upstream_logout_for(clients, _cookies(service_keys, public_url)[1])


def clients_for(
    providers: Iterable[OpenIdProvider],
    public_url: str,
    http: httpx2.AsyncClient,
    clock: Clock,
) -> dict[str, OpenIdClient]:
    """Make a client for each provider, which must know `/account/back/NAME` and `/account/left`."""
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


def _cookies(
    service_keys: ServiceKeys, public_url: str
) -> tuple[LoginStateCookies, LoginStateCookies]:
    secure = public_url.startswith("https://")
    return (
        LoginStateCookies(service_keys, "upstream", secure),
        LoginStateCookies(service_keys, "leaving", secure),
    )


def _not_found(_desk: AccountContext, _asked: FormRequest) -> Response:
    return message_page("Page introuvable", "Cette page n’existe pas.", status=404)


def _raise(fault: Exception, _desk: AccountContext, _asked: FormRequest) -> Response:
    raise fault

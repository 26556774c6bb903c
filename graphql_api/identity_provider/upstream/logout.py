"""The logout at the upstream provider that signed a browser in, after the sign-out here.

The browser goes there by a page of ours, not by a redirect: a form's answer may not lead to another
site, and the person sees what happens. It comes back to /account/left, and from there goes to
where the sign-out was to end.
"""

import secrets
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.identity_provider.accounts import sessions
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN
from graphql_api.identity_provider.upstream.rendering import page
from graphql_api.openid_client.client import OpenIdClient
from graphql_api.openid_client.login_state import LONGEST_RETURN_PATH, LoginState, LoginStateCookies
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import see_other

SIGNED_OUT_URL = f"{SIGN_IN}?done=left"

UpstreamLogout = Callable[[AccountContext, Request, str | None], Response | None]


def upstream_logout_for(
    clients: Mapping[str, OpenIdClient], cookies: LoginStateCookies
) -> UpstreamLogout:
    """Make the upstream logout of these providers; see `AccountContext.upstream_logout`."""

    def upstream_logout(
        context: AccountContext, request: Request, to: str | None
    ) -> Response | None:
        origin = sessions.origin_of(context, request)
        client = clients.get(origin["provider"]) if origin else None
        if origin is None or client is None or not origin["leave"]:
            return None
        login_state = LoginState(
            provider=client.provider.name,
            state=secrets.token_urlsafe(32),
            nonce="",
            verifier="",
            begun_at=context.now // SECOND,
        )
        onward = client.logout_url_at(origin["leave"], origin["id_token"], login_state.state)
        response = page("leaving.html", label=client.provider.label, onward=onward)
        if to is not None and len(to) <= LONGEST_RETURN_PATH:
            cookies.set(response, login_state, to, request)
        return response

    return upstream_logout


def after_logout(cookies: LoginStateCookies, _desk: AccountContext, form: FormRequest) -> Response:
    """Send a browser on that comes back from a provider's logout."""
    state = form.text("state")
    found = cookies.find(form.http, state)
    response = see_other(found[1] if found else SIGNED_OUT_URL)
    if found:
        cookies.delete(response, state)
    return response

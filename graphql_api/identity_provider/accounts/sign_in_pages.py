"""The pages on which people sign in and out."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.responses import Response

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import accounts, limits, sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.page_endpoints import (
    SERVICE_SIGN_IN,
    SIGN_IN,
    check_rate_limit,
    service_sign_in_url,
    with_headers,
)
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.oauth import clients
from graphql_api.identity_provider.sign_in_step import is_authorization_path
from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.http.client_address import client_network
from graphql_api.web.rendering import message_page, origin_of, see_other

PROFILE = "/account"
CLEAR_SITE_DATA = ("clear-site-data", '"cookies", "storage"')
_ACCOUNT_PAGES = re.compile(
    r"/account(/password|/email|/ways/new|/email/confirm\?key=[A-Za-z0-9_-]{43})?"
)
_WRONG_CREDENTIALS = (
    "Adresse électronique ou mot de passe incorrect, ou compte qui n’est pas encore activé."
)
_NOTICES = {
    "reset": "Votre mot de passe est changé. Connectez-vous.",
    "left": "Vous êtes déconnecté.",
    "everywhere": "Vous êtes déconnecté partout.",
}


@dataclass(frozen=True, slots=True)
class RequestingClient:
    """The client that sent the browser to sign in: its name, and the origins where it goes on."""

    name: str = ""
    origins: tuple[str, ...] = ()


def return_path(form: FormRequest) -> str:
    """The path after the sign-in; `MalformedRequestError` when it is not a page of ours."""
    path = form.text("return")
    if path and not is_return_path(path):
        raise MalformedRequestError("The way back leads elsewhere.")
    return path or SERVICE_SIGN_IN


def is_return_path(path: str) -> bool:
    """Whether a path may follow a sign-in: the provider's, or a page of accounts."""
    known = path == SERVICE_SIGN_IN or _ACCOUNT_PAGES.fullmatch(path) is not None
    return known or is_authorization_path(path)


def signed_in_path(back: str) -> str:
    """Where to go on from a sign-in that leads to `back`.

    Whoever signs in to their account is signed in to the service too, by one more redirect: people
    know one sign-in only.
    """
    if back == SERVICE_SIGN_IN or is_authorization_path(back):
        return back
    return service_sign_in_url(back)


def sign_in_url(path: str) -> str:
    """The address of the sign-in page that leads back to a path."""
    return f"{SIGN_IN}?{urlencode({'return': path})}"


def sign_in(context: AccountContext, form: FormRequest) -> Response:
    """Sign in by address and password.

    A wrong password, an unknown address and an account that is not active yet get the same answer,
    after the same work.
    """
    back = return_path(form)
    if not form.is_submitted:
        return _sign_in_form(context, form, back)
    if not context.local:
        return message_page("Page introuvable", "Cette page n’existe pas.", status=404)
    email, password = form.text("email"), form.text("password")
    mark, address = context.email_index(email), client_network(form.http)
    with context.writing():
        wait = limits.hit_password(context, mark, address)
        record = accounts.find_by_email(context, email)
    check_rate_limit(wait)
    hashed = record.details.password if record else None
    good = passwords.verify(hashed, password)
    if not good or record is None or hashed is None:
        return _sign_in_form(context, form, back, {"email": _WRONG_CREDENTIALS})
    better = passwords.hash_password(password) if passwords.needs_rehash(hashed) else None
    with context.writing():
        headers = _begin_session(context, form, record.id, hashed, better)
        if headers:
            limits.refund_password(context, mark, address)
    if not headers:
        return _sign_in_form(context, form, back, {"email": _WRONG_CREDENTIALS})
    return with_headers(see_other(signed_in_path(back)), headers)


def sign_out(context: AccountContext, form: FormRequest) -> Response:
    """End this browser's session, and the one at the upstream provider that signed it in."""
    with context.writing():
        logout_page = context.upstream_logout(context, form.http, f"{SIGN_IN}?done=left")
        headers = sessions.end(context, form.http)
    if logout_page is not None:
        return with_headers(logout_page, headers)
    return with_headers(see_other(f"{SIGN_IN}?done=left"), [*headers, CLEAR_SITE_DATA])


def requesting_client(context: AccountContext, back: str) -> RequestingClient:
    """The client to which the return path leads, if it is registered with that very address.

    Nobody else is named: a page of ours does not vouch for the author of a link. The service
    itself is not among them. In a transaction.
    """
    query = parse_qs(urlsplit(back).query)
    (client_id, *_), (redirect_uri, *_) = (
        query.get("client_id", [""]),
        query.get("redirect_uri", [""]),
    )
    client = clients.find(context.store, client_id) if redirect_uri else None
    if client is None or not client.check_redirect_uri(redirect_uri):
        return RequestingClient()
    origin = origin_of(redirect_uri)
    return RequestingClient(client.name, (origin,) if origin else ())


def _begin_session(
    context: AccountContext, form: FormRequest, account: str, hashed: str, better: str | None
) -> sessions.Headers:
    """Sign in, unless the password was changed while it was checked."""
    record = accounts.find(context, account)
    if record is None or record.details.password != hashed:
        return []
    if better is not None:
        accounts.update(context, record, accounts.with_password(record.details, better))
    return sessions.begin(context, form.http, account, amr=("pwd",))


def _sign_in_form(
    context: AccountContext, form: FormRequest, back: str, problems: dict[str, str] | None = None
) -> Response:
    with context.store.reading():
        asker = requesting_client(context, back)
    return page(
        "sign_in.html",
        422 if problems else 200,
        asker.origins,
        asker=asker.name,
        back=back,
        email=form.text("email"),
        done=_NOTICES.get(form.text("done"), ""),
        local=context.local,
        providers=[
            (f"/account/with/{name}?{urlencode({'return': back})}", label)
            for name, label in context.providers
        ],
        problems=problems or {},
    )

"""The pages on which people sign in and out."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qs, urlencode, urlsplit

from starlette.responses import Response

from graphql_api.identity_provider import clients, passwords
from graphql_api.identity_provider.accounts import accounts, attempts, email_addresses, sessions
from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, check_wait, with_headers
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.sign_in_step import may_return_to
from graphql_api.web.forms import Asked
from graphql_api.web.oauth_parameters import BadRequest
from graphql_api.web.rendering import go, message, origin_of

PROFILE = "/account"
CLEAR = ("clear-site-data", '"cache", "cookies", "storage"')
_OURS = re.compile(r"/account(/password|/email|/ways/new|/email/confirm\?key=[A-Za-z0-9_-]{43})?")
_REFUSED = "Adresse électronique ou mot de passe incorrect, ou compte qui n’est pas encore activé."
_DONE = {
    "reset": "Votre mot de passe est changé. Connectez-vous.",
    "left": "Vous êtes déconnecté.",
    "everywhere": "Vous êtes déconnecté partout.",
}


@dataclass(frozen=True, slots=True)
class FrontEnd:
    """Who sent the browser to sign in: the name, and the origins beside ours where it goes on."""

    name: str = ""
    origins: tuple[str, ...] = ()


def where_to(asked: Asked) -> str:
    """Where to send the browser after its sign-in; `BadRequest` when that is not a page of ours."""
    path = asked.text("return")
    if path and not may_come_back_to(path):
        raise BadRequest("The way back leads elsewhere.")
    return path or PROFILE


def may_come_back_to(path: str) -> bool:
    """Whether a browser may be sent there after its sign-in: the provider, or a page of accounts."""
    return may_return_to(path) or _OURS.fullmatch(path) is not None


def page_for(path: str) -> str:
    """The address of the sign-in page that leads back to a path."""
    return f"{SIGN_IN}?{urlencode({'return': path})}"


def sign_in(desk: Desk, asked: Asked) -> Response:
    """Address and password. A wrong one, an unknown one and an account that is not active yet are
    answered alike, after the same work.
    """
    back = where_to(asked)
    if not asked.is_form:
        return _form(desk, asked, back)
    if not desk.local:
        return message("Page introuvable", "Cette page n’existe pas.", status=404)
    email, password = asked.text("email"), asked.text("password")
    mark, address = email_addresses.mark(desk, email), attempts.address_of(asked.http)
    with desk.writing():
        wait = attempts.take_password(desk, mark, address)
        known = accounts.by_email(desk, email)
    check_wait(wait)
    hashed = known.details.password if known else None
    good = passwords.matches(hashed, password)
    if not good or known is None or hashed is None:
        return _form(desk, asked, back, {"email": _REFUSED})
    better = passwords.hashed(password) if passwords.needs_rehash(hashed) else None
    with desk.writing():
        headers = _begin(desk, asked, known.id, hashed, better)
        if headers:
            attempts.succeed(desk, mark, address)
    if not headers:
        return _form(desk, asked, back, {"email": _REFUSED})
    return with_headers(go(back), headers)


def sign_out(desk: Desk, asked: Asked) -> Response:
    """End this browser's session, and where another provider signed it in, the one there."""
    with desk.writing():
        farewell = desk.farewell(desk, asked.http, f"{SIGN_IN}?done=left")
        headers = sessions.leave(desk, asked.http)
    if farewell is not None:
        return with_headers(farewell, headers)
    return with_headers(go(f"{SIGN_IN}?done=left"), [*headers, CLEAR])


def front_end(desk: Desk, back: str) -> FrontEnd:
    """The front end to which the way back leads, if it is registered with that very address.

    Nobody else is named: a page of ours does not vouch for whoever wrote the link. The service
    itself is not among them. In a transaction.
    """
    asked = parse_qs(urlsplit(back).query)
    (client_id, *_), (redirect_uri, *_) = (
        asked.get("client_id", [""]),
        asked.get("redirect_uri", [""]),
    )
    client = clients.find(desk.store, client_id) if redirect_uri else None
    if client is None or not client.check_redirect_uri(redirect_uri):
        return FrontEnd()
    origin = origin_of(redirect_uri)
    return FrontEnd(client.name, (origin,) if origin else ())


def _begin(
    desk: Desk, asked: Asked, account: str, hashed: str, better: str | None
) -> sessions.Headers:
    """Sign in, unless the password was changed while it was checked."""
    known = accounts.find(desk, account)
    if known is None or known.details.password != hashed:
        return []
    if better is not None:
        accounts.revise(desk, known, accounts.with_password(known.details, better))
    return sessions.begin(desk, asked.http, account, amr=("pwd",))


def _form(desk: Desk, asked: Asked, back: str, problems: dict[str, str] | None = None) -> Response:
    with desk.store.reading():
        asker = front_end(desk, back)
    return page(
        "sign_in.html",
        422 if problems else 200,
        asker.origins,
        asker=asker.name,
        back=back,
        email=asked.text("email"),
        done=_DONE.get(asked.text("done"), ""),
        local=desk.local,
        providers=[
            (f"/account/with/{name}?{urlencode({'return': back})}", label)
            for name, label in desk.providers
        ],
        problems=problems or {},
    )

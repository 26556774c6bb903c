"""Somebody comes back from a provider: into their account, or to the page that asks which it is."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.identity_provider.accounts import attempts, login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import SECOND, Desk
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, check_wait, with_headers
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, page_for
from graphql_api.identity_provider.upstream import claims, pending_logins
from graphql_api.identity_provider.upstream.pending_logins import Arrival
from graphql_api.openid_client.client import Identified
from graphql_api.openid_client.errors import ProviderDown, SignInRefused
from graphql_api.openid_client.login_state import Pending
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.web.forms import Asked
from graphql_api.web.rendering import go, message

CHOICE = "/account/ways/new"
AGAIN = {"prompt": "login"}
FAILURES = attempts.Limit("upstream", 200)
_RECENT_PAGES = ("/account/password", "/account/email", CHOICE)
_OTHER_WAY = "Se connecter autrement"
_RETRY = "Recommencer"


def extra_for(back: str) -> dict[str, str]:
    """What is asked of a provider besides: to identify the person anew, where that is wanted."""
    return AGAIN if _wants_fresh(back) else {}


def count(desk: Desk, request: Request) -> None:
    """Count an attempt from an address, of which each costs the provider a question.

    Those that succeed are given back: a whole town hall may come from one address. Raises
    `TooMany`.
    """
    with desk.writing():
        wait = attempts.take(desk, FAILURES, attempts.address_of(request))
    check_wait(wait)


def arrive(
    provider: OpenIdProvider, pending: Pending, back: str, who: Identified, desk: Desk, asked: Asked
) -> Response:
    """Sign in to the account that the person's way leads to, or ask about it.

    Nothing is decided against the will of somebody who is signed in to another account already.
    """
    fresh = who.signed_in_at + provider.leeway_seconds >= pending.begun_at
    if _wants_fresh(back) and not fresh:
        return _not_asked_again(provider)
    # A provider's clock is not ours: a sign-in that followed our asking took place now.
    at = desk.now if fresh else min(who.signed_in_at * SECOND, desk.now)
    arrival = _arrival(provider, back, who, at)
    with desk.writing():
        attempts.give_back(desk, FAILURES, attempts.address_of(asked.http))
        account = login_methods.account_of(desk, who.issuer, who.subject)
        here = sessions.who(desk, asked.http)
        if account is not None and (here is None or here.subject == account):
            headers = enter(desk, asked, account, arrival)
            return with_headers(go(back), headers)
        headers = pending_logins.keep(desk, arrival)
    return with_headers(go(CHOICE), headers)


def enter(desk: Desk, asked: Asked, account: str, arrival: Arrival) -> sessions.Headers:
    """Begin a session of an account for somebody whom a provider identified."""
    return sessions.begin(
        desk,
        asked.http,
        account,
        acr=arrival.acr,
        amr=arrival.amr,
        at=arrival.at,
        origin=arrival.origin,
    )


def stale() -> Response:
    """The sign-in was begun in another browser or too long ago, or came back already."""
    text = "Cette connexion a été commencée il y a trop longtemps, ou dans une autre fenêtre."
    return message("Recommencez", text, status=400, links=[(SIGN_IN, "Se connecter")])


def refused(provider: OpenIdProvider, back: str, refusal: SignInRefused) -> Response:
    """The person declined, or what the provider says is not to be believed."""
    links = [(_address(provider, back), _RETRY), (page_for(back), _OTHER_WAY)]
    if refusal.code == "access_denied":
        text = f"Vous avez renoncé à vous identifier avec {provider.label}."
        return message("Connexion abandonnée", text, status=403, links=links)
    if refusal.code == "acr":
        text = f"Le niveau de garantie de votre identification avec {provider.label} ne suffit pas ici."
        return message("Connexion refusée", text, status=403, links=links)
    text = f"L’identification avec {provider.label} n’a pas abouti."
    return message("Connexion refusée", text, status=403, links=links, code=refusal.code)


def down(provider: OpenIdProvider, back: str, fault: ProviderDown) -> Response:
    """The provider does not answer; other ways in are as before."""
    text = f"{provider.label} ne répond pas pour le moment. Réessayez dans un instant."
    links = [(_address(provider, back), "Réessayer"), (page_for(back), _OTHER_WAY)]
    page = message(
        f"{provider.label} est indisponible", text, status=503, links=links, code=fault.code
    )
    page.headers["retry-after"] = "30"
    return page


def _address(provider: OpenIdProvider, back: str) -> str:
    return page_for(back).replace(SIGN_IN, f"/account/with/{provider.name}")


def _not_asked_again(provider: OpenIdProvider) -> Response:
    lines = (
        f"Il faut ici une identification récente, et {provider.label} ne vous l’a pas demandée.",
        f"Déconnectez-vous de {provider.label}, puis recommencez.",
    )
    links = [(PROFILE, "Revenir à votre profil")]
    return message("Identifiez-vous de nouveau", *lines, status=403, links=links)


def _wants_fresh(back: str) -> bool:
    """Whether what comes after needs a sign-in that happens now."""
    parts = urlsplit(back)
    asked = parse_qs(parts.query)
    prompts = " ".join(asked.get("prompt", [])).split()
    again = "max_age" in asked or bool({"login", "select_account"} & set(prompts))
    return again or parts.path in _RECENT_PAGES


def _arrival(provider: OpenIdProvider, back: str, who: Identified, at: int) -> Arrival:
    return Arrival(
        issuer=who.issuer,
        subject=who.subject,
        label=provider.label,
        at=at,
        acr=who.acr,
        amr=who.amr,
        family_name=claims.name(who.claims, "family_name"),
        given_name=claims.name(who.claims, "given_name"),
        email=claims.email(who.claims),
        back=back,
        origin={"provider": provider.name, "id_token": who.id_token, "leave": who.leave_at or ""},
    )

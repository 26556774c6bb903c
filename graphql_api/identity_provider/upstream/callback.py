"""The callback of an upstream provider: sign in to an account, or ask which one is meant."""

from urllib.parse import parse_qs, urlsplit

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.identity_provider.accounts import login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.limits import UPSTREAM_CALLBACKS
from graphql_api.identity_provider.accounts.page_endpoints import (
    SIGN_IN,
    check_rate_limit,
    with_headers,
)
from graphql_api.identity_provider.accounts.sign_in_pages import (
    PROFILE,
    sign_in_url,
    signed_in_path,
)
from graphql_api.identity_provider.upstream import claims, pending_logins
from graphql_api.identity_provider.upstream.pending_logins import PendingLogin
from graphql_api.openid_client.client import UserIdentity
from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.login_state import LoginState
from graphql_api.openid_client.settings import OpenIdProvider
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.http.client_address import client_network
from graphql_api.web.rendering import message_page, see_other

CHOICE_PATH = "/account/ways/new"
PROMPT_LOGIN = {"prompt": "login"}
_RECENT_PAGES = ("/account/password", "/account/email", CHOICE_PATH)
_OTHER_METHOD = "Se connecter autrement"
_RETRY = "Recommencer"


def authorization_parameters(back: str) -> dict[str, str]:
    """The extra parameters of an authorization request: a new login, where one is needed."""
    return PROMPT_LOGIN if _needs_recent_login(back) else {}


def check_callback_limit(context: AccountContext, request: Request) -> None:
    """Count a callback from an address: each costs a request to the provider.

    Those that succeed are refunded: a whole town hall may come from one address. Raises
    `TooManyRequestsError`.
    """
    with context.writing():
        wait = context.limiter.hit(UPSTREAM_CALLBACKS, client_network(request))
    check_rate_limit(wait)


def finish_login(
    provider: OpenIdProvider,
    login_state: LoginState,
    back: str,
    who: UserIdentity,
    context: AccountContext,
    form: FormRequest,
) -> Response:
    """Sign in to the account of the person's login method, or ask which account is meant.

    Nothing is decided against the will of somebody who is signed in to another account already.
    """
    fresh = who.signed_in_at + provider.leeway_seconds >= login_state.begun_at
    if _needs_recent_login(back) and not fresh:
        return _login_too_old_page(provider)
    # A provider's clock is not ours: a sign-in that followed our asking took place now.
    at = context.now if fresh else min(who.signed_in_at * SECOND, context.now)
    login = _pending_login(provider, back, who, at)
    with context.writing():
        context.limiter.refund(UPSTREAM_CALLBACKS, client_network(form.http))
        account = login_methods.account_of(context, who.issuer, who.subject)
        here = sessions.signed_in_user(context, form.http)
        if account is not None and (here is None or here.subject == account):
            headers = begin_session(context, form, account, login)
            return with_headers(see_other(signed_in_path(back)), headers)
        headers = pending_logins.store(context, login)
    return with_headers(see_other(CHOICE_PATH), headers)


def begin_session(
    context: AccountContext, form: FormRequest, account: str, login: PendingLogin
) -> sessions.Headers:
    """Begin a session of an account for a person whom a provider identified."""
    return sessions.begin(
        context,
        form.http,
        account,
        acr=login.acr,
        amr=login.amr,
        at=login.at,
        origin=login.origin,
    )


def stale_page() -> Response:
    """The page for a sign-in begun in another browser, too long ago, or used already."""
    text = "Cette connexion a été commencée il y a trop longtemps, ou dans une autre fenêtre."
    return message_page("Recommencez", text, status=400, links=[(SIGN_IN, "Se connecter")])


def refused_page(provider: OpenIdProvider, back: str, refusal: SignInRefusedError) -> Response:
    """The page for a refusal: by the person, or of the provider's answer."""
    links = [(_retry_url(provider, back), _RETRY), (sign_in_url(back), _OTHER_METHOD)]
    if refusal.code == "access_denied":
        text = f"Vous avez renoncé à vous identifier avec {provider.label}."
        return message_page("Connexion abandonnée", text, status=403, links=links)
    if refusal.code == "acr":
        text = f"Le niveau de garantie de votre identification avec {provider.label} ne suffit pas ici."
        return message_page("Connexion refusée", text, status=403, links=links)
    text = f"L’identification avec {provider.label} n’a pas abouti."
    return message_page("Connexion refusée", text, status=403, links=links, code=refusal.code)


def unavailable_page(
    provider: OpenIdProvider, back: str, fault: ProviderUnavailableError
) -> Response:
    """The page for a provider that does not answer; other login methods still work."""
    text = f"{provider.label} ne répond pas pour le moment. Réessayez dans un instant."
    links = [(_retry_url(provider, back), "Réessayer"), (sign_in_url(back), _OTHER_METHOD)]
    page = message_page(
        f"{provider.label} est indisponible", text, status=503, links=links, code=fault.code
    )
    page.headers["retry-after"] = "30"
    return page


def _retry_url(provider: OpenIdProvider, back: str) -> str:
    return sign_in_url(back).replace(SIGN_IN, f"/account/with/{provider.name}")


def _login_too_old_page(provider: OpenIdProvider) -> Response:
    lines = (
        f"Il faut ici une identification récente, et {provider.label} ne vous l’a pas demandée.",
        f"Déconnectez-vous de {provider.label}, puis recommencez.",
    )
    links = [(PROFILE, "Revenir à votre profil")]
    return message_page("Identifiez-vous de nouveau", *lines, status=403, links=links)


def _needs_recent_login(back: str) -> bool:
    """Whether the page to return to needs a new login."""
    parts = urlsplit(back)
    query = parse_qs(parts.query)
    prompts = " ".join(query.get("prompt", [])).split()
    again = "max_age" in query or bool({"login", "select_account"} & set(prompts))
    return again or parts.path in _RECENT_PAGES


def _pending_login(provider: OpenIdProvider, back: str, who: UserIdentity, at: int) -> PendingLogin:
    return PendingLogin(
        issuer=who.issuer,
        subject=who.subject,
        label=provider.label,
        at=at,
        acr=who.acr,
        amr=who.amr,
        family_name=claims.name_claim(who.claims, "family_name"),
        given_name=claims.name_claim(who.claims, "given_name"),
        email=claims.email_claim(who.claims),
        back=back,
        origin={
            "provider": provider.name,
            "id_token": who.id_token,
            "leave": who.end_session_endpoint or "",
        },
    )

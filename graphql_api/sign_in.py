"""Signing in and out with a browser: the service as an OpenID client of the token issuer.

A sign-in begins at `/sign-in`, comes back to `/sign-in/back`, and ends in a session under a fresh
secret, so that a secret which the browser had before is worth nothing. A sign-out ends the
session here first, then sends the browser to end the one at the issuer.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from graphql_api.callers import kept_forms, sessions
from graphql_api.callers.sessions import ProviderSignIn
from graphql_api.engine.encoding import log_incident
from graphql_api.engine.http_request import is_same_origin
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.form_keeping import kept_form_cookie
from graphql_api.openid_client.client import OpenIdClient, UserIdentity
from graphql_api.openid_client.errors import ProviderUnavailableError, SignInRefusedError
from graphql_api.openid_client.login_state import LoginStateCookies
from graphql_api.operations.service import Service
from graphql_api.web.http.cookies import HostCookie, is_secret
from graphql_api.web.pages import SIGNED_OUT, after_sign_out
from graphql_api.web.rendering import message_page, pages_from
from schema.closing import RECENT_SIGN_IN

SIGN_IN_PATH, BACK_PATH, SIGN_OUT_PATH = "/sign-in", "/sign-in/back", "/sign-out"
HOME = "/"
_page = pages_from(Path(__file__).parent / "templates")
LONGEST_PATH = 1_000
_AGAIN = {"prompt": "login", "max_age": str(int(RECENT_SIGN_IN.total_seconds()))}
_TO_HOME = (HOME, "Retour à l’accueil")
# Not the cookies: the issuer's would go before it ends its session. Not the cache: no browser keeps
# our pages, and emptying it takes Chromium many seconds.
_CLEARED = '"storage"'

Answer = Callable[[Request], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class SignInRoutes:
    """The routes; `client` is the service at the token issuer, `origin` the service's own.

    `account_cookie` carries the session at the embedded issuer, which a sign-out ends too.
    """

    service: Service
    workers: WorkerPool
    client: OpenIdClient
    pending: LoginStateCookies
    origin: str
    account_cookie: HostCookie | None = None

    def routes(self) -> list[Route]:
        """All routes."""
        return [
            Route(SIGN_IN_PATH, partial(_or_error_page, self.begin), methods=["GET"]),
            Route(BACK_PATH, partial(_or_error_page, self.finish), methods=["GET"]),
            Route(SIGN_OUT_PATH, partial(_or_error_page, self.ask_to_sign_out), methods=["GET"]),
            Route(SIGN_OUT_PATH, partial(_or_error_page, self.sign_out), methods=["POST"]),
        ]

    async def begin(self, request: Request) -> Response:
        """Send the browser to the issuer. `next` is where to go afterwards, within the service.

        `again=1` asks for a sign-in that happens now, as deletions need.
        """
        back = local_path(request.query_params.get("next", HOME))
        again = request.query_params.get("again") == "1"
        authorization = await self.client.begin(_AGAIN if again else {})
        response = RedirectResponse(authorization.url, 303)
        self.pending.set(response, authorization.login_state, back, request)
        return response

    async def finish(self, request: Request) -> Response:
        """Begin a session of the person whom the issuer signed in."""
        taken = self.pending.find(request, request.query_params.get("state"))
        if taken is None:
            return _restart_page(HOME)
        login_state, back = taken
        response: Response
        try:
            who = await self.client.finish(login_state, dict(request.query_params))
        except SignInRefusedError as refused:
            response = (
                _declined_page(back) if refused.code == "access_denied" else _restart_page(back)
            )
        else:
            kept = kept_form_cookie(self.service).read(request)
            secret = await self.workers.run(
                partial(self._begin_session, self._secret(request), who, kept)
            )
            response = RedirectResponse(back, 303)
            self.service.cookie.set(response, secret)
        self.pending.delete(response, login_state.state)
        return response

    async def ask_to_sign_out(self, _request: Request) -> Response:
        """A page with a button: a link that was followed signs nobody out."""
        return _page("sign_out.html", form_targets=after_sign_out(self.origin))

    async def sign_out(self, request: Request) -> Response:
        """End the session, here and then at the issuer."""
        if not is_same_origin(request.headers, self.origin):
            return _other_origin_page()
        id_token, url = None, None
        kept = kept_form_cookie(self.service)
        if (secret := self._secret(request)) or kept.read(request):
            end = partial(self._end_session, secret, kept.read(request))
            id_token = await self.workers.run(end)
        if id_token or self._has_account_session(request):
            url = await self.client.logout_url(id_token, SIGNED_OUT)
        response = RedirectResponse(url or f"{HOME}?{urlencode({'state': SIGNED_OUT})}", 303)
        self.service.cookie.delete(response)
        if kept.read(request) is not None:
            kept.delete(response)
        response.headers["clear-site-data"] = _CLEARED
        return response

    def _has_account_session(self, request: Request) -> bool:
        return self.account_cookie is not None and bool(self.account_cookie.read(request))

    def _secret(self, request: Request) -> str | None:
        given = self.service.cookie.read(request)
        return given if given is not None and is_secret(given) else None

    def _begin_session(self, before: str | None, who: UserIdentity, kept: str | None) -> str:
        """Begin a session; the form that somebody else left in this browser is destroyed."""
        signed_in = ProviderSignIn(
            issuer=self.service.credentials.identity_issuer,
            subject=who.subject,
            signed_in_at=who.signed_in_at,
            acr=who.acr,
            id_token=who.id_token,
        )
        store = self.service.store
        with store.writing():
            if before is not None:
                sessions.delete(store, before)
            if kept is not None and is_secret(kept):
                kept_forms.delete_unless_of(store, kept, signed_in.issuer, who.subject)
            return sessions.create(store, signed_in, self.service.clock())

    def _end_session(self, secret: str | None, kept: str | None) -> str | None:
        store = self.service.store
        with store.writing():
            if kept is not None and is_secret(kept):
                kept_forms.delete(store, kept)
            return sessions.delete(store, secret) if secret else None


def local_path(given: str) -> str:
    """The path, if it leads to this service and nowhere else; the home page otherwise."""
    leads_away = given.startswith("//") or "\\" in given
    plain = given.isascii() and given.isprintable() and len(given) <= LONGEST_PATH
    return given if given.startswith("/") and plain and not leads_away else HOME


async def _or_error_page(answer: Answer, request: Request) -> Response:
    """The answer, or a page that says why there is none."""
    try:
        return await answer(request)
    except (ProviderUnavailableError, BusyError, UnavailableError):
        text = "Le service est momentanément indisponible. Réessayez dans un instant."
        response = message_page("Service indisponible", text, status=503, links=(_TO_HOME,))
        response.headers["retry-after"] = "5"
        return response
    except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
        text, code = "Une erreur est survenue de notre côté.", log_incident(fault)
        return message_page("Erreur interne", text, status=500, links=(_TO_HOME,), code=code)


def _restart_page(back: str) -> HTMLResponse:
    """The page for a sign-in that is not under way in this browser, or that failed."""
    text = (
        "Cette demande de connexion n’est plus valable : elle a expiré, elle a déjà servi, ou elle"
        " a commencé dans un autre navigateur."
    )
    link = (_sign_in(back), "Reprendre la connexion")
    return message_page("Connexion à reprendre", text, status=400, links=(link,))


def _declined_page(back: str) -> HTMLResponse:
    text = "Vous n’êtes pas connecté : la connexion a été abandonnée ou refusée."
    link = (_sign_in(back), "Recommencer")
    return message_page("Connexion abandonnée", text, status=400, links=(link,))


def _other_origin_page() -> HTMLResponse:
    text = "Pour vous déconnecter, utilisez le bouton de cette page."
    link = (SIGN_OUT_PATH, "Se déconnecter")
    return message_page("Déconnexion refusée", text, status=403, links=(link,))


def _sign_in(back: str) -> str:
    return SIGN_IN_PATH if back == HOME else f"{SIGN_IN_PATH}?{urlencode({'next': back})}"

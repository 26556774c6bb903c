"""Endpoints of the pages of accounts: read, check, run in a thread, mask errors."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.engine.encoding import log_incident
from graphql_api.engine.http_request import is_same_origin
from graphql_api.engine.workers import BusyError, UnavailableError, WorkerPool
from graphql_api.identity_provider.accounts import sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord, find
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.web.forms import form_request
from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import message_page, origin_of, see_other

Work = Callable[[AccountContext, FormRequest], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

SIGN_IN = "/account/sign-in"
# The sign-in of the service, which leads through the account's: people know one sign-in only.
SERVICE_SIGN_IN = "/sign-in"
_PROFILE_LINK = (("/account", "Revenir à votre profil"),)
_CONTACT_LINK = (("/contact", "Écrire à l’assistance"),)


class NotSignedInError(Exception):
    """The page needs a sign-in."""


class AccountChangedError(Exception):
    """The account changed while the form was processed: nothing was done."""


class TooManyRequestsError(Exception):
    """A rate limit was reached for `seconds`. Raised after the count is committed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class PageEndpoints:
    """Makes endpoints of functions that work with a context; every request has its own.

    The functions open their own transactions: hashing a password takes long, and happens in none.
    """

    workers: WorkerPool
    new_context: Callable[[], AccountContext]

    def local_page(self, work: Work) -> Endpoint:
        """Make the endpoint of a page that exists only where local accounts do."""
        return self.page(work, local=True)

    def page(self, work: Work, *, local: bool = False) -> Endpoint:
        """Make the endpoint of a page that always exists."""

        async def answer(request: Request) -> Response:
            try:
                return await self._run(work, request, local)
            except MalformedRequestError:
                return message_page(
                    "Demande refusée", "Ce formulaire ne peut pas être lu.", status=400
                )
            except NotSignedInError:
                return see_other(_sign_in_address(request))
            except AccountChangedError:
                text = "Votre compte a changé pendant votre saisie. Rien n’a été modifié."
                return message_page("Recommencez", text, status=409, links=_PROFILE_LINK)
            except sessions.AccountDisabledError:
                text = "L’exploitant du service a désactivé ce compte. Rien n’en est supprimé."
                return message_page("Compte désactivé", text, status=403, links=_CONTACT_LINK)
            except TooManyRequestsError as many:
                return _too_many(many.seconds)
            except (BusyError, UnavailableError):
                text = "Le service est momentanément indisponible. Réessayez dans un instant."
                page = message_page("Service indisponible", text, status=503)
                page.headers["retry-after"] = "5"
                return page
            except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
                text = "Une erreur est survenue de notre côté."
                return message_page("Erreur interne", text, status=500, code=log_incident(fault))

        return answer

    async def _run(self, work: Work, request: Request, local: bool) -> Response:
        context = self.new_context()
        if local and not context.local:
            return message_page("Page introuvable", "Cette page n’existe pas.", status=404)
        origin = origin_of(context.public_url) or ""
        if request.method == "POST" and not is_same_origin(request.headers, origin):
            text = "Ce formulaire ne vient pas de notre site. Ouvrez la page et recommencez."
            return message_page("Demande refusée", text, status=403)
        form = await form_request.read_form(request)
        return await self.workers.run(partial(work, context, form))


def service_sign_in_url(path: str) -> str:
    """The address that signs the browser in to account and service, and leads on to a path."""
    return f"{SERVICE_SIGN_IN}?{urlencode({'next': path})}"


def _sign_in_address(request: Request) -> str:
    """Where to sign in and come back; to the profile from a form that was sent."""
    if request.method != "GET":
        return service_sign_in_url("/account")
    query = f"?{request.url.query}" if request.url.query else ""
    return service_sign_in_url(request.url.path + query)


def check_rate_limit(seconds: int) -> None:
    """Raise `TooManyRequestsError` unless there are no seconds to wait."""
    if seconds:
        raise TooManyRequestsError(seconds)


def require_sign_in(
    context: AccountContext, form: FormRequest
) -> tuple[SignedInUser, AccountRecord]:
    """The user and their account, or `NotSignedInError`. Call it in a write transaction."""
    user = sessions.signed_in_user(context, form.http)
    record = find(context, user.subject) if user else None
    if user is None or record is None:
        raise NotSignedInError
    return user, record


def with_headers(response: Response, headers: sessions.Headers) -> Response:
    """Add the headers that begin or end a session to a response."""
    for name, value in headers:
        response.headers.append(name, value)
    return response


def _too_many(seconds: int) -> Response:
    minutes = -(-seconds // 60)
    wait = "une minute" if minutes == 1 else f"{minutes} minutes"
    text = f"Vous avez fait trop d’essais. Réessayez dans {wait}."
    page = message_page("Trop d’essais", text, status=429)
    page.headers["retry-after"] = str(seconds)
    return page

"""From a request about accounts to its page: read, checked, worked in a thread, masked."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.engine.encoding import report
from graphql_api.engine.workers import Busy, Unavailable, Workers
from graphql_api.identity_provider.accounts import sessions
from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.accounts import Known, find
from graphql_api.identity_provider.sign_in_step import SignedIn
from graphql_api.web import forms
from graphql_api.web.forms import Asked
from graphql_api.web.oauth_parameters import BadRequest
from graphql_api.web.rendering import go, message

Work = Callable[[Desk, Asked], Response]
Endpoint = Callable[[Request], Awaitable[Response]]

SIGN_IN = "/account/sign-in"
_BACK = (("/account", "Revenir à votre profil"),)


class NotSignedIn(Exception):  # noqa: N818 - says what the browser is
    """The page is for somebody who is signed in."""


class Changed(Exception):  # noqa: N818 - says what happened meanwhile
    """The account changed while the form was worked on: nothing was done."""


class TooMany(Exception):  # noqa: N818 - says what was tried
    """Tried too often; `seconds` until one may again. Raised after the count is committed."""

    def __init__(self, seconds: int) -> None:
        super().__init__(seconds)
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Reception:
    """Makes endpoints of what works at a desk; every request has a desk of its own.

    The work opens its own transactions: hashing a password takes long, and happens in none.
    """

    workers: Workers
    desk: Callable[[], Desk]

    def local(self, work: Work) -> Endpoint:
        """A page that is not there where nobody may have a password of ours."""
        return self.everyone(work, local=True)

    def everyone(self, work: Work, *, local: bool = False) -> Endpoint:
        """A page that is always there."""

        async def answer(request: Request) -> Response:
            try:
                return await self._worked(work, request, local)
            except BadRequest:
                return message("Demande refusée", "Ce formulaire ne peut pas être lu.", status=400)
            except NotSignedIn:
                return go(SIGN_IN)
            except Changed:
                text = "Votre compte a changé pendant votre saisie. Rien n’a été modifié."
                return message("Recommencez", text, status=409, links=_BACK)
            except TooMany as many:
                return _too_many(many.seconds)
            except (Busy, Unavailable):
                text = "Le service est momentanément indisponible. Réessayez dans un instant."
                page = message("Service indisponible", text, status=503)
                page.headers["retry-after"] = "5"
                return page
            except Exception as fault:  # noqa: BLE001 - the last place where it can be masked
                text = "Une erreur est survenue de notre côté."
                return message("Erreur interne", text, status=500, code=report(fault))

        return answer

    async def _worked(self, work: Work, request: Request, local: bool) -> Response:
        desk = self.desk()
        if local and not desk.local:
            return message("Page introuvable", "Cette page n’existe pas.", status=404)
        if request.method == "POST" and not forms.is_ours(request, desk.public_url):
            text = "Ce formulaire ne vient pas de notre site. Ouvrez la page et recommencez."
            return message("Demande refusée", text, status=403)
        asked = await forms.read(request)
        return await self.workers.run(partial(work, desk, asked))


def check_wait(seconds: int) -> None:
    """Raise `TooMany` unless there is nothing to wait for."""
    if seconds:
        raise TooMany(seconds)


def signed_in(desk: Desk, asked: Asked) -> tuple[SignedIn, Known]:
    """Who is signed in, and their account; raises `NotSignedIn`. In a write transaction."""
    who = sessions.who(desk, asked.http)
    known = find(desk, who.subject) if who else None
    if who is None or known is None:
        raise NotSignedIn
    return who, known


def with_headers(response: Response, headers: sessions.Headers) -> Response:
    """The response with the headers that begin or end a session."""
    for name, value in headers:
        response.headers.append(name, value)
    return response


def _too_many(seconds: int) -> Response:
    minutes = -(-seconds // 60)
    wait = "une minute" if minutes == 1 else f"{minutes} minutes"
    text = f"Vous avez fait trop d’essais. Réessayez dans {wait}."
    page = message("Trop d’essais", text, status=429)
    page.headers["retry-after"] = str(seconds)
    return page

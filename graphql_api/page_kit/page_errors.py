"""What ends a view early, and the page that a person sees then."""

from collections.abc import Mapping
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.engine.encoding import log_incident
from graphql_api.engine.workers import BusyError, UnavailableError
from graphql_api.web.forms.encoded_fields import MalformedRequestError
from graphql_api.web.forms.posted_form import PostedForm
from graphql_api.web.rendering import message_page, page, see_other

_HOME = ("/", "Retour à l’accueil")


class NotSignedInError(Exception):
    """The page is for somebody who is signed in."""


class SignInAgainError(Exception):
    """What was sent asks for a recent sign-in: the form is kept, and given back after it."""


class PageNotFoundError(Exception):
    """There is no such page, or not for this person: the answer is the same."""


class RedirectError(Exception):
    """The person is sent to another page first; `path` is its address."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path


class OtherSiteError(Exception):
    """A page of another site sent the form."""


class OperationError(Exception):
    """The operation failed; `code` is its stable code, `incident` the id in the log."""

    def __init__(self, code: str, message: str, incident: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.incident = incident


def resend_page(
    template: str, path: str, fields: Mapping[str, list[str]], status: int = 200
) -> Response:
    """A page whose form holds what was sent, and sends it again."""
    pairs = [(name, value) for name, values in fields.items() for value in values]
    return page(template, status, action=path, pairs=pairs)


def sign_in_address(request: Request) -> str:
    """Where to sign in and come back to this page; to the home page from a form that was sent."""
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/sign-in?next={quote(request.url.path + query, safe='')}"


def session_ended_page() -> Response:
    """The page for a form that nobody can be given back: it is not known who sent it.

    The browser still holds what was typed, and sends it again when this page is loaded anew. The
    sign-in is in another tab, since the way back would lead to an empty form.
    """
    return page("session_ended.html", 401)


def page_of_error(why: Exception, request: Request, form: PostedForm) -> Response:
    """The page that says why there is no other; an unexpected exception is masked.

    A service that is busy gives a form back, to be sent again.
    """
    match why:
        case NotSignedInError():
            return see_other(sign_in_address(request))
        case RedirectError():
            return see_other(why.path)
        case PageNotFoundError():
            text = "Cette page n’existe pas, ou n’est pas à vous."
            return message_page("Page introuvable", text, status=404, links=(_HOME,))
        case OtherSiteError():
            text = "Ce formulaire ne vient pas de notre site. Ouvrez la page et recommencez."
            return message_page("Demande refusée", text, status=403, links=(_HOME,))
        case MalformedRequestError():
            text = "Ce formulaire ne peut pas être lu, ou il est trop long."
            return message_page("Demande illisible", text, status=400, links=(_HOME,))
        case BusyError() | UnavailableError():
            return _unavailable(why, request, form)
        case OperationError(incident=""):
            return message_page("Demande refusée", why.message, status=403, links=(_HOME,))
        case OperationError():
            code = why.incident
        case _:
            code = log_incident(why)
    text = "Une erreur est survenue de notre côté."
    return message_page("Erreur interne", text, status=500, links=(_HOME,), code=code)


def _unavailable(why: BusyError | UnavailableError, request: Request, form: PostedForm) -> Response:
    if form.values:  # a file that was sent is not given back
        response = resend_page("retry.html", request.url.path, form.values, 503)
    else:
        text = (
            "Le service est très demandé ou momentanément indisponible. Réessayez dans un instant."
        )
        response = message_page("Service indisponible", text, status=503)
    response.headers["retry-after"] = str(why.seconds if isinstance(why, BusyError) else 5)
    return response

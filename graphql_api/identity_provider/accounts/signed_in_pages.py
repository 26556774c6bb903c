"""Pages of somebody who is signed in to an account: their menu, and when the session ends."""

from typing import Any

from starlette.responses import Response

from graphql_api.identity_provider.accounts import sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.page_endpoints import require_sign_in
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.page_frame import MenuGroup, MenuItem, PageFrame, menu_at

SESSION_PATH = "/account/session"
# The header that the script of pages reads: see `request_context.SESSION_SECONDS`.
_SECONDS = "x-session-seconds"
_ESPACE_PRO = MenuGroup(
    "Espace Pro", (MenuItem("/", "Accueil Espace Pro"), MenuItem("/livret", "Votre livret"))
)
_PROFILE = MenuItem("/account", "Votre compte")
_NAMES = MenuItem("/account/names", "Nom et prénom")
_EMAIL = MenuItem("/account/email", "Adresse électronique")
_PASSWORD = MenuItem("/account/password", "Mot de passe")
_END = MenuItem("/livret/fermer/compte", "Supprimer votre compte")


def account_page(
    context: AccountContext,
    form: FormRequest,
    record: AccountRecord,
    template: str,
    status: int = 200,
    /,
    **values: Any,
) -> Response:
    """The page of a template, within the menu of the profile."""
    details = record.details
    local = (_EMAIL, _PASSWORD) if context.local else ()
    profile = MenuGroup("Votre profil", (_PROFILE, _NAMES, *local, _END))
    frame = PageFrame(
        role="Compte",
        name=" ".join(name for name in (details.family_name, details.given_name) if name)
        or details.email,
        menu=menu_at(form.http.url.path, (_ESPACE_PRO, profile)),
        session_path=SESSION_PATH,
        keeps_forms=False,
    )
    seconds = str(_seconds_left(context, form))
    return page(template, status, frame=frame, session_seconds=seconds, **values)


def session(context: AccountContext, form: FormRequest) -> Response:
    """Answer with nothing while the session goes on; asking makes it go on."""
    with context.writing():
        require_sign_in(context, form)
    headers = {"cache-control": "no-store", _SECONDS: str(_seconds_left(context, form))}
    return Response(status_code=204, headers=headers)


def _seconds_left(context: AccountContext, form: FormRequest) -> int:
    with context.store.reading():
        return sessions.seconds_left(context, form.http)

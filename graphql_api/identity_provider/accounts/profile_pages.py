"""« Votre profil »: what somebody sees of their account, their names, and signing out everywhere."""

from dataclasses import replace

from starlette.responses import Response

from graphql_api.identity_provider.accounts import accounts, login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.form_validation import CIVILITIES, ValidatedForm
from graphql_api.identity_provider.accounts.page_endpoints import (
    SIGN_IN,
    AccountChangedError,
    require_sign_in,
    with_headers,
)
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.accounts.sign_in_pages import CLEAR_SITE_DATA, PROFILE
from graphql_api.web.forms import FormRequest
from graphql_api.web.rendering import see_other
from schema.codes import label_of

_NOTICES = {
    "names": "Vos nom et prénom sont enregistrés.",
    "password": "Votre mot de passe est changé. Toutes les autres sessions ont pris fin : reconnectez-vous au livret.",
    "email": "Votre nouvelle adresse électronique est enregistrée.",
    "email-sent": (
        "Un courriel vient d’être envoyé à la nouvelle adresse. Ouvrez le lien qu’il contient pour"
        " la confirmer."
    ),
    "way-added": "Le moyen de connexion est ajouté.",
    "way-removed": "Le moyen de connexion est retiré.",
}


def profile(desk: AccountContext, asked: FormRequest) -> Response:
    """What is known of whoever is signed in, and what they may do with it."""
    with desk.writing():
        _, known = require_sign_in(desk, asked)
        found = login_methods.list_methods(desk, known.id)
    details, labels = known.details, dict(desk.issuers)
    return page(
        "profile.html",
        details=details,
        civility=label_of("civility", details.civility) if details.civility else "",
        proven=known.proven,
        ways=[(way, labels.get(way.issuer, way.issuer)) for way in found],
        removable=len(found) > 1 or (desk.local and details.password is not None and known.proven),
        providers=[
            (f"/account/with/{name}?return={PROFILE}", label) for name, label in desk.providers
        ],
        local=desk.local,
        done=_NOTICES.get(asked.text("done"), ""),
    )


def change_names(desk: AccountContext, asked: FormRequest) -> Response:
    """Change civility and names."""
    with desk.writing():
        _, known = require_sign_in(desk, asked)
    if not asked.is_form:
        details = known.details
        shown = {
            "civility": details.civility,
            "family_name": details.family_name,
            "given_name": details.given_name,
        }
        return _names_form(FormRequest(asked.http, shown), {})
    checked = ValidatedForm(asked)
    chosen = checked.names()
    if checked.problems:
        return _names_form(asked, checked.problems)
    details = replace(
        known.details,
        civility=chosen.civility,
        family_name=chosen.family_name,
        given_name=chosen.given_name,
    )
    with desk.writing():
        update_account(desk, known, details)
    return see_other(f"{PROFILE}?done=names")


def sign_out_everywhere(desk: AccountContext, asked: FormRequest) -> Response:
    """End all sessions of the account, and all that was granted in its name."""
    with desk.writing():
        _, known = require_sign_in(desk, asked)
        sessions.end_all(desk, known.id)
        headers = sessions.end(desk, asked.http)
    return with_headers(see_other(f"{SIGN_IN}?done=everywhere"), [*headers, CLEAR_SITE_DATA])


def update_account(
    desk: AccountContext,
    known: AccountRecord,
    details: accounts.AccountDetails,
    *,
    proven: bool | None = None,
) -> None:
    """Write the details anew; raises `AccountChangedError` when the account changed since it was read."""
    if not accounts.update(desk, known, details, proven=proven):
        raise AccountChangedError


def _names_form(asked: FormRequest, problems: dict[str, str]) -> Response:
    status = 422 if problems else 200
    return page("names.html", status, asked=asked, problems=problems, civilities=CIVILITIES)

"""« Votre profil »: the pages of an account, of its names, and signing out everywhere."""

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
from graphql_api.identity_provider.accounts.sign_in_pages import CLEAR_SITE_DATA, PROFILE
from graphql_api.identity_provider.accounts.signed_in_pages import account_page
from graphql_api.web.forms.form_request import FormRequest
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


def profile(context: AccountContext, form: FormRequest) -> Response:
    """Show the account of the person who is signed in."""
    with context.writing():
        _, record = require_sign_in(context, form)
        found = login_methods.list_methods(context, record.id)
    details, labels = record.details, dict(context.issuers)
    return account_page(
        context,
        form,
        record,
        "profile.html",
        subject=record.id,
        details=details,
        civility=label_of("civility", details.civility) if details.civility else "",
        proven=record.proven,
        ways=[(way, labels.get(way.issuer, way.issuer)) for way in found],
        removable=len(found) > 1
        or (context.local and details.password is not None and record.proven),
        providers=[
            (f"/account/with/{name}?return={PROFILE}", label) for name, label in context.providers
        ],
        local=context.local,
        done=_NOTICES.get(form.text("done"), ""),
    )


def change_names(context: AccountContext, form: FormRequest) -> Response:
    """Change civility and names."""
    with context.writing():
        _, record = require_sign_in(context, form)
    if not form.is_submitted:
        details = record.details
        shown = {
            "civility": details.civility,
            "family_name": details.family_name,
            "given_name": details.given_name,
        }
        return _names_form(context, FormRequest(form.http, shown), record, {})
    checked = ValidatedForm(form)
    chosen = checked.names()
    if checked.problems:
        return _names_form(context, form, record, checked.problems)
    details = replace(
        record.details,
        civility=chosen.civility,
        family_name=chosen.family_name,
        given_name=chosen.given_name,
    )
    with context.writing():
        update_account(context, record, details)
    return see_other(f"{PROFILE}?done=names")


def sign_out_everywhere(context: AccountContext, form: FormRequest) -> Response:
    """End all sessions of the account, and revoke its grants."""
    with context.writing():
        _, record = require_sign_in(context, form)
        sessions.end_all(context, record.id)
        headers = sessions.end(context, form.http)
    return with_headers(see_other(f"{SIGN_IN}?done=everywhere"), [*headers, CLEAR_SITE_DATA])


def update_account(
    context: AccountContext,
    record: AccountRecord,
    details: accounts.AccountDetails,
    *,
    proven: bool | None = None,
) -> None:
    """Update the details of an account; `AccountChangedError` when it changed since it was read."""
    if not accounts.update(context, record, details, proven=proven):
        raise AccountChangedError


def _names_form(
    context: AccountContext, form: FormRequest, record: AccountRecord, problems: dict[str, str]
) -> Response:
    return account_page(
        context,
        form,
        record,
        "names.html",
        422 if problems else 200,
        sent=form,
        problems=problems,
        civilities=CIVILITIES,
    )

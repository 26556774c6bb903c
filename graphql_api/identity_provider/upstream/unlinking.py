"""Removing a login method from an account, but never the last one that works."""

from starlette.responses import Response

from graphql_api.identity_provider.accounts import login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.page_endpoints import require_sign_in, with_headers
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, sign_in_url
from graphql_api.identity_provider.accounts.tables import AccountTable
from graphql_api.identity_provider.upstream import emails
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import message_page, see_other

_PROFILE_LINK = (PROFILE, "Revenir à votre profil")


def remove_login_method(context: AccountContext, form: FormRequest) -> Response:
    """Remove a login method, and end all other sessions, which may have begun by it."""
    issuer, subject = form.text("issuer"), form.text("subject")
    with context.writing():
        user, record = require_sign_in(context, form)
        if not sessions.is_recent(context, user):
            text = "Pour retirer un moyen de connexion, connectez-vous de nouveau : c’est une précaution."
            links = [(sign_in_url(PROFILE), "Se connecter de nouveau"), _PROFILE_LINK]
            return message_page("Connectez-vous de nouveau", text, links=links)
        _lock_account(context, record.id)
        if not _another_method_works(context, record, issuer, subject):
            text = "C’est le seul moyen de vous connecter à ce compte. Ajoutez-en un autre d’abord."
            return message_page("Impossible de le retirer", text, status=409, links=[_PROFILE_LINK])
        if not login_methods.remove(context, record.id, issuer, subject):
            return see_other(PROFILE)
        origin = sessions.origin_of(context, form.http)
        sessions.end_all(context, record.id)
        at = user.at * SECOND
        headers = sessions.begin(
            context, form.http, record.id, acr=user.acr, amr=user.amr, at=at, origin=origin
        )
        if record.proven:
            label = dict(context.issuers).get(issuer, issuer)
            context.send_mail(emails.login_method_removed_email(record.details.email, label))
    return with_headers(see_other(f"{PROFILE}?done=way-removed"), headers)


def _lock_account(context: AccountContext, account: str) -> None:
    """Lock the account's row, so that of two removals at once the second sees the first."""
    context.store.run(
        AccountTable.update(version=AccountTable.version).where(AccountTable.id == account)
    )


def _another_method_works(
    context: AccountContext, record: AccountRecord, issuer: str, subject: str
) -> bool:
    """Whether a sign-in would still be possible: by a password, or at a provider in use."""
    if context.local and record.proven and record.details.password is not None:
        return True
    in_use = dict(context.issuers)
    return any(
        method.issuer in in_use
        for method in login_methods.list_methods(context, record.id)
        if (method.issuer, method.subject) != (issuer, subject)
    )

"""Taking a way in from an account, but never the last one that works."""

from starlette.responses import Response

from graphql_api.identity_provider.accounts import login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.page_endpoints import require_sign_in, with_headers
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, sign_in_url
from graphql_api.identity_provider.accounts.tables import Account
from graphql_api.identity_provider.upstream import emails
from graphql_api.web.forms import FormRequest
from graphql_api.web.rendering import message_page, see_other

_PROFILE_LINK = (PROFILE, "Revenir à votre profil")


def remove_login_method(desk: AccountContext, asked: FormRequest) -> Response:
    """Remove a way; all other sessions of the account end, which may have come by it."""
    issuer, subject = asked.text("issuer"), asked.text("subject")
    with desk.writing():
        who, known = require_sign_in(desk, asked)
        if not sessions.is_recent(desk, who):
            text = "Pour retirer un moyen de connexion, connectez-vous de nouveau : c’est une précaution."
            links = [(sign_in_url(PROFILE), "Se connecter de nouveau"), _PROFILE_LINK]
            return message_page("Connectez-vous de nouveau", text, links=links)
        _lock_account(desk, known.id)
        if not _another_method_works(desk, known, issuer, subject):
            text = "C’est le seul moyen de vous connecter à ce compte. Ajoutez-en un autre d’abord."
            return message_page("Impossible de le retirer", text, status=409, links=[_PROFILE_LINK])
        if not login_methods.remove(desk, known.id, issuer, subject):
            return see_other(PROFILE)
        origin = sessions.origin_of(desk, asked.http)
        sessions.end_all(desk, known.id)
        at = who.at * SECOND
        headers = sessions.begin(
            desk, asked.http, known.id, acr=who.acr, amr=who.amr, at=at, origin=origin
        )
        if known.proven:
            label = dict(desk.issuers).get(issuer, issuer)
            desk.post(emails.login_method_removed_email(known.details.email, label))
    return with_headers(see_other(f"{PROFILE}?done=way-removed"), headers)


def _lock_account(desk: AccountContext, account: str) -> None:
    """Hold the account's row, so that of two removals at once the second sees the first."""
    desk.store.run(Account.update(version=Account.version).where(Account.id == account))


def _another_method_works(
    desk: AccountContext, known: AccountRecord, issuer: str, subject: str
) -> bool:
    """Whether one could still sign in: by a password, or at a provider that is in use."""
    if desk.local and known.proven and known.details.password is not None:
        return True
    in_use = dict(desk.issuers)
    return any(
        way.issuer in in_use
        for way in login_methods.list_methods(desk, known.id)
        if (way.issuer, way.subject) != (issuer, subject)
    )

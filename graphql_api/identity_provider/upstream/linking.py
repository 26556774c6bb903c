"""Linking an upstream identity to an account: a new one, or the one that is signed in.

A login method is added only by a form of ours, sent by a browser that proved both within ten
minutes: the account, by a sign-in, and the person at the provider, by a pending login. A link that
somebody was made to follow adds nothing.
"""

from starlette.responses import Response

from graphql_api.identity_provider.accounts import accounts, login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.identity_provider.accounts.login_methods import AlreadyLinkedError
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, with_headers
from graphql_api.identity_provider.accounts.sign_in_pages import (
    PROFILE,
    requesting_client,
    sign_in_url,
    signed_in_path,
)
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.identity_provider.upstream import emails, pending_logins
from graphql_api.identity_provider.upstream.callback import CHOICE_PATH, begin_session
from graphql_api.identity_provider.upstream.pending_logins import PendingLogin
from graphql_api.identity_provider.upstream.rendering import page
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import message_page, see_other


def choose(context: AccountContext, form: FormRequest) -> Response:
    """Show the page that asks which account is meant; it changes nothing."""
    with context.writing():
        login, user, record, leads_to = _current_state(context, form)
        if login is None:
            return _expired_page()
        targets = requesting_client(context, login.back).origins
    if leads_to is not None:
        step = "switch"
    elif user is None:
        step = "new"
    else:
        step = "add" if sessions.is_recent(context, user) else "again"
    sign_in = sign_in_url(CHOICE_PATH)
    return page(
        "link_account.html", 200, targets, step=step, login=login, record=record, go=sign_in
    )


def add(context: AccountContext, form: FormRequest) -> Response:
    """Link the identity to the account that the browser is signed in to."""
    try:
        with context.writing():
            login, user, record, _ = _current_state(context, form)
            if login is None:
                return _expired_page()
            if user is None or record is None or not sessions.is_recent(context, user):
                return see_other(CHOICE_PATH)
            headers = pending_logins.consume(context, form.http)
            if headers is None:
                return _expired_page()
            login_methods.add(context, record.id, login.issuer, login.subject)
            if record.proven:
                context.send_mail(
                    emails.login_method_added_email(context, record.details.email, login.label)
                )
    except AlreadyLinkedError:
        return _already_linked_page(login)
    done = f"{PROFILE}?done=way-added" if login.back == PROFILE else login.back
    return with_headers(see_other(done), headers)


def create(context: AccountContext, form: FormRequest) -> Response:
    """Create an account linked to the identity, and sign in to it."""
    try:
        with context.writing():
            login, user, _, leads_to = _current_state(context, form)
            if login is None:
                return _expired_page()
            if user is not None:
                return see_other(CHOICE_PATH)
            taken = pending_logins.consume(context, form.http)
            if taken is None:
                return _expired_page()
            account = leads_to or _create_account(context, login)
            headers = begin_session(context, form, account, login)
    except AlreadyLinkedError:  # at once, in another tab: the page finds the account now
        return see_other(CHOICE_PATH)
    return with_headers(see_other(signed_in_path(login.back)), [*taken, *headers])


def switch(context: AccountContext, form: FormRequest) -> Response:
    """Sign in to the account of the identity, instead of the one that is signed in."""
    with context.writing():
        login, _, _, leads_to = _current_state(context, form)
        if login is None:
            return _expired_page()
        taken = pending_logins.consume(context, form.http) if leads_to else None
        if leads_to is None or taken is None:
            return see_other(CHOICE_PATH)
        headers = begin_session(context, form, leads_to, login)
    return with_headers(see_other(signed_in_path(login.back)), [*taken, *headers])


def _current_state(
    context: AccountContext, form: FormRequest
) -> tuple[PendingLogin | None, SignedInUser | None, AccountRecord | None, str | None]:
    """The pending login, the user and the account signed in, and the account of the login."""
    login = pending_logins.find(context, form.http)
    user = sessions.signed_in_user(context, form.http)
    record = accounts.find(context, user.subject) if user else None
    user = user if record else None
    leads_to = login_methods.account_of(context, login.issuer, login.subject) if login else None
    return login, user, record, leads_to


def _create_account(context: AccountContext, login: PendingLogin) -> str:
    details = accounts.AccountDetails(login.family_name, login.given_name, login.email)
    account = accounts.create(context, details, activated=False)
    login_methods.add(context, account, login.issuer, login.subject)
    return account


def _expired_page() -> Response:
    text = "Cette page ne sert qu’une fois, et pendant dix minutes. Identifiez-vous de nouveau."
    return message_page("Recommencez", text, status=422, links=[(SIGN_IN, "Se connecter")])


def _already_linked_page(login: PendingLogin | None) -> Response:
    label = login.label if login else ""
    text = f"Votre identité {label} sert déjà à se connecter à un autre compte. Elle n’a pas été ajoutée."
    links = [(PROFILE, "Revenir à votre profil")]
    return message_page("Déjà utilisée", text, status=409, links=links)

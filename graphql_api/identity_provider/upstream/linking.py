"""Which account somebody means whom a provider identified: theirs already, a new one, or this one.

A way is added only by a form of ours, sent by a browser that proved both within ten minutes: the
account, by a sign-in, and the person at the provider, by an arrival. A link that somebody was made
to follow adds nothing.
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
)
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.identity_provider.upstream import emails, pending_logins
from graphql_api.identity_provider.upstream.callback import CHOICE_PATH, begin_session
from graphql_api.identity_provider.upstream.pending_logins import PendingLogin
from graphql_api.identity_provider.upstream.rendering import page
from graphql_api.web.forms import FormRequest
from graphql_api.web.rendering import message_page, see_other


def choose(context: AccountContext, form: FormRequest) -> Response:
    """The page that asks; it changes nothing."""
    with context.writing():
        arrival, user, record, leads_to = _current_state(context, form)
        if arrival is None:
            return _expired_page()
        targets = requesting_client(context, arrival.back).origins
    if leads_to is not None:
        step = "switch"
    elif user is None:
        step = "new"
    else:
        step = "add" if sessions.is_recent(context, user) else "again"
    sign_in = sign_in_url(CHOICE_PATH)
    return page("arrival.html", 200, targets, step=step, arrival=arrival, record=record, go=sign_in)


def add(context: AccountContext, form: FormRequest) -> Response:
    """Let the person into the account that the browser is signed in to."""
    try:
        with context.writing():
            arrival, user, record, _ = _current_state(context, form)
            if arrival is None:
                return _expired_page()
            if user is None or record is None or not sessions.is_recent(context, user):
                return see_other(CHOICE_PATH)
            headers = pending_logins.consume(context, form.http)
            if headers is None:
                return _expired_page()
            login_methods.add(context, record.id, arrival.issuer, arrival.subject)
            if record.proven:
                context.send_mail(
                    emails.login_method_added_email(context, record.details.email, arrival.label)
                )
    except AlreadyLinkedError:
        return _already_linked_page(arrival)
    done = f"{PROFILE}?done=way-added" if arrival.back == PROFILE else arrival.back
    return with_headers(see_other(done), headers)


def create(context: AccountContext, form: FormRequest) -> Response:
    """Make an account for somebody who has none, and sign in to it."""
    try:
        with context.writing():
            arrival, user, _, leads_to = _current_state(context, form)
            if arrival is None:
                return _expired_page()
            if user is not None:
                return see_other(CHOICE_PATH)
            taken = pending_logins.consume(context, form.http)
            if taken is None:
                return _expired_page()
            account = leads_to or _create_account(context, arrival)
            headers = begin_session(context, form, account, arrival)
    except AlreadyLinkedError:  # at once, in another tab: the page finds the account now
        return see_other(CHOICE_PATH)
    return with_headers(see_other(arrival.back), [*taken, *headers])


def switch(context: AccountContext, form: FormRequest) -> Response:
    """Leave the account that the browser is signed in to for the one that the person's way leads to."""
    with context.writing():
        arrival, _, _, leads_to = _current_state(context, form)
        if arrival is None:
            return _expired_page()
        taken = pending_logins.consume(context, form.http) if leads_to else None
        if leads_to is None or taken is None:
            return see_other(CHOICE_PATH)
        headers = begin_session(context, form, leads_to, arrival)
    return with_headers(see_other(arrival.back), [*taken, *headers])


def _current_state(
    context: AccountContext, form: FormRequest
) -> tuple[PendingLogin | None, SignedInUser | None, AccountRecord | None, str | None]:
    """Who arrived, who is signed in, to which account, and which account the arrival leads to."""
    arrival = pending_logins.find(context, form.http)
    user = sessions.signed_in_user(context, form.http)
    record = accounts.find(context, user.subject) if user else None
    user = user if record else None
    leads_to = (
        login_methods.account_of(context, arrival.issuer, arrival.subject) if arrival else None
    )
    return arrival, user, record, leads_to


def _create_account(context: AccountContext, arrival: PendingLogin) -> str:
    details = accounts.AccountDetails(arrival.family_name, arrival.given_name, arrival.email)
    account = accounts.create(context, details, activated=False)
    login_methods.add(context, account, arrival.issuer, arrival.subject)
    return account


def _expired_page() -> Response:
    text = "Cette page ne sert qu’une fois, et pendant dix minutes. Identifiez-vous de nouveau."
    return message_page("Recommencez", text, status=422, links=[(SIGN_IN, "Se connecter")])


def _already_linked_page(arrival: PendingLogin | None) -> Response:
    label = arrival.label if arrival else ""
    text = f"Votre identité {label} sert déjà à se connecter à un autre compte. Elle n’a pas été ajoutée."
    links = [(PROFILE, "Revenir à votre profil")]
    return message_page("Déjà utilisée", text, status=409, links=links)

"""Which account somebody means whom a provider identified: theirs already, a new one, or this one.

A way is added only by a form of ours, sent by a browser that proved both within ten minutes: the
account, by a sign-in, and the person at the provider, by an arrival. A link that somebody was made
to follow adds nothing.
"""

from starlette.responses import Response

from graphql_api.identity_provider.accounts import accounts, login_methods, sessions
from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.accounts import Known
from graphql_api.identity_provider.accounts.login_methods import AlreadyLinked
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, with_headers
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, front_end, page_for
from graphql_api.identity_provider.sign_in_step import SignedIn
from graphql_api.identity_provider.upstream import emails, pending_logins
from graphql_api.identity_provider.upstream.callback import CHOICE, enter
from graphql_api.identity_provider.upstream.pending_logins import Arrival
from graphql_api.identity_provider.upstream.rendering import page
from graphql_api.web.forms import Asked
from graphql_api.web.rendering import go, message


def choose(desk: Desk, asked: Asked) -> Response:
    """The page that asks; it changes nothing."""
    with desk.writing():
        arrival, who, known, leads_to = _present(desk, asked)
        if arrival is None:
            return _expired()
        targets = front_end(desk, arrival.back).origins
    if leads_to is not None:
        step = "switch"
    elif who is None:
        step = "new"
    else:
        step = "add" if sessions.is_recent(desk, who) else "again"
    sign_in = page_for(CHOICE)
    return page("arrival.html", 200, targets, step=step, arrival=arrival, known=known, go=sign_in)


def add(desk: Desk, asked: Asked) -> Response:
    """Let the person into the account that the browser is signed in to."""
    try:
        with desk.writing():
            arrival, who, known, _ = _present(desk, asked)
            if arrival is None:
                return _expired()
            if who is None or known is None or not sessions.is_recent(desk, who):
                return go(CHOICE)
            headers = pending_logins.take(desk, asked.http)
            if headers is None:
                return _expired()
            login_methods.add(desk, known.id, arrival.issuer, arrival.subject)
            if known.proven:
                desk.post(emails.way_added(desk, known.details.email, arrival.label))
    except AlreadyLinked:
        return _of_another(arrival)
    done = f"{PROFILE}?done=way-added" if arrival.back == PROFILE else arrival.back
    return with_headers(go(done), headers)


def create(desk: Desk, asked: Asked) -> Response:
    """Make an account for somebody who has none, and sign in to it."""
    try:
        with desk.writing():
            arrival, who, _, leads_to = _present(desk, asked)
            if arrival is None:
                return _expired()
            if who is not None:
                return go(CHOICE)
            taken = pending_logins.take(desk, asked.http)
            if taken is None:
                return _expired()
            account = leads_to or _made(desk, arrival)
            headers = enter(desk, asked, account, arrival)
    except AlreadyLinked:  # at once, in another tab: the page finds the account now
        return go(CHOICE)
    return with_headers(go(arrival.back), [*taken, *headers])


def switch(desk: Desk, asked: Asked) -> Response:
    """Leave the account that the browser is signed in to for the one that the person's way leads to."""
    with desk.writing():
        arrival, _, _, leads_to = _present(desk, asked)
        if arrival is None:
            return _expired()
        taken = pending_logins.take(desk, asked.http) if leads_to else None
        if leads_to is None or taken is None:
            return go(CHOICE)
        headers = enter(desk, asked, leads_to, arrival)
    return with_headers(go(arrival.back), [*taken, *headers])


def _present(
    desk: Desk, asked: Asked
) -> tuple[Arrival | None, SignedIn | None, Known | None, str | None]:
    """Who arrived, who is signed in, to which account, and which account the arrival leads to."""
    arrival = pending_logins.find(desk, asked.http)
    who = sessions.who(desk, asked.http)
    known = accounts.find(desk, who.subject) if who else None
    who = who if known else None
    leads_to = login_methods.account_of(desk, arrival.issuer, arrival.subject) if arrival else None
    return arrival, who, known, leads_to


def _made(desk: Desk, arrival: Arrival) -> str:
    details = accounts.Details(arrival.family_name, arrival.given_name, arrival.email)
    account = accounts.create(desk, details, activated=False)
    login_methods.add(desk, account, arrival.issuer, arrival.subject)
    return account


def _expired() -> Response:
    text = "Cette page ne sert qu’une fois, et pendant dix minutes. Identifiez-vous de nouveau."
    return message("Recommencez", text, status=422, links=[(SIGN_IN, "Se connecter")])


def _of_another(arrival: Arrival | None) -> Response:
    label = arrival.label if arrival else ""
    text = f"Votre identité {label} sert déjà à se connecter à un autre compte. Elle n’a pas été ajoutée."
    links = [(PROFILE, "Revenir à votre profil")]
    return message("Déjà utilisée", text, status=409, links=links)

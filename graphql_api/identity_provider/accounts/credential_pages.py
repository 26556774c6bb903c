"""Changing what one signs in with: the password, the address.

Both ask for the password, or, where there is none, for a recent sign-in.
"""

from dataclasses import replace

from starlette.responses import Response

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import (
    accounts,
    attempts,
    email_addresses,
    email_tokens,
    emails,
    sessions,
)
from graphql_api.identity_provider.accounts.account_context import SECOND, Desk
from graphql_api.identity_provider.accounts.accounts import Known, MailboxTaken
from graphql_api.identity_provider.accounts.email_tokens import EMAIL
from graphql_api.identity_provider.accounts.form_validation import Checked
from graphql_api.identity_provider.accounts.page_endpoints import (
    NotSignedIn,
    check_wait,
    signed_in,
    with_headers,
)
from graphql_api.identity_provider.accounts.profile_pages import revise
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, page_for
from graphql_api.identity_provider.sign_in_step import SignedIn
from graphql_api.web.forms import Asked
from graphql_api.web.rendering import go, message

_WRONG = "Ce n’est pas votre mot de passe actuel."
_SAME = "Choisissez un mot de passe différent de l’actuel."
_BACK = (PROFILE, "Revenir à votre profil")


def password(desk: Desk, asked: Asked) -> Response:
    """Change the password, or choose the first; all other sessions end."""
    who, known, refusal = _enter(desk, asked, "/account/password")
    if refusal is not None:
        return refusal
    details = known.details
    if not known.proven:
        text = "Confirmez d’abord votre adresse électronique : c’est elle qui sert à se connecter."
        links = [("/account/email", "Confirmer votre adresse électronique"), _BACK]
        return message("Choisir un mot de passe", text, links=links)
    if not asked.is_form:
        return page("password.html", has_password=details.password is not None)
    checked = Checked(asked)
    _check_present(desk, asked, known, checked)
    chosen = checked.password(details.family_name, details.given_name, details.email)
    if not checked.problems and passwords.matches(details.password, chosen):
        checked.problems["password"] = _SAME
    if checked.problems:
        has_password = details.password is not None
        return page("password.html", 422, has_password=has_password, problems=checked.problems)
    hashed = passwords.hashed(chosen)
    with desk.writing():
        revise(desk, known, replace(details, password=hashed))
        email_tokens.drop_all(desk, known.id)
        headers = _stay(desk, asked, who, known)
        desk.post(emails.password_changed(desk, details.email))
    return with_headers(go(f"{PROFILE}?done=password"), headers)


def email(desk: Desk, asked: Asked) -> Response:
    """Ask for another address: a letter goes there, and nothing changes before it is answered."""
    _, known, refusal = _enter(desk, asked, "/account/email")
    if refusal is not None:
        return refusal
    has_password = known.details.password is not None
    if not asked.is_form:
        return page("email.html", known=known, asked=asked, has_password=has_password)
    checked = Checked(asked)
    address = checked.email()
    _check_present(desk, asked, known, checked)
    if checked.problems:
        problems = checked.problems
        return page(
            "email.html",
            422,
            known=known,
            asked=asked,
            has_password=has_password,
            problems=problems,
        )
    with desk.writing():
        mark = email_addresses.mark(desk, address)
        wait = max(
            attempts.take(desk, attempts.LETTERS, "address", mark),
            attempts.take(desk, attempts.LETTERS, "account", known.id),
        )
        if not wait:
            _write_to(desk, known, address)
    check_wait(wait)
    return go(f"{PROFILE}?done=email-sent")


def confirm_email(desk: Desk, asked: Asked) -> Response:
    """The key that came to the new address, sent by whoever is signed in to the account.

    The old address is told. A letter that went to a stranger by mistake gives them nothing.
    """
    key = asked.line("key")
    with desk.writing():
        try:
            _, known = signed_in(desk, asked)
        except NotSignedIn:
            return _sign_in_first(asked, key)
        brought = email_tokens.find(desk, EMAIL, key)
    if brought is None or brought.account != known.id or brought.email is None:
        return _expired()
    if not asked.is_form:
        return page("confirm_email.html", key=key, email=brought.email)
    try:
        with desk.writing():
            done = _change(desk, known, key)
    except MailboxTaken:
        done = False
    return go(f"{PROFILE}?done=email") if done else _expired()


def _enter(desk: Desk, asked: Asked, path: str) -> tuple[SignedIn, Known, Response | None]:
    """Who is signed in, and the page that sends them to sign in again where that is needed."""
    with desk.writing():
        who, known = signed_in(desk, asked)
    if known.details.password is not None or sessions.is_recent(desk, who):
        return who, known, None
    text = "Pour changer ce réglage, connectez-vous de nouveau : c’est une précaution."
    links = [(page_for(path), "Se connecter de nouveau"), _BACK]
    status = 403 if asked.is_form else 200
    return who, known, message("Connectez-vous de nouveau", text, status=status, links=links)


def _check_present(desk: Desk, asked: Asked, known: Known, checked: Checked) -> None:
    """Note a problem unless the present password was given; raises `TooMany`."""
    present = known.details.password
    if present is None:
        return
    with desk.writing():
        wait = attempts.take(desk, attempts.PASSWORD_AGAIN, known.id)
    check_wait(wait)
    if not passwords.matches(present, asked.text("present")):
        checked.problems["present"] = _WRONG
        return
    with desk.writing():
        attempts.give_back(desk, attempts.PASSWORD_AGAIN, known.id)


def _stay(desk: Desk, asked: Asked, who: SignedIn, known: Known) -> sessions.Headers:
    """Sign in anew here, where the password was just given, and end all other sessions."""
    origin = sessions.origin_of(desk, asked.http)
    sessions.end_all(desk, known.id)
    if known.details.password is not None:
        return sessions.begin(desk, asked.http, known.id, amr=("pwd",), origin=origin)
    return sessions.begin(
        desk, asked.http, known.id, acr=who.acr, amr=who.amr, at=who.at * SECOND, origin=origin
    )


def _write_to(desk: Desk, known: Known, address: str) -> None:
    other = accounts.by_email(desk, address)
    if other is not None and other.id != known.id:
        desk.post(emails.already(desk, other.details.email))
        return
    key = email_tokens.make(desk, EMAIL, known.id, address)
    desk.post(emails.new_address(desk, address, key))


def _change(desk: Desk, known: Known, key: str) -> bool:
    brought = email_tokens.take(desk, EMAIL, key)
    if brought is None or brought.email is None:
        return False
    old = known.details.email
    revise(desk, known, replace(known.details, email=brought.email), proven=True)
    email_tokens.drop_all(desk, known.id)
    if known.proven and old.casefold() != brought.email.casefold():
        desk.post(emails.address_changed(old))
    return True


def _sign_in_first(asked: Asked, key: str) -> Response:
    back = page_for(f"/account/email/confirm?key={key}")
    text = "Pour confirmer votre nouvelle adresse, connectez-vous à votre compte."
    status = 403 if asked.is_form else 200
    return message("Connectez-vous", text, status=status, links=[(back, "Se connecter")])


def _expired() -> Response:
    text = "Ce lien n’est plus valable, a déjà servi, ou appartient à un autre compte."
    return message("Lien expiré", text, status=422, links=[_BACK])

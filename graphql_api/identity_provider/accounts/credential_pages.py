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
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord, EmailTakenError
from graphql_api.identity_provider.accounts.email_tokens import EMAIL
from graphql_api.identity_provider.accounts.form_validation import ValidatedForm
from graphql_api.identity_provider.accounts.page_endpoints import (
    NotSignedInError,
    check_rate_limit,
    require_sign_in,
    with_headers,
)
from graphql_api.identity_provider.accounts.profile_pages import update_account
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, sign_in_url
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.web.forms import FormRequest
from graphql_api.web.rendering import message_page, see_other

_NOT_CURRENT = "Ce n’est pas votre mot de passe actuel."
_NOT_DIFFERENT = "Choisissez un mot de passe différent de l’actuel."
_PROFILE_LINK = (PROFILE, "Revenir à votre profil")


def change_password(desk: AccountContext, asked: FormRequest) -> Response:
    """Change the password, or choose the first; all other sessions end."""
    who, known, refusal = _require_recent_sign_in(desk, asked, "/account/password")
    if refusal is not None:
        return refusal
    details = known.details
    if not known.proven:
        text = "Confirmez d’abord votre adresse électronique : c’est elle qui sert à se connecter."
        links = [("/account/email", "Confirmer votre adresse électronique"), _PROFILE_LINK]
        return message_page("Choisir un mot de passe", text, links=links)
    if not asked.is_form:
        return page("password.html", has_password=details.password is not None)
    checked = ValidatedForm(asked)
    _check_current_password(desk, asked, known, checked)
    chosen = checked.password(details.family_name, details.given_name, details.email)
    if not checked.problems and passwords.verify(details.password, chosen):
        checked.problems["password"] = _NOT_DIFFERENT
    if checked.problems:
        has_password = details.password is not None
        return page("password.html", 422, has_password=has_password, problems=checked.problems)
    hashed = passwords.hash_password(chosen)
    with desk.writing():
        update_account(desk, known, replace(details, password=hashed))
        email_tokens.revoke_all(desk, known.id)
        headers = _renew_session(desk, asked, who, known)
        desk.post(emails.password_changed_email(desk, details.email))
    return with_headers(see_other(f"{PROFILE}?done=password"), headers)


def change_email(desk: AccountContext, asked: FormRequest) -> Response:
    """Ask for another address: a letter goes there, and nothing changes before it is answered."""
    _, known, refusal = _require_recent_sign_in(desk, asked, "/account/email")
    if refusal is not None:
        return refusal
    has_password = known.details.password is not None
    if not asked.is_form:
        return page("email.html", known=known, asked=asked, has_password=has_password)
    checked = ValidatedForm(asked)
    address = checked.email()
    _check_current_password(desk, asked, known, checked)
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
        mark = email_addresses.blind_index(desk, address)
        wait = max(
            attempts.take(desk, attempts.LETTERS, "address", mark),
            attempts.take(desk, attempts.LETTERS, "account", known.id),
        )
        if not wait:
            _send_email(desk, known, address)
    check_rate_limit(wait)
    return see_other(f"{PROFILE}?done=email-sent")


def confirm_email(desk: AccountContext, asked: FormRequest) -> Response:
    """The key that came to the new address, sent by whoever is signed in to the account.

    The old address is told. A letter that went to a stranger by mistake gives them nothing.
    """
    key = asked.line("key")
    with desk.writing():
        try:
            _, known = require_sign_in(desk, asked)
        except NotSignedInError:
            return _sign_in_first(asked, key)
        brought = email_tokens.find(desk, EMAIL, key)
    if brought is None or brought.account != known.id or brought.email is None:
        return _link_expired()
    if not asked.is_form:
        return page("confirm_email.html", key=key, email=brought.email)
    try:
        with desk.writing():
            done = _change_address(desk, known, key)
    except EmailTakenError:
        done = False
    return see_other(f"{PROFILE}?done=email") if done else _link_expired()


def _require_recent_sign_in(
    desk: AccountContext, asked: FormRequest, path: str
) -> tuple[SignedInUser, AccountRecord, Response | None]:
    """Who is signed in, and the page that sends them to sign in again where that is needed."""
    with desk.writing():
        who, known = require_sign_in(desk, asked)
    if known.details.password is not None or sessions.is_recent(desk, who):
        return who, known, None
    text = "Pour changer ce réglage, connectez-vous de nouveau : c’est une précaution."
    links = [(sign_in_url(path), "Se connecter de nouveau"), _PROFILE_LINK]
    status = 403 if asked.is_form else 200
    return who, known, message_page("Connectez-vous de nouveau", text, status=status, links=links)


def _check_current_password(
    desk: AccountContext, asked: FormRequest, known: AccountRecord, checked: ValidatedForm
) -> None:
    """Note a problem unless the present password was given; raises `TooMany`."""
    present = known.details.password
    if present is None:
        return
    with desk.writing():
        wait = attempts.take(desk, attempts.PASSWORD_AGAIN, known.id)
    check_rate_limit(wait)
    if not passwords.verify(present, asked.text("present")):
        checked.problems["present"] = _NOT_CURRENT
        return
    with desk.writing():
        attempts.give_back(desk, attempts.PASSWORD_AGAIN, known.id)


def _renew_session(
    desk: AccountContext, asked: FormRequest, who: SignedInUser, known: AccountRecord
) -> sessions.Headers:
    """Sign in anew here, where the password was just given, and end all other sessions."""
    origin = sessions.origin_of(desk, asked.http)
    sessions.end_all(desk, known.id)
    if known.details.password is not None:
        return sessions.begin(desk, asked.http, known.id, amr=("pwd",), origin=origin)
    return sessions.begin(
        desk, asked.http, known.id, acr=who.acr, amr=who.amr, at=who.at * SECOND, origin=origin
    )


def _send_email(desk: AccountContext, known: AccountRecord, address: str) -> None:
    other = accounts.find_by_email(desk, address)
    if other is not None and other.id != known.id:
        desk.post(emails.already_registered_email(desk, other.details.email))
        return
    key = email_tokens.create(desk, EMAIL, known.id, address)
    desk.post(emails.confirm_address_email(desk, address, key))


def _change_address(desk: AccountContext, known: AccountRecord, key: str) -> bool:
    brought = email_tokens.consume(desk, EMAIL, key)
    if brought is None or brought.email is None:
        return False
    old = known.details.email
    update_account(desk, known, replace(known.details, email=brought.email), proven=True)
    email_tokens.revoke_all(desk, known.id)
    if known.proven and old.casefold() != brought.email.casefold():
        desk.post(emails.address_changed_email(old))
    return True


def _sign_in_first(asked: FormRequest, key: str) -> Response:
    back = sign_in_url(f"/account/email/confirm?key={key}")
    text = "Pour confirmer votre nouvelle adresse, connectez-vous à votre compte."
    status = 403 if asked.is_form else 200
    return message_page("Connectez-vous", text, status=status, links=[(back, "Se connecter")])


def _link_expired() -> Response:
    text = "Ce lien n’est plus valable, a déjà servi, ou appartient à un autre compte."
    return message_page("Lien expiré", text, status=422, links=[_PROFILE_LINK])

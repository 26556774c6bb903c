"""The pages for who forgot their password: a letter, then another password."""

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
from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.email_tokens import RESET
from graphql_api.identity_provider.accounts.form_validation import Checked
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, Changed, check_wait
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.web.forms import Asked
from graphql_api.web.rendering import go, message


def forgotten(desk: Desk, asked: Asked) -> Response:
    """Ask for a letter; whether there is an account with that address, the answer does not tell."""
    if not asked.is_form:
        return page("forgotten.html", email="")
    email = asked.text("email")
    if email_addresses.mailbox(email) is None:
        problems = {"email": "Indiquez une adresse électronique, par exemple nom@mairie.fr."}
        return page("forgotten.html", 422, email=email, problems=problems)
    with desk.writing():
        wait = attempts.take(desk, attempts.REGISTRATIONS, attempts.address_of(asked.http))
        wait = max(
            wait, attempts.take(desk, attempts.LETTERS, "reset", email_addresses.mark(desk, email))
        )
        if not wait:
            _write_to(desk, email)
    check_wait(wait)
    return go("/account/forgotten/sent")


def sent(_desk: Desk, _asked: Asked) -> Response:
    """A letter is on its way, if there is an account."""
    return message(
        "Votre demande a bien été enregistrée",
        "Si un compte existe à cette adresse, vous allez recevoir un courriel pour choisir un"
        " nouveau mot de passe.",
        "Le lien qu’il contient est valable une heure. S’il n’arrive pas, regardez parmi les"
        " courriers indésirables.",
        links=[(SIGN_IN, "Revenir à la connexion")],
    )


def reset(desk: Desk, asked: Asked) -> Response:
    """Choose another password with the key that came by letter; all sessions end."""
    key = asked.line("key")
    with desk.writing():
        wait = 0
        if asked.is_form:
            wait = attempts.take(desk, attempts.KEYS, attempts.address_of(asked.http))
        brought = email_tokens.find(desk, RESET, key)
        known = accounts.find(desk, brought.account) if brought else None
    check_wait(wait)
    if known is None:
        return _expired()
    if not asked.is_form:
        return page("reset.html", key=key)
    checked, details = Checked(asked), known.details
    password = checked.password(details.family_name, details.given_name, details.email)
    if checked.problems:
        return page("reset.html", 422, key=key, problems=checked.problems)
    hashed = passwords.hashed(password)
    with desk.writing():
        done = _reset(desk, asked, key, hashed)
    return go(f"{SIGN_IN}?done=reset") if done else _expired()


def _write_to(desk: Desk, email: str) -> None:
    known = accounts.by_email(desk, email)
    if known is None:
        return
    if known.details.password is None:
        desk.post(emails.no_password(desk, known.details.email))
        return
    key = email_tokens.make(desk, RESET, known.id)
    desk.post(emails.reset(desk, known.details.email, key))


def _reset(desk: Desk, asked: Asked, key: str, hashed: str) -> bool:
    brought = email_tokens.take(desk, RESET, key)
    known = accounts.find(desk, brought.account) if brought else None
    if known is None:
        return False
    if not accounts.revise(desk, known, accounts.with_password(known.details, hashed)):
        raise Changed
    email_tokens.drop_all(desk, known.id)
    sessions.end_all(desk, known.id)
    mark = email_addresses.mark(desk, known.details.email)
    attempts.forgive(desk, mark, attempts.address_of(asked.http))
    desk.post(emails.password_changed(desk, known.details.email))
    return True


def _expired() -> Response:
    return message(
        "Lien expiré",
        "Ce lien n’est plus valable, ou a déjà servi. Demandez-en un nouveau.",
        status=422,
        links=[("/account/forgotten", "Demander un nouveau lien")],
    )

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
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.email_tokens import RESET
from graphql_api.identity_provider.accounts.form_validation import ValidatedForm
from graphql_api.identity_provider.accounts.page_endpoints import (
    SIGN_IN,
    AccountChangedError,
    check_rate_limit,
)
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.web.forms import FormRequest
from graphql_api.web.rendering import message_page, see_other


def forgotten(desk: AccountContext, asked: FormRequest) -> Response:
    """Ask for a letter; whether there is an account with that address, the answer does not tell."""
    if not asked.is_form:
        return page("forgotten.html", email="")
    email = asked.text("email")
    if email_addresses.normalize(email) is None:
        problems = {"email": "Indiquez une adresse électronique, par exemple nom@mairie.fr."}
        return page("forgotten.html", 422, email=email, problems=problems)
    with desk.writing():
        wait = attempts.take(desk, attempts.REGISTRATIONS, attempts.address_of(asked.http))
        wait = max(
            wait,
            attempts.take(
                desk, attempts.LETTERS, "reset", email_addresses.blind_index(desk, email)
            ),
        )
        if not wait:
            _send_email(desk, email)
    check_rate_limit(wait)
    return see_other("/account/forgotten/sent")


def sent(_desk: AccountContext, _asked: FormRequest) -> Response:
    """A letter is on its way, if there is an account."""
    return message_page(
        "Votre demande a bien été enregistrée",
        "Si un compte existe à cette adresse, vous allez recevoir un courriel pour choisir un"
        " nouveau mot de passe.",
        "Le lien qu’il contient est valable une heure. S’il n’arrive pas, regardez parmi les"
        " courriers indésirables.",
        links=[(SIGN_IN, "Revenir à la connexion")],
    )


def reset(desk: AccountContext, asked: FormRequest) -> Response:
    """Choose another password with the key that came by letter; all sessions end."""
    key = asked.line("key")
    with desk.writing():
        wait = 0
        if asked.is_form:
            wait = attempts.take(desk, attempts.KEYS, attempts.address_of(asked.http))
        brought = email_tokens.find(desk, RESET, key)
        known = accounts.find(desk, brought.account) if brought else None
    check_rate_limit(wait)
    if known is None:
        return _link_expired()
    if not asked.is_form:
        return page("reset.html", key=key)
    checked, details = ValidatedForm(asked), known.details
    password = checked.password(details.family_name, details.given_name, details.email)
    if checked.problems:
        return page("reset.html", 422, key=key, problems=checked.problems)
    hashed = passwords.hash_password(password)
    with desk.writing():
        done = _reset(desk, asked, key, hashed)
    return see_other(f"{SIGN_IN}?done=reset") if done else _link_expired()


def _send_email(desk: AccountContext, email: str) -> None:
    known = accounts.find_by_email(desk, email)
    if known is None:
        return
    if known.details.password is None:
        desk.post(emails.no_password_email(desk, known.details.email))
        return
    key = email_tokens.create(desk, RESET, known.id)
    desk.post(emails.password_reset_email(desk, known.details.email, key))


def _reset(desk: AccountContext, asked: FormRequest, key: str, hashed: str) -> bool:
    brought = email_tokens.consume(desk, RESET, key)
    known = accounts.find(desk, brought.account) if brought else None
    if known is None:
        return False
    if not accounts.update(desk, known, accounts.with_password(known.details, hashed)):
        raise AccountChangedError
    email_tokens.revoke_all(desk, known.id)
    sessions.end_all(desk, known.id)
    mark = email_addresses.blind_index(desk, known.details.email)
    attempts.forgive(desk, mark, attempts.address_of(asked.http))
    desk.post(emails.password_changed_email(desk, known.details.email))
    return True


def _link_expired() -> Response:
    return message_page(
        "Lien expiré",
        "Ce lien n’est plus valable, ou a déjà servi. Demandez-en un nouveau.",
        status=422,
        links=[("/account/forgotten", "Demander un nouveau lien")],
    )

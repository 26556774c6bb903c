"""The pages of a forgotten password: an e-mail, then a new password."""

from starlette.responses import Response

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import (
    accounts,
    email_tokens,
    emails,
    limits,
    sessions,
)
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.email_tokens import RESET
from graphql_api.identity_provider.accounts.form_validation import ValidatedForm
from graphql_api.identity_provider.accounts.limits import EMAILS, KEYS, REGISTRATIONS
from graphql_api.identity_provider.accounts.page_endpoints import (
    SIGN_IN,
    AccountChangedError,
    check_rate_limit,
)
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.web.email_addresses import normalize, normalize_by_idna_2003
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.http.client_address import client_network
from graphql_api.web.rendering import message_page, see_other


def request_reset(context: AccountContext, form: FormRequest) -> Response:
    """Request an e-mail; the answer does not tell whether the address has an account."""
    if not form.is_submitted:
        return page("forgotten.html", email="")
    email = form.text("email")
    if (normalize(email) or normalize_by_idna_2003(email)) is None:
        problems = {"email": "Indiquez une adresse électronique, par exemple nom@mairie.fr."}
        return page("forgotten.html", 422, email=email, problems=problems)
    with context.writing():
        wait = context.limiter.hit(REGISTRATIONS, client_network(form.http))
        wait = max(
            wait,
            context.limiter.hit(EMAILS, "reset", context.email_index(email)),
        )
        if not wait:
            _send_email(context, email)
    check_rate_limit(wait)
    return see_other("/account/forgotten/sent")


def email_sent(_desk: AccountContext, _asked: FormRequest) -> Response:
    """Say that an e-mail is on its way, if there is an account."""
    return message_page(
        "Votre demande a bien été enregistrée",
        "Si un compte existe à cette adresse, vous allez recevoir un courriel pour choisir un"
        " nouveau mot de passe.",
        "Le lien qu’il contient est valable une heure. S’il n’arrive pas, regardez parmi les"
        " courriers indésirables.",
        links=[(SIGN_IN, "Revenir à la connexion")],
    )


def reset_password(context: AccountContext, form: FormRequest) -> Response:
    """Set a new password by the key in the e-mail; all sessions end."""
    key = form.line("key")
    with context.writing():
        wait = 0
        if form.is_submitted:
            wait = context.limiter.hit(KEYS, client_network(form.http))
        token = email_tokens.find(context, RESET, key)
        record = accounts.find(context, token.account) if token else None
    check_rate_limit(wait)
    if record is None:
        return _link_expired()
    if not form.is_submitted:
        return page("reset.html", key=key)
    checked, details = ValidatedForm(form), record.details
    password = checked.password(details.family_name, details.given_name, details.email)
    if checked.problems:
        return page("reset.html", 422, key=key, problems=checked.problems)
    hashed = passwords.hash_password(password)
    with context.writing():
        done = _reset_password(context, form, key, hashed)
    return see_other(f"{SIGN_IN}?done=reset") if done else _link_expired()


def _send_email(context: AccountContext, email: str) -> None:
    record = accounts.find_by_email(context, email)
    if record is None:
        return
    if record.details.password is None:
        context.send_mail(emails.no_password_email(context, record.details.email))
        return
    key = email_tokens.create(context, RESET, record.id)
    context.send_mail(emails.password_reset_email(context, record.details.email, key))


def _reset_password(context: AccountContext, form: FormRequest, key: str, hashed: str) -> bool:
    token = email_tokens.consume(context, RESET, key)
    record = accounts.find(context, token.account) if token else None
    if record is None:
        return False
    if not accounts.update(context, record, accounts.with_password(record.details, hashed)):
        raise AccountChangedError
    email_tokens.revoke_all(context, record.id)
    sessions.end_all(context, record.id)
    mark = context.email_index(record.details.email)
    limits.clear_password_limits(context, mark, client_network(form.http))
    context.send_mail(emails.password_changed_email(context, record.details.email))
    return True


def _link_expired() -> Response:
    return message_page(
        "Lien expiré",
        "Ce lien n’est plus valable, ou a déjà servi. Demandez-en un nouveau.",
        status=422,
        links=[("/account/forgotten", "Demander un nouveau lien")],
    )

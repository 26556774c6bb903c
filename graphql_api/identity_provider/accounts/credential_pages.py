"""The pages on which people change their password and their e-mail address.

Both ask for the password, or, where there is none, for a recent sign-in.
"""

from dataclasses import replace

from starlette.responses import Response

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import (
    accounts,
    email_tokens,
    emails,
    sessions,
)
from graphql_api.identity_provider.accounts.account_context import SECOND, AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord, EmailTakenError
from graphql_api.identity_provider.accounts.email_tokens import EMAIL
from graphql_api.identity_provider.accounts.form_validation import ValidatedForm
from graphql_api.identity_provider.accounts.limits import EMAILS, PASSWORD_AGAIN
from graphql_api.identity_provider.accounts.page_endpoints import (
    NotSignedInError,
    check_rate_limit,
    require_sign_in,
    with_headers,
)
from graphql_api.identity_provider.accounts.profile_pages import update_account
from graphql_api.identity_provider.accounts.sign_in_pages import PROFILE, sign_in_url
from graphql_api.identity_provider.accounts.signed_in_pages import account_page
from graphql_api.identity_provider.sign_in_step import SignedInUser
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.rendering import message_page, see_other

_NOT_CURRENT = "Ce n’est pas votre mot de passe actuel."
_NOT_DIFFERENT = "Choisissez un mot de passe différent de l’actuel."
_PROFILE_LINK = (PROFILE, "Revenir à votre profil")


def change_password(context: AccountContext, form: FormRequest) -> Response:
    """Change the password, or set the first one; all other sessions end."""
    user, record, refusal = _require_recent_sign_in(context, form, "/account/password")
    if refusal is not None:
        return refusal
    details = record.details
    if not record.proven:
        text = "Confirmez d’abord votre adresse électronique : c’est elle qui sert à se connecter."
        links = [("/account/email", "Confirmer votre adresse électronique"), _PROFILE_LINK]
        return message_page("Choisir un mot de passe", text, links=links)
    if not form.is_submitted:
        return account_page(
            context,
            form,
            record,
            "password.html",
            has_password=details.password is not None,
            email=details.email,
        )
    checked = ValidatedForm(form)
    _check_current_password(context, form, record, checked)
    chosen = checked.password(details.family_name, details.given_name, details.email)
    if not checked.problems and passwords.verify(details.password, chosen):
        checked.problems["password"] = _NOT_DIFFERENT
    if checked.problems:
        return account_page(
            context,
            form,
            record,
            "password.html",
            422,
            has_password=details.password is not None,
            email=details.email,
            problems=checked.problems,
        )
    hashed = passwords.hash_password(chosen)
    with context.writing():
        update_account(context, record, replace(details, password=hashed))
        email_tokens.revoke_all(context, record.id)
        headers = _renew_session(context, form, user, record)
        context.send_mail(emails.password_changed_email(context, details.email))
    return with_headers(see_other(f"{PROFILE}?done=password"), headers)


def change_email(context: AccountContext, form: FormRequest) -> Response:
    """Request another address: nothing changes before the e-mail sent there is confirmed."""
    _, record, refusal = _require_recent_sign_in(context, form, "/account/email")
    if refusal is not None:
        return refusal
    has_password = record.details.password is not None
    if not form.is_submitted:
        return account_page(
            context,
            form,
            record,
            "email.html",
            record=record,
            sent=form,
            has_password=has_password,
        )
    checked = ValidatedForm(form)
    address = checked.email()
    _check_current_password(context, form, record, checked)
    if checked.problems:
        problems = checked.problems
        return account_page(
            context,
            form,
            record,
            "email.html",
            422,
            record=record,
            sent=form,
            has_password=has_password,
            problems=problems,
        )
    with context.writing():
        mark = context.email_index(address)
        wait = max(
            context.limiter.hit(EMAILS, "address", mark),
            context.limiter.hit(EMAILS, "account", record.id),
        )
        if not wait:
            _send_email(context, record, address)
    check_rate_limit(wait)
    return see_other(f"{PROFILE}?done=email-sent")


def confirm_email(context: AccountContext, form: FormRequest) -> Response:
    """Confirm a new address by the key in its e-mail, for the person signed in to the account.

    An e-mail tells the old address. One that went to a stranger by mistake gives them nothing.
    """
    key = form.line("key")
    with context.writing():
        try:
            _, record = require_sign_in(context, form)
        except NotSignedInError:
            return _sign_in_first(form, key)
        token = email_tokens.find(context, EMAIL, key)
    if token is None or token.account != record.id or token.email is None:
        return _link_expired()
    if not form.is_submitted:
        return account_page(context, form, record, "confirm_email.html", key=key, email=token.email)
    try:
        with context.writing():
            done = _change_address(context, record, key)
    except EmailTakenError:
        done = False
    return see_other(f"{PROFILE}?done=email") if done else _link_expired()


def _require_recent_sign_in(
    context: AccountContext, form: FormRequest, path: str
) -> tuple[SignedInUser, AccountRecord, Response | None]:
    """The user, the account, and the page that asks for a new sign-in where one is needed."""
    with context.writing():
        user, record = require_sign_in(context, form)
    if record.details.password is not None or sessions.is_recent(context, user):
        return user, record, None
    text = "Pour changer ce réglage, connectez-vous de nouveau : c’est une précaution."
    links = [(sign_in_url(path), "Se connecter de nouveau"), _PROFILE_LINK]
    status = 403 if form.is_submitted else 200
    return user, record, message_page("Connectez-vous de nouveau", text, status=status, links=links)


def _check_current_password(
    context: AccountContext, form: FormRequest, record: AccountRecord, checked: ValidatedForm
) -> None:
    """Add a problem unless the form has the current password; raises `TooManyRequestsError`."""
    present = record.details.password
    if present is None:
        return
    with context.writing():
        wait = context.limiter.hit(PASSWORD_AGAIN, record.id)
    check_rate_limit(wait)
    if not passwords.verify(present, form.text("present")):
        checked.problems["present"] = _NOT_CURRENT
        return
    with context.writing():
        context.limiter.refund(PASSWORD_AGAIN, record.id)


def _renew_session(
    context: AccountContext, form: FormRequest, user: SignedInUser, record: AccountRecord
) -> sessions.Headers:
    """Begin a new session for this browser, and end all others."""
    origin = sessions.origin_of(context, form.http)
    sessions.end_all(context, record.id)
    if record.details.password is not None:
        return sessions.begin(context, form.http, record.id, amr=("pwd",), origin=origin)
    return sessions.begin(
        context,
        form.http,
        record.id,
        acr=user.acr,
        amr=user.amr,
        at=user.at * SECOND,
        origin=origin,
    )


def _send_email(context: AccountContext, record: AccountRecord, address: str) -> None:
    other = accounts.find_by_email(context, address)
    if other is not None and other.id != record.id:
        context.send_mail(emails.already_registered_email(context, other.details.email))
        return
    key = email_tokens.create(context, EMAIL, record.id, address)
    context.send_mail(emails.confirm_address_email(context, address, key))


def _change_address(context: AccountContext, record: AccountRecord, key: str) -> bool:
    token = email_tokens.consume(context, EMAIL, key)
    if token is None or token.email is None:
        return False
    old = record.details.email
    update_account(context, record, replace(record.details, email=token.email), proven=True)
    email_tokens.revoke_all(context, record.id)
    if record.proven and old.casefold() != token.email.casefold():
        context.send_mail(emails.address_changed_email(old))
    return True


def _sign_in_first(form: FormRequest, key: str) -> Response:
    back = sign_in_url(f"/account/email/confirm?key={key}")
    text = "Pour confirmer votre nouvelle adresse, connectez-vous à votre compte."
    status = 403 if form.is_submitted else 200
    return message_page("Connectez-vous", text, status=status, links=[(back, "Se connecter")])


def _link_expired() -> Response:
    text = "Ce lien n’est plus valable, a déjà servi, ou appartient à un autre compte."
    return message_page("Lien expiré", text, status=422, links=[_PROFILE_LINK])

"""The pages on which an account is created: the form, then the key in the e-mail."""

import secrets

from starlette.responses import Response

from graphql_api.identity_provider import passwords
from graphql_api.identity_provider.accounts import registrations
from graphql_api.identity_provider.accounts.account_context import HOUR, SECOND, AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountDetails, EmailTakenError
from graphql_api.identity_provider.accounts.form_validation import CIVILITIES, ValidatedForm
from graphql_api.identity_provider.accounts.limits import (
    EMAILS,
    KEYS,
    PASSWORD_AGAIN,
    REGISTRATIONS,
)
from graphql_api.identity_provider.accounts.page_endpoints import SIGN_IN, check_rate_limit
from graphql_api.identity_provider.accounts.rendering import page
from graphql_api.storage.operation import digest
from graphql_api.web.forms.form_request import FormRequest
from graphql_api.web.http.client_address import client_network
from graphql_api.web.http.cookies import HostCookie, is_https, is_secret
from graphql_api.web.rendering import message_page, see_other

_COOKIE_SECONDS = 24 * HOUR // SECOND
_HOME_LINK = ("/", "Retour à l’accueil")
_KEY_NOT_VALID = (
    "Cette clé n’est pas valable, ou n’est plus valable. Si vous avez déjà activé votre compte,"
    " connectez-vous ; sinon, demandez une nouvelle clé en créant de nouveau votre compte."
)


def register(context: AccountContext, form: FormRequest) -> Response:
    """« Créer votre compte »: show the form, or begin a registration.

    An address that has an account gets an e-mail that says so; the answer is the same.
    """
    if not form.is_submitted:
        return _form(form, {})
    address = client_network(form.http)
    with context.writing():
        wait = context.limiter.hit(REGISTRATIONS, address)
    check_rate_limit(wait)
    checked = ValidatedForm(form)
    names = checked.names()
    email = checked.email()
    password = checked.password(names.family_name, names.given_name, email)
    if checked.problems:
        return _form(form, checked.problems)
    details = AccountDetails(
        family_name=names.family_name,
        given_name=names.given_name,
        email=email,
        civility=names.civility,
        password=passwords.hash_password(password),
    )
    browser = _browser_secret(context, form) or secrets.token_urlsafe(32)
    with context.writing():
        mark = context.email_index(email)
        wait = context.limiter.hit(EMAILS, "registration", mark)
        if not wait:
            registrations.begin(context, details, browser)
    check_rate_limit(wait)
    response = see_other("/account/registered")
    _cookie(context).set(response, browser)
    return response


def registered(_desk: AccountContext, _asked: FormRequest) -> Response:
    """Say that the e-mail is on its way."""
    return message_page(
        "Votre demande a bien été enregistrée",
        "Vous allez recevoir un courriel pour activer votre compte.",
        "Il contient un lien valable 24 heures. S’il n’arrive pas, regardez parmi les courriers"
        " indésirables, puis créez de nouveau votre compte.",
        links=[_HOME_LINK],
    )


def activate(context: AccountContext, form: FormRequest) -> Response:
    """Show the key in a form, whose sending activates. A link alone activates nothing."""
    key, known_here = form.line("key"), _browser_secret(context, form)
    if not form.is_submitted:
        return _key_form(key, with_password=known_here is None)
    with context.writing():
        wait = context.limiter.hit(KEYS, client_network(form.http))
        wait = max(wait, context.limiter.hit(PASSWORD_AGAIN, f"activate|{key}"))
        pending = registrations.find(context, key)
    check_rate_limit(wait)
    if pending is None:
        return _key_form(key, with_password=known_here is None, problems={"key": _KEY_NOT_VALID})
    if known_here is None or digest(known_here) != pending.browser_hash:
        password = form.text("password")
        if not password:
            problem = "Indiquez le mot de passe que vous avez choisi."
            return _key_form(key, with_password=True, problems={"password": problem})
        if not passwords.verify(pending.details.password, password):
            problem = "Ce n’est pas le mot de passe choisi à la création de ce compte."
            return _key_form(key, with_password=True, problems={"password": problem})
    try:
        with context.writing():
            account = registrations.activate(context, key)
    except EmailTakenError:
        account = None
    if account is None:
        return _key_form(key, with_password=False, problems={"key": _KEY_NOT_VALID})
    return see_other("/account/activated")


def activated(_desk: AccountContext, _asked: FormRequest) -> Response:
    """Say that the account is activated."""
    return message_page(
        "Votre compte est activé",
        "L’activation de votre compte s’est déroulée avec succès.",
        links=[(SIGN_IN, "Se connecter"), _HOME_LINK],
    )


def _form(form: FormRequest, problems: dict[str, str]) -> Response:
    status = 422 if problems else 200
    return page("register.html", status, sent=form, problems=problems, civilities=CIVILITIES)


def _key_form(key: str, *, with_password: bool, problems: dict[str, str] | None = None) -> Response:
    return page(
        "activate.html",
        422 if problems else 200,
        key=key,
        with_password=with_password,
        problems=problems or {},
    )


def _browser_secret(context: AccountContext, form: FormRequest) -> str | None:
    """The secret of the browser, set when it sent a registration."""
    secret = _cookie(context).read(form.http)
    return secret if secret is not None and is_secret(secret) else None


def _cookie(context: AccountContext) -> HostCookie:
    secure = is_https(context.public_url)
    return HostCookie("livret-registration", secure, max_age=_COOKIE_SECONDS)

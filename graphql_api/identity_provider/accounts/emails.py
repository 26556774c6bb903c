"""The e-mails that accounts send. They hold no name: strangers fill in the forms."""

from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.web.mail import Email

_FOOTER = """

Livret individuel de formation

Ce message est envoyé automatiquement par le service du livret individuel de formation. Merci de
ne pas y répondre.
"""


def activation_email(context: AccountContext, to: str, key: str) -> Email:
    """The e-mail with the key that activates an account."""
    return compose(
        to,
        "Activez votre compte",
        f"""Votre demande de création de compte a bien été enregistrée.

Pour activer votre compte, ouvrez ce lien, puis cliquez sur Valider :
{context.url("/account/activate")}?key={key}

Si vous l’ouvrez dans un autre navigateur que celui où vous avez rempli le formulaire, la page vous
demande aussi le mot de passe que vous avez choisi.

Ce lien est valable 24 heures. Si la page vous la demande, votre clé d’activation est :
{key}

Vous n’avez rien demandé ? N’ouvrez pas le lien : la demande s’effacera d’elle-même.""",
    )


def already_registered_email(context: AccountContext, to: str) -> Email:
    """The e-mail to an address that has an account, when somebody registers with it."""
    return compose(
        to,
        "Vous avez déjà un compte",
        f"""Une demande de compte vient d’être faite avec votre adresse électronique. Vous avez
déjà un compte à cette adresse : il n’a pas changé.

Pour vous connecter :
{context.url("/account/sign-in")}

Mot de passe oublié :
{context.url("/account/forgotten")}

Cette demande ne vient pas de vous ? Vous n’avez rien à faire.""",
    )


def password_reset_email(context: AccountContext, to: str, key: str) -> Email:
    """The e-mail with the key that resets a password."""
    return compose(
        to,
        "Choisissez un nouveau mot de passe",
        f"""Vous avez indiqué que vous aviez oublié votre mot de passe.

Pour en choisir un nouveau, ouvrez ce lien :
{context.url("/account/reset")}?key={key}

Ce lien est valable une heure et ne sert qu’une fois.

Vous n’avez rien demandé ? N’ouvrez pas le lien : votre mot de passe n’a pas changé.""",
    )


def no_password_email(context: AccountContext, to: str) -> Email:
    """The e-mail that says that the account has no password, only other login methods."""
    return compose(
        to,
        "Votre compte n’a pas de mot de passe",
        f"""Vous avez indiqué que vous aviez oublié votre mot de passe. Votre compte n’en a pas :
connectez-vous avec le service d’identification que vous avez utilisé jusqu’ici.

{context.url("/account/sign-in")}

Vous n’avez rien demandé ? Vous n’avez rien à faire.""",
    )


def password_changed_email(context: AccountContext, to: str) -> Email:
    """The e-mail that tells of a changed password."""
    return compose(
        to,
        "Votre mot de passe a été changé",
        f"""Le mot de passe de votre compte vient d’être changé. Toutes les sessions ouvertes
ailleurs ont pris fin.

Ce n’était pas vous ? Choisissez aussitôt un nouveau mot de passe :
{context.url("/account/forgotten")}""",
    )


def confirm_address_email(context: AccountContext, to: str, key: str) -> Email:
    """The e-mail with the key that proves a new address."""
    return compose(
        to,
        "Confirmez votre nouvelle adresse électronique",
        f"""Vous avez demandé à utiliser cette adresse pour votre compte.

Pour la confirmer, ouvrez ce lien, connectez-vous si la page vous le demande, puis cliquez sur
Valider :
{context.url("/account/email/confirm")}?key={key}

Ce lien est valable 24 heures.

Vous n’avez rien demandé ? N’ouvrez pas le lien : votre adresse ne sera pas utilisée.""",
    )


def address_changed_email(to: str) -> Email:
    """The e-mail that tells the old address that it is no longer the account's."""
    return compose(
        to,
        "L’adresse électronique de votre compte a été changée",
        """L’adresse électronique de votre compte vient d’être changée. Nous n’écrirons plus à
celle-ci.

Ce n’était pas vous ? Prévenez sans attendre l’assistance du service.""",
    )


def compose(to: str, subject: str, text: str) -> Email:
    """Compose an e-mail, with the greeting and the footer of all."""
    return Email(to=to, subject=subject, text=f"Bonjour,\n\n{text}{_FOOTER}")

"""The e-mails about the login methods of an account."""

from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.emails import compose
from graphql_api.web.mail import Email


def login_method_added_email(context: AccountContext, to: str, label: str) -> Email:
    """The e-mail that tells of a new login method."""
    return compose(
        to,
        "Un moyen de connexion a été ajouté à votre compte",
        f"""On peut désormais se connecter à votre compte avec {label}.

Ce n’était pas vous ? Retirez ce moyen de connexion aussitôt, puis déconnectez-vous partout :
{context.url("/account")}""",
    )


def login_method_removed_email(to: str, label: str) -> Email:
    """The e-mail that tells of a removed login method."""
    return compose(
        to,
        "Un moyen de connexion a été retiré de votre compte",
        f"""On ne peut plus se connecter à votre compte avec une identité {label} qui y menait.

Ce n’était pas vous ? Prévenez sans attendre l’assistance du service.""",
    )

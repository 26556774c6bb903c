"""The letters about ways into an account."""

from graphql_api.identity_provider.accounts.account_context import Desk
from graphql_api.identity_provider.accounts.emails import letter
from graphql_api.web.mail import Letter


def way_added(desk: Desk, to: str, label: str) -> Letter:
    """There is another way into the account."""
    return letter(
        to,
        "Un moyen de connexion a été ajouté à votre compte",
        f"""On peut désormais se connecter à votre compte avec {label}.

Ce n’était pas vous ? Retirez ce moyen de connexion aussitôt, puis déconnectez-vous partout :
{desk.link("/account")}""",
    )


def way_removed(to: str, label: str) -> Letter:
    """There is one way into the account less."""
    return letter(
        to,
        "Un moyen de connexion a été retiré de votre compte",
        f"""On ne peut plus se connecter à votre compte avec une identité {label} qui y menait.

Ce n’était pas vous ? Prévenez sans attendre l’assistance du service.""",
    )

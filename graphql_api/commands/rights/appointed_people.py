"""Who the operator appoints: a person by the e-mail address of an account, or by issuer and subject.

The embedded issuer's subjects are stored under a name that outlasts the service's address
(`Settings.identity_issuer`): a right that is given under the address itself reaches nobody. So the
names that people use for that issuer lead to the stored one, and its subjects must be accounts.
"""

import argparse

from graphql_api.callers.account_lookup import account_of, agent_with_address
from graphql_api.commands.common import add_demo
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.terminal import CommandError

NO_ACCOUNT = (
    "aucun compte activé n’a cette adresse ; la personne crée d’abord son compte, et le valide."
)


def add_person_options(parser: argparse.ArgumentParser) -> None:
    """Add the options that name a person, and the option of the demo."""
    parser.add_argument("--email", metavar="ADRESSE", help="adresse électronique de son compte")
    parser.add_argument(
        "--issuer",
        metavar="ISS",
        help="émetteur de son identité (iss) ; le service lui-même par défaut",
    )
    parser.add_argument(
        "--subject", metavar="SUB", help="son identifiant chez cet émetteur (sub), sans --email"
    )
    add_demo(parser)


def person_to_appoint(service: Service, options: argparse.Namespace) -> Agent:
    """The person whom the options name, who can sign in here.

    Raises `CommandError` for an address or a subject of the embedded issuer without an account,
    and for an issuer that this service does not accept. What another issuer knows cannot be checked.
    """
    issuer = _stored_issuer(service, options.issuer)
    if issuer != service.credentials.identity_issuer:
        raise CommandError(
            f"--issuer : cet émetteur n’ouvre rien ici ; celui du service est"
            f" {service.credentials.issuer}."
        )
    person = _person(service, options, issuer)
    if issuer == OWN_ISSUER and account_of(service.operation(Anonymous()), person.subject) is None:
        raise CommandError("--subject : aucun compte n’a cet identifiant.")
    return person


def people_to_dismiss(service: Service, options: argparse.Namespace) -> list[Agent]:
    """The person whom the options name, also as they were appointed before issuers were checked.

    The account may be gone, unless it is named by its address. Raises `CommandError`.
    """
    person = _person(service, options, _stored_issuer(service, options.issuer))
    written = [options.issuer] if options.issuer else []
    issuers = dict.fromkeys((person.issuer, *written))
    return [Agent(issuer, person.subject, frozenset()) for issuer in issuers]


def is_anyone_named(options: argparse.Namespace) -> bool:
    """Whether the options name a person, in one way."""
    return (options.email is None) != (options.subject is None) and not (
        options.email and options.issuer
    )


def in_words(service: Service, issuer: str, subject: str) -> str:
    """A person who has a right, as the operator reads it: address if there is one, subject, issuer."""
    if issuer != service.credentials.identity_issuer:
        return f"{subject}  ({issuer}, sans effet : ce n’est pas l’émetteur du service)"
    if issuer != OWN_ISSUER:
        return f"{subject}  ({issuer})"
    record = account_of(service.operation(Anonymous()), subject)
    if record is None:
        return f"{subject}  ({issuer}, sans effet : ce compte n’existe plus)"
    return "  ".join(filter(None, (record.details.email, subject, f"({issuer})")))


def _person(service: Service, options: argparse.Namespace, issuer: str) -> Agent:
    if options.email is None:
        return Agent(issuer, options.subject, frozenset())
    if issuer != OWN_ISSUER:
        raise CommandError(
            "--email : les comptes sont chez un autre émetteur ; précisez --issuer et --subject."
        )
    found = agent_with_address(service.operation(Anonymous()), options.email)
    if found is None:
        raise CommandError(f"--email : {NO_ACCOUNT}")
    return found


def _stored_issuer(service: Service, written: str | None) -> str:
    own = service.credentials.identity_issuer
    if written is None or written.rstrip("/") == service.credentials.issuer.rstrip("/"):
        return own
    return written

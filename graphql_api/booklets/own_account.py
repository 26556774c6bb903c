"""The account of the caller, as far as it says who they are."""

from graphql_api.booklets.outcomes import OwnAccount
from graphql_api.callers.account_lookup import account_of, keeps_accounts
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation

NOBODY = OwnAccount(civility=None, family_name=None, given_name=None, email=None)


def own_account(op: Operation) -> OwnAccount:
    """What the caller's account says; nothing where the accounts are at another issuer."""
    if not isinstance(op.actor, Agent) or not keeps_accounts(op):
        return NOBODY
    record = account_of(op, op.actor.subject)
    if record is None:
        return NOBODY
    details = record.details
    return OwnAccount(
        civility=details.civility or None,
        family_name=details.family_name or None,
        given_name=details.given_name or None,
        email=details.email if record.proven else None,
    )

"""The accounts of the embedded issuer, in an operation that shows no page of theirs."""

from collections.abc import Iterator

from graphql_api.callers import kept_forms, sessions
from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.accounts.accounts import AccountRecord
from graphql_api.storage.actors import Agent
from graphql_api.storage.keys.authenticated_rows import LOGIN_IDENTITIES
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import LoginIdentityTable


def account_context(op: Operation) -> AccountContext:
    """The accounts of the embedded issuer, in an operation that shows no page."""
    return AccountContext(
        store=op.store,
        key_store=op.key_store,
        master_key=op.master_key,
        service_keys=op.service_keys,
        public_url="",
        now=op.now_us,
        after_commit=op.after_commit,
    )


def sign_out_here(context: AccountContext, account: str) -> None:
    """End the sessions of an account at the service, and forget the forms that it keeps."""
    sessions.delete_all(context.store, [(OWN_ISSUER, account)])
    kept_forms.delete_all(context.store, [(OWN_ISSUER, account)])


def keeps_accounts(op: Operation) -> bool:
    """Whether the people of this service have accounts here, and not at another issuer."""
    return op.identity_issuer == OWN_ISSUER


def agent_with_address(op: Operation, email: str) -> Agent | None:
    """Whoever has proven that address to be theirs; None when no account has."""
    record = accounts.find_by_email(account_context(op), email)
    return None if record is None else Agent(OWN_ISSUER, record.id, frozenset())


def account_of(op: Operation, subject: str) -> AccountRecord | None:
    """The account of a subject of the embedded issuer; None when it is gone."""
    return accounts.find(account_context(op), subject)


def end_account(op: Operation, subject: str) -> None:
    """Delete the account behind a subject of ours, in the transaction of an operation."""
    accounts.delete(account_context(op), subject)


def verified_address(op: Operation, person: str) -> str | None:
    """The verified e-mail address of a person's account here; None when there is none."""
    context = account_context(op)
    for account in _accounts_of(op, person):
        record = accounts.find(context, account)
        if record is not None and record.proven:
            return record.details.email
    return None


def _accounts_of(op: Operation, person: str) -> Iterator[str]:
    """The ids of a person's accounts here: who calls with one is known by it, and it comes first."""
    known, actor = None, op.actor
    if isinstance(actor, Agent) and op.person == person and actor.issuer == OWN_ISSUER:
        yield (known := actor.subject)
    query = (
        LoginIdentityTable.select(*LOGIN_IDENTITIES.columns)
        .where(LoginIdentityTable.person == person, LoginIdentityTable.issuer == OWN_ISSUER)
        .order_by(LoginIdentityTable.subject)
    )
    for one in LOGIN_IDENTITIES.genuine(op.store, op.store.rows(query.tuples())):
        if one["subject"] != known:
            yield one["subject"]

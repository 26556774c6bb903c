"""Registrations: what somebody filled in, until whoever reads that address's letters activates it.

Anyone can register with anyone's address, so that a registration is nothing yet. Each has a key of
its own and becomes the account with its own details, never with another's; the first that is
activated wins, the others are deleted. Whoever gets a key that they did not ask for could be led
to activate an account whose password a stranger chose: elsewhere than in the browser that sent the
form, activating takes that password too.
"""

import secrets
from dataclasses import asdict, dataclass

from graphql_api.identity_provider.accounts import accounts, emails
from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext, derive_key
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.accounts.tables import RegistrationTable
from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import digest

LIFETIME = 24 * HOUR


@dataclass(frozen=True, slots=True)
class PendingRegistration:
    """A registration that its key opened."""

    details: AccountDetails
    browser_hash: str


def begin(context: AccountContext, details: AccountDetails, browser: str) -> None:
    """Keep a registration and send its key; to whom has an account, say so instead.

    Both do the same work, and none tells the form's sender which of them was done. The letter goes
    to the address that the account proved, not to the one that was typed for it.
    """
    key = secrets.token_urlsafe(32)
    hashed = digest(key)
    context.store.run(
        RegistrationTable.insert(
            key_hash=hashed,
            mark=context.email_index(details.email),
            browser_hash=digest(browser),
            expires_at=context.now + LIFETIME,
            sealed=_sealer(key).seal(_seal_context(hashed), asdict(details)),
        )
    )
    record = accounts.find_by_email(context, details.email)
    if record is None:
        context.send_mail(emails.activation_email(context, details.email, key))
    else:
        context.send_mail(emails.already_registered_email(context, record.details.email))


def find(context: AccountContext, key: str) -> PendingRegistration | None:
    """The registration of a key, which stays as it is."""
    hashed = digest(key)
    query = RegistrationTable.select(RegistrationTable.browser_hash, RegistrationTable.sealed)
    good = (RegistrationTable.key_hash == hashed) & (RegistrationTable.expires_at > context.now)
    row = context.store.row(query.where(good).tuples())
    if row is None:
        return None
    browser_hash, sealed = row
    return PendingRegistration(
        AccountDetails(**_sealer(key).open(_seal_context(hashed), bytes(sealed))), browser_hash
    )


def activate(context: AccountContext, key: str) -> str | None:
    """Make an account of a registration; its id, or None when the key is good no more.

    Raises `MailboxTaken` when there is an account with that address already.
    """
    pending = find(context, key)
    used = context.store.run(
        RegistrationTable.delete().where(RegistrationTable.key_hash == digest(key))
    )
    if pending is None or not used:
        return None
    if accounts.find_by_email(context, pending.details.email) is not None:
        raise accounts.EmailTakenError
    mark = context.email_index(pending.details.email)
    context.store.run(RegistrationTable.delete().where(RegistrationTable.mark == mark))
    return accounts.create(context, pending.details, activated=True)


def delete_expired(context: AccountContext) -> None:
    """Delete what nobody activated in time."""
    context.store.run(RegistrationTable.delete().where(RegistrationTable.expires_at <= context.now))


def _sealer(key: str) -> Sealer:
    return Sealer("registration", derive_key(key.encode(), "registration"))


def _seal_context(key_hash: str) -> SealContext:
    return SealContext("idp_registration", key_hash, 0)

"""Registrations: forms that wait until the reader of the address's e-mails activates them.

Anyone can register with anyone's address, so that a registration is nothing yet. Each has a key of
its own and becomes the account with its own details, never with another's; the first that is
activated wins, the others are deleted. A person who gets a key without
having asked for it could be led to activate an account whose password a stranger chose: in another
browser than the one that sent the form, activating takes that password too.
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
    """A registration as its key opened it."""

    details: AccountDetails
    browser_hash: str


def begin(context: AccountContext, details: AccountDetails, browser: str) -> None:
    """Begin a registration and send its key; an address that has an account is told so instead.

    Both do the same work, and the answer does not tell which was done. The second e-mail goes to
    the address that the account proved, not to the one that was typed for it.
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
    """Find the registration of a valid key, which stays valid."""
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
    """Activate a registration and return the id of its account; None when the key is not valid.

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
    """Delete the registrations that nobody activated in time."""
    context.store.run(RegistrationTable.delete().where(RegistrationTable.expires_at <= context.now))


def _sealer(key: str) -> Sealer:
    return Sealer("registration", derive_key(key.encode(), "registration"))


def _seal_context(key_hash: str) -> SealContext:
    return SealContext("idp_registration", key_hash, 0)

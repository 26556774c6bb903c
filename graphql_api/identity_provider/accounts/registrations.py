"""Registrations: forms that wait until the reader of the address's e-mails activates them.

Anyone can register with anyone's address, so that a registration is nothing yet. Each has a key of
its own and becomes the account with its own details, never with another's; the first that is
activated wins, the others are deleted. An operator may have the letter sent again, by the key that
is kept sealed under a service key until then. A person who gets a key without
having asked for it could be led to activate an account whose password a stranger chose: in another
browser than the one that sent the form, activating takes that password too.
"""

import logging
import secrets
from dataclasses import asdict, dataclass
from typing import Any

from graphql_api.identity_provider.accounts import accounts, emails
from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext, derive_key
from graphql_api.identity_provider.accounts.accounts import AccountDetails
from graphql_api.identity_provider.accounts.tables import RegistrationTable
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.encryption import DecryptionError, SealContext, Sealer
from graphql_api.storage.keys.service_keys import ACCOUNTS
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store

_log = logging.getLogger(__name__)
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
    key, browser_hash = secrets.token_urlsafe(32), digest(browser)
    hashed = digest(key)
    context.store.run(
        RegistrationTable.insert(
            key_hash=hashed,
            mark=context.email_index(details.email),
            browser_hash=browser_hash,
            expires_at=context.now + LIFETIME,
            sealed=_sealer(context, key).seal(_seal_context(hashed, browser_hash), asdict(details)),
            wrapped_key=_key_sealer(context).seal(_seal_context(hashed), key),
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
    try:
        bound = _seal_context(hashed, browser_hash)
        details = AccountDetails(**_sealer(context, key).open(bound, sealed))
    except DecryptionError:  # altered, or not written by us: the key is valid for nothing
        _log.error("not authentic: idp_registration %s", hashed[:16])
        return None
    return PendingRegistration(details, browser_hash)


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


def waits_until(context: AccountContext, email: str) -> int | None:
    """Until when the last registration of an address waits to be activated; None when none does."""
    row = _last(context, email)
    return None if row is None else int(row[1])


def send_again(context: AccountContext, email: str) -> int | None:
    """Send the letter of the last registration of an address again; its key serves for another day.

    Returns until when; None when no registration waits, or its key cannot be read any more.
    """
    row = _last(context, email)
    if row is None or row[2] is None:
        return None
    hashed, _, wrapped = row
    try:
        key = _key_sealer(context).open(_seal_context(hashed), bytes(wrapped))
    except DecryptionError:
        return None
    pending = find(context, key)
    if pending is None:
        return None
    until = context.now + LIFETIME
    context.store.run(
        RegistrationTable.update(expires_at=until).where(RegistrationTable.key_hash == hashed)
    )
    context.send_mail(emails.activation_email(context, pending.details.email, key))
    return until


def delete_expired(store: Store, now: int) -> int:
    """Delete the registrations that nobody activated in time; return how many."""
    return delete_in_batches(store, RegistrationTable, RegistrationTable.expires_at <= now)


def _last(context: AccountContext, email: str) -> tuple[Any, ...] | None:
    """The hash, the end and the wrapped key of the last registration of an address that waits."""
    waits = (RegistrationTable.mark == context.email_index(email)) & (
        RegistrationTable.expires_at > context.now
    )
    query = RegistrationTable.select(
        RegistrationTable.key_hash, RegistrationTable.expires_at, RegistrationTable.wrapped_key
    )
    ordered = query.where(waits).order_by(
        RegistrationTable.expires_at.desc(), RegistrationTable.key_hash
    )
    found: tuple[Any, ...] | None = context.store.row(ordered.limit(1).tuples())
    return found


def _key_sealer(context: AccountContext) -> Sealer:
    return Sealer(
        "registration key", derive_key(context.service_keys(ACCOUNTS), "registration key")
    )


def _sealer(context: AccountContext, key: str) -> Sealer:
    """Opens by the key that was sent; whoever has only the database cannot seal what it opens."""
    return Sealer("registration", context.sealing_key(key, "registration"))


def _seal_context(*bound: str) -> SealContext:
    return SealContext("idp_registration", "|".join(bound), 0)

"""Registrations: what somebody filled in, until whoever reads that address's letters activates it.

Anyone can register with anyone's address, so that a registration is nothing yet. Each has a key of
its own and becomes the account with its own details, never with another's; the first that is
activated wins, the others are deleted. Whoever gets a key that they did not ask for could be led
to activate an account whose password a stranger chose: elsewhere than in the browser that sent the
form, activating takes that password too.
"""

import secrets
from dataclasses import asdict, dataclass

from graphql_api.identity_provider.accounts import accounts, email_addresses, emails
from graphql_api.identity_provider.accounts.account_context import HOUR, Desk, subkey
from graphql_api.identity_provider.accounts.accounts import Details
from graphql_api.identity_provider.accounts.tables import Registration
from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import digest

LIVES = 24 * HOUR


@dataclass(frozen=True, slots=True)
class Pending:
    """A registration that its key opened."""

    details: Details
    browser_hash: str


def ask(desk: Desk, details: Details, browser: str) -> None:
    """Keep a registration and send its key; to whom has an account, say so instead.

    Both do the same work, and none tells the form's sender which of them was done. The letter goes
    to the address that the account proved, not to the one that was typed for it.
    """
    key = secrets.token_urlsafe(32)
    hashed = digest(key)
    desk.store.run(
        Registration.insert(
            key_hash=hashed,
            mark=email_addresses.mark(desk, details.email),
            browser_hash=digest(browser),
            expires_at=desk.now + LIVES,
            sealed=_vault(key).seal(_place(hashed), asdict(details)),
        )
    )
    known = accounts.by_email(desk, details.email)
    if known is None:
        desk.post(emails.activation(desk, details.email, key))
    else:
        desk.post(emails.already(desk, known.details.email))


def find(desk: Desk, key: str) -> Pending | None:
    """The registration of a key, which stays as it is."""
    hashed = digest(key)
    query = Registration.select(Registration.browser_hash, Registration.sealed)
    good = (Registration.key_hash == hashed) & (Registration.expires_at > desk.now)
    row = desk.store.row(query.where(good).tuples())
    if row is None:
        return None
    browser_hash, sealed = row
    return Pending(Details(**_vault(key).open(_place(hashed), bytes(sealed))), browser_hash)


def activate(desk: Desk, key: str) -> str | None:
    """Make an account of a registration; its id, or None when the key is good no more.

    Raises `MailboxTaken` when there is an account with that address already.
    """
    pending = find(desk, key)
    used = desk.store.run(Registration.delete().where(Registration.key_hash == digest(key)))
    if pending is None or not used:
        return None
    if accounts.by_email(desk, pending.details.email) is not None:
        raise accounts.MailboxTaken
    mark = email_addresses.mark(desk, pending.details.email)
    desk.store.run(Registration.delete().where(Registration.mark == mark))
    return accounts.create(desk, pending.details, activated=True)


def sweep(desk: Desk) -> None:
    """Delete what nobody activated in time."""
    desk.store.run(Registration.delete().where(Registration.expires_at <= desk.now))


def _vault(key: str) -> Sealer:
    return Sealer("registration", subkey(key.encode(), "registration"))


def _place(key_hash: str) -> SealContext:
    return SealContext("idp_registration", key_hash, 0)

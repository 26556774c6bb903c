"""The keys in e-mails: 256 bits, stored hashed, valid once and for a short time.

A key lets the reader of the account's e-mails do one thing. Following a link does nothing, since
mail scanners follow links: a form must be sent.
"""

import secrets
from dataclasses import dataclass

from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext
from graphql_api.identity_provider.accounts.accounts import sealer_of
from graphql_api.identity_provider.accounts.authenticated_tables import EMAIL_TOKENS
from graphql_api.identity_provider.accounts.tables import EmailTokenTable
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.encryption import DecryptionError, SealContext
from graphql_api.storage.operation import digest
from graphql_api.storage.store import Store

RESET, EMAIL = "reset", "email"
_LIFETIMES = {RESET: HOUR, EMAIL: 24 * HOUR}


@dataclass(frozen=True, slots=True)
class EmailToken:
    """The account that a key is for, and the new address that it confirms, if any."""

    account: str
    email: str | None


def create(context: AccountContext, purpose: str, account: str, email: str | None = None) -> str:
    """Create a key and return it; an address is sealed with the account's own key."""
    key = secrets.token_urlsafe(32)
    hashed = digest(key)
    sealer = sealer_of(context, account) if email is not None else None
    row = {
        "key_hash": hashed,
        "purpose": purpose,
        "account": account,
        "expires_at": context.now + _LIFETIMES[purpose],
        "sealed": sealer.seal(_seal_context(hashed), email) if sealer else None,
    }
    context.store.run(EmailTokenTable.insert(EMAIL_TOKENS.signed(context.store, row)))
    return key


def find(context: AccountContext, purpose: str, key: str) -> EmailToken | None:
    """Find the token of a valid key, which stays valid."""
    hashed = digest(key)
    good = (EmailTokenTable.key_hash == hashed) & (EmailTokenTable.purpose == purpose)
    query = EmailTokenTable.select(
        EmailTokenTable.account, EmailTokenTable.sealed, *EMAIL_TOKENS.columns
    )
    row = context.store.row(query.where(good, EmailTokenTable.expires_at > context.now).tuples())
    if row is None or not EMAIL_TOKENS.is_genuine(context.store, row[2:]):
        return None
    account, sealed = row[:2]
    if sealed is None:
        return EmailToken(account, None)
    sealer = sealer_of(context, account)
    try:
        return EmailToken(account, sealer.open(_seal_context(hashed), sealed)) if sealer else None
    except DecryptionError:
        return None


def consume(context: AccountContext, purpose: str, key: str) -> EmailToken | None:
    """Use a key up and return its token, to one request only."""
    found = find(context, purpose, key)
    used = context.store.run(
        EmailTokenTable.delete().where(EmailTokenTable.key_hash == digest(key))
    )
    return found if used else None


def revoke_all(context: AccountContext, account: str) -> None:
    """Revoke all keys of an account, whose password or address has changed."""
    context.store.run(EmailTokenTable.delete().where(EmailTokenTable.account == account))


def delete_expired(store: Store, now: int) -> int:
    """Delete the keys that have expired; return how many."""
    return delete_in_batches(store, EmailTokenTable, EmailTokenTable.expires_at <= now)


def _seal_context(key_hash: str) -> SealContext:
    return SealContext("idp_letter_key", key_hash, 0)

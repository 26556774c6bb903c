"""Keys that letters bring: 256 bits, kept hashed, good once and for a short time.

A key lets whoever reads the account's letters do one thing. Following a link does nothing yet,
since mail scanners do: a form must be sent.
"""

import secrets
from dataclasses import dataclass

from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext
from graphql_api.identity_provider.accounts.accounts import sealer_of
from graphql_api.identity_provider.accounts.tables import EmailTokenTable
from graphql_api.storage.encryption import SealContext
from graphql_api.storage.operation import digest

RESET, EMAIL = "reset", "email"
_LIFETIMES = {RESET: HOUR, EMAIL: 24 * HOUR}


@dataclass(frozen=True, slots=True)
class EmailToken:
    """What a key is good for: an account, and the address that it is about to have, if any."""

    account: str
    email: str | None


def create(context: AccountContext, purpose: str, account: str, email: str | None = None) -> str:
    """A new key; the address, if there is one, is sealed with the account's own key."""
    key = secrets.token_urlsafe(32)
    hashed = digest(key)
    sealer = sealer_of(context, account) if email is not None else None
    context.store.run(
        EmailTokenTable.insert(
            key_hash=hashed,
            purpose=purpose,
            account=account,
            expires_at=context.now + _LIFETIMES[purpose],
            sealed=sealer.seal(_seal_context(hashed), email) if sealer else None,
        )
    )
    return key


def find(context: AccountContext, purpose: str, key: str) -> EmailToken | None:
    """What a key is good for, now; it stays good."""
    hashed = digest(key)
    good = (EmailTokenTable.key_hash == hashed) & (EmailTokenTable.purpose == purpose)
    query = EmailTokenTable.select(EmailTokenTable.account, EmailTokenTable.sealed)
    row = context.store.row(query.where(good, EmailTokenTable.expires_at > context.now).tuples())
    if row is None:
        return None
    account, sealed = row
    if sealed is None:
        return EmailToken(account, None)
    sealer = sealer_of(context, account)
    return (
        EmailToken(account, sealer.open(_seal_context(hashed), bytes(sealed))) if sealer else None
    )


def consume(context: AccountContext, purpose: str, key: str) -> EmailToken | None:
    """Use a key: what it was good for, to one of those who use it at once, and never again."""
    found = find(context, purpose, key)
    used = context.store.run(
        EmailTokenTable.delete().where(EmailTokenTable.key_hash == digest(key))
    )
    return found if used else None


def revoke_all(context: AccountContext, account: str) -> None:
    """Make all keys of an account useless: its password or its address has changed."""
    context.store.run(EmailTokenTable.delete().where(EmailTokenTable.account == account))


def delete_expired(context: AccountContext) -> None:
    """Delete the keys whose time is over."""
    context.store.run(EmailTokenTable.delete().where(EmailTokenTable.expires_at <= context.now))


def _seal_context(key_hash: str) -> SealContext:
    return SealContext("idp_letter_key", key_hash, 0)

"""Keys that letters bring: 256 bits, kept hashed, good once and for a short time.

A key lets whoever reads the account's letters do one thing. Following a link does nothing yet,
since mail scanners do: a form must be sent.
"""

import secrets
from dataclasses import dataclass

from graphql_api.identity_provider.accounts.account_context import HOUR, Desk
from graphql_api.identity_provider.accounts.accounts import vault_of
from graphql_api.identity_provider.accounts.tables import LetterKey
from graphql_api.storage.encryption import SealContext
from graphql_api.storage.operation import digest

RESET, EMAIL = "reset", "email"
_LIVES = {RESET: HOUR, EMAIL: 24 * HOUR}


@dataclass(frozen=True, slots=True)
class Brought:
    """What a key is good for: an account, and the address that it is about to have, if any."""

    account: str
    email: str | None


def make(desk: Desk, purpose: str, account: str, email: str | None = None) -> str:
    """A new key; the address, if there is one, is sealed with the account's own key."""
    key = secrets.token_urlsafe(32)
    hashed = digest(key)
    vault = vault_of(desk, account) if email is not None else None
    desk.store.run(
        LetterKey.insert(
            key_hash=hashed,
            purpose=purpose,
            account=account,
            expires_at=desk.now + _LIVES[purpose],
            sealed=vault.seal(_place(hashed), email) if vault else None,
        )
    )
    return key


def find(desk: Desk, purpose: str, key: str) -> Brought | None:
    """What a key is good for, now; it stays good."""
    hashed = digest(key)
    good = (LetterKey.key_hash == hashed) & (LetterKey.purpose == purpose)
    query = LetterKey.select(LetterKey.account, LetterKey.sealed)
    row = desk.store.row(query.where(good, LetterKey.expires_at > desk.now).tuples())
    if row is None:
        return None
    account, sealed = row
    if sealed is None:
        return Brought(account, None)
    vault = vault_of(desk, account)
    return Brought(account, vault.open(_place(hashed), bytes(sealed))) if vault else None


def take(desk: Desk, purpose: str, key: str) -> Brought | None:
    """Use a key: what it was good for, to one of those who use it at once, and never again."""
    found = find(desk, purpose, key)
    used = desk.store.run(LetterKey.delete().where(LetterKey.key_hash == digest(key)))
    return found if used else None


def drop_all(desk: Desk, account: str) -> None:
    """Make all keys of an account useless: its password or its address has changed."""
    desk.store.run(LetterKey.delete().where(LetterKey.account == account))


def sweep(desk: Desk) -> None:
    """Delete the keys whose time is over."""
    desk.store.run(LetterKey.delete().where(LetterKey.expires_at <= desk.now))


def _place(key_hash: str) -> SealContext:
    return SealContext("idp_letter_key", key_hash, 0)

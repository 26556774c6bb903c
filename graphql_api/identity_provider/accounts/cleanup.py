"""Deleting what has expired: sessions, registrations, tokens, counters, orphan keys."""

from graphql_api.identity_provider.accounts import email_tokens, registrations, sessions
from graphql_api.identity_provider.accounts.account_context import HOUR, AccountContext
from graphql_api.identity_provider.accounts.tables import AccountKeyTable, AccountTable
from graphql_api.storage.store import Store
from graphql_api.storage.store_marks import count_changes

_ORPHAN_AGE = HOUR


def delete_expired(store: Store, key_store: Store, now: int) -> int:
    """Delete what has expired, and return how many keys of deleted accounts were destroyed.

    Such a key is left when a crash comes between the commits of the two stores. One is made just
    before its account, so that only those of another hour count. Raises `StoreUnavailableError`.
    """
    context = AccountContext(store, key_store, b"", "", now)
    with store.writing():
        for one in (sessions, registrations, email_tokens):
            one.delete_expired(context)
        context.limiter.delete_expired()
    with key_store.reading():
        old = AccountKeyTable.select(AccountKeyTable.account).where(
            AccountKeyTable.created_at < now - _ORPHAN_AGE
        )
        keys = {account for (account,) in key_store.rows(old.tuples())}
    if not keys:
        return 0
    with store.reading():
        orphans = keys - {
            account for (account,) in store.rows(AccountTable.select(AccountTable.id).tuples())
        }
    if orphans:
        with key_store.writing():
            destroyed = sum(
                key_store.run(AccountKeyTable.delete().where(AccountKeyTable.account == account))
                for account in orphans
            )
        with store.writing():
            count_changes(store, 2 * destroyed)
    return len(orphans)

"""Deleting what has expired: sessions, registrations, tokens, counters."""

from graphql_api.identity_provider.accounts import email_tokens, registrations, sessions
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.storage.store import Store


def delete_expired(store: Store, key_store: Store, now: int) -> None:
    """Delete what has expired. Raises `StoreUnavailableError`."""
    context = AccountContext(store, key_store, b"", "", now)
    with store.writing():
        for one in (sessions, registrations, email_tokens):
            one.delete_expired(context)
        context.limiter.delete_expired()

"""Bringing the provider's store to the present shape, under the same lock as the service's own."""

from pathlib import Path

from graphql_api.storage.migrating import migrate_one, pending
from graphql_api.storage.store import Store

_FOLDER = Path(__file__).parent / "migrations"


def migrate_provider(store: Store) -> list[str]:
    """Apply the pending migrations and return their names. Raises `StoreUnavailableError`."""
    return migrate_one(store, _FOLDER)


def is_provider_current(store: Store) -> bool:
    """Whether no migration is pending. Raises `StoreUnavailableError`."""
    return not pending(store, _FOLDER)

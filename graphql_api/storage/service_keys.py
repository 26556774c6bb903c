"""The keys of the service itself, by purpose: random, wrapped by the master key, in the key store.

What the service derives, signs or seals for itself hangs on one of these, never on the master key:
so a new master key has only to wrap them anew.
"""

from graphql_api.storage.encryption import new_key, unwrap, wrap
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ServiceKeyTable

DATA_MARK = "mark of the data"


def service_key(key_store: Store, master_key: bytes, name: str) -> bytes:
    """The key of that name, 32 bytes, made the first time; the same for all processes.

    Call it outside transactions of the key store. Raises `DecryptionError` with another master key,
    and `StoreUnavailableError`.
    """
    found = find_service_key(key_store, master_key, name)
    if found is not None:
        return found
    with key_store.writing():
        made = wrap(master_key, _wrapped_name(name), new_key())
        key_store.run(ServiceKeyTable.insert(name=name, wrapped=made).on_conflict_ignore())
    found = find_service_key(key_store, master_key, name)  # another process may have been quicker
    if found is None:
        raise LookupError(name)
    return found


def find_service_key(key_store: Store, master_key: bytes, name: str) -> bytes | None:
    """The key of that name; None when it was not made yet."""
    query = ServiceKeyTable.select(ServiceKeyTable.wrapped).where(ServiceKeyTable.name == name)
    with key_store.reading():
        row = key_store.row(query.tuples())
    return unwrap(master_key, _wrapped_name(name), bytes(row[0])) if row else None


def _wrapped_name(name: str) -> str:
    return f"service|{name}"

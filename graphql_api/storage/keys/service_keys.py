"""The keys of the service itself, by purpose: random, wrapped by the master key, in the key store.

What the service derives, signs or seals for itself hangs on one of these, never on the master key:
so a new master key has only to wrap them anew.
"""

from collections.abc import Callable
from typing import Any

from peewee import SQL

from graphql_api.storage.keys.encryption import new_key
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.keys.wrapped_keys import insert_wrapped
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ServiceKeyTable

ACCOUNTS = "accounts"
ATTEMPTS = "attempts"
DATA_MARK = "mark of the data"
LETTERS = "letters"
PRINT_TOKENS = "print tokens"
SIGN_IN_COOKIES = "sign-in cookies"
SIGNING_KEYS = "signing keys"
SUMMARY_CURSORS = "summary cursors"
# Made with the marks, so that no operation has to.
NAMES = (
    ACCOUNTS,
    ATTEMPTS,
    DATA_MARK,
    LETTERS,
    PRINT_TOKENS,
    SIGN_IN_COOKIES,
    SIGNING_KEYS,
    SUMMARY_CURSORS,
)

ServiceKeys = Callable[[str], bytes]


class KeptServiceKeys:
    """The service keys of one process, by name: all are read when the first is asked for, and kept."""

    def __init__(self, key_store: Store, master_key: MasterKeys) -> None:
        self._key_store = key_store
        self._master_key = master_key
        self._keys: dict[str, bytes] = {}

    def __call__(self, name: str) -> bytes:
        """The key of that name, made the first time. Raises as `service_key` does."""
        if name not in self._keys:
            self._keys.update(read_service_keys(self._key_store, self._master_key))
        if name not in self._keys:
            self._keys[name] = service_key(self._key_store, self._master_key, name)
        return self._keys[name]


def service_key(key_store: Store, master_key: MasterKeys, name: str) -> bytes:
    """The key of that name, 32 bytes, made the first time; the same for all processes.

    Call it outside transactions of the key store. Raises `DecryptionError` with another master key,
    and `StoreUnavailableError`.
    """
    found = find_service_key(key_store, master_key, name)
    if found is not None:
        return found
    keep_service_key(key_store, master_key, name, new_key())
    found = find_service_key(key_store, master_key, name)  # another process may have been quicker
    if found is None:
        raise LookupError(name)
    return found


def keep_service_key(key_store: Store, master_key: MasterKeys, name: str, key: bytes) -> None:
    """Keep a key under a name, unless that has one already. Call it outside transactions."""

    def insert(wrapped: bytes) -> Any:
        return ServiceKeyTable.insert(name=name, wrapped=wrapped).on_conflict_ignore()

    insert_wrapped(key_store, master_key, _wrapped_name(name), key, insert)


def find_service_key(key_store: Store, master_key: MasterKeys, name: str) -> bytes | None:
    """The key of that name; None when it was not made yet."""
    return _read(key_store, master_key, ServiceKeyTable.name == name).get(name)


def read_service_keys(key_store: Store, master_key: MasterKeys) -> dict[str, bytes]:
    """All keys of the service, by name. Raises as `service_key` does."""
    return _read(key_store, master_key, SQL("1 = 1"))


def _read(key_store: Store, master_key: MasterKeys, which: object) -> dict[str, bytes]:
    query = ServiceKeyTable.select(ServiceKeyTable.name, ServiceKeyTable.wrapped).where(which)
    with key_store.reading():
        rows = key_store.rows(query.tuples())
    return {name: master_key.unwrap(_wrapped_name(name), bytes(wrapped)) for name, wrapped in rows}


def _wrapped_name(name: str) -> str:
    return f"service|{name}"

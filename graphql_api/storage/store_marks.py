"""The marks of the two stores: do they belong together, does the master key open them, which is ahead.

Each store has one row: an id that both share, a serial, a sealed known value. The serial counts the
keys made and destroyed, in the data by the booklets and accounts that begin and end; so the two are
equal when nothing is under way, nothing was interrupted and neither came from a backup.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import Any

from graphql_api.engine.workers import UnavailableError
from graphql_api.storage.encryption import DecryptionError, unwrap
from graphql_api.storage.service_keys import DATA_MARK, find_service_key
from graphql_api.storage.store import Store
from graphql_api.storage.tables import StoreMarkTable

KNOWN_VALUE = b"livret"
# What has a key, and where.
_PAIRS = (("booklet", "booklet_key", "booklet"), ("idp_account", "account_key", "account"))
_SAMPLE = 1_000


class Mismatch(Enum):
    """Why the stores and the master key cannot serve together; the value is said to people."""

    SAME_DATABASE = (
        "LIVRET_DATABASE_URL et LIVRET_KEY_STORE_URL désignent la même base :"
        " les clés doivent avoir la leur, sans quoi toute sauvegarde des livrets les contient."
    )
    EMPTY_KEY_STORE = (
        "la base des clés est vide, mais pas celle des livrets : indiquez ou restaurez"
        " la base des clés, sans laquelle aucun livret ne peut être lu."
    )
    EMPTY_DATA = (
        "la base des livrets est vide, mais pas celle des clés : indiquez ou restaurez"
        " la base des livrets, ou donnez-lui une base des clés vide."
    )
    FOREIGN_KEY_STORE = (
        "la base des clés n’est pas celle de ces livrets : indiquez dans LIVRET_DATABASE_URL et"
        " LIVRET_KEY_STORE_URL deux bases du même service."
    )
    WRONG_MASTER_KEY = (
        "la clé maîtresse n’est pas celle de la base des clés : indiquez celle sous laquelle"
        " ces clés ont été enregistrées."
    )


class StoreMismatchError(UnavailableError):
    """The stores or the master key do not belong together. Nothing was written."""

    def __init__(self, mismatch: Mismatch) -> None:
        super().__init__(mismatch.value)
        self.mismatch = mismatch


@dataclass(frozen=True, slots=True)
class StoreMark:
    """The mark of one store."""

    store_id: str
    serial: int
    sealed: bytes


@dataclass(frozen=True, slots=True)
class StoreLead:
    """By how many changes of keys one store is ahead of the other; at most one figure is not 0.

    The data are ahead after an older key store was restored, or when a closing has still to destroy
    its key. The key store is ahead after older data were restored, or when a crash interrupted an
    opening, whose key was made first.
    """

    data: int = 0
    keys: int = 0


def compare(data: StoreMark, keys: StoreMark) -> StoreLead:
    """Which of two stores with the same id is ahead, and by how many changes of keys."""
    lead = keys.serial - data.serial
    return StoreLead(data=max(0, -lead), keys=max(0, lead))


def count_changes(store: Store, changes: int) -> None:
    """Count in the data, in the caller's transaction, keys that were made and destroyed for nothing.

    An orphan key that is destroyed is two changes, of which the data saw none.
    """
    store.run(StoreMarkTable.update(serial=StoreMarkTable.serial + changes))


def read_mark(store: Store) -> StoreMark | None:
    """The mark of a store; None when it has none yet. Raises `StoreUnavailableError`."""
    if is_absent(store):
        return None
    with store.reading():
        if not store.database.table_exists("store_mark"):
            return None
        columns = (StoreMarkTable.store_id, StoreMarkTable.serial, StoreMarkTable.sealed)
        row = store.row(StoreMarkTable.select(*columns).tuples())
    return StoreMark(row[0], row[1], bytes(row[2])) if row else None


def check_stores(store: Store, key_store: Store, master_key: bytes) -> bool:
    """Whether both stores are marked and belong together; False when they have still to be marked.

    Raises `StoreMismatchError` when they or the master key do not belong together, and
    `StoreUnavailableError`. Writes nothing, and makes no file.
    """
    if are_same_database(store, key_store):
        raise StoreMismatchError(Mismatch.SAME_DATABASE)
    data, keys = read_mark(store), read_mark(key_store)
    if data is None or keys is None:
        _check_unmarked(store, key_store, data, keys)
        return False
    if data.store_id != keys.store_id:
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    check_master_key(keys, master_key)
    service_key = find_service_key(key_store, master_key, DATA_MARK)
    if service_key is None or not _opens(service_key, data):
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    return True


def check_master_key(keys: StoreMark, master_key: bytes) -> None:
    """Raise `StoreMismatchError` unless the master key opens the mark of the key store."""
    if not _opens(master_key, keys):
        raise StoreMismatchError(Mismatch.WRONG_MASTER_KEY)


def mark_name(store_id: str) -> str:
    """The name under which the known value of a mark is wrapped."""
    return f"mark|{store_id}"


def are_same_database(store: Store, key_store: Store) -> bool:
    """Whether two stores are one database, however their addresses are written."""
    if store.is_sqlite != key_store.is_sqlite:
        return False
    return bool(_identity(store) == _identity(key_store))


def is_absent(store: Store) -> bool:
    """Whether a store is a file that does not exist; connecting would make it."""
    return store.is_sqlite and not Path(store.database.database).exists()


def has_rows(store: Store, *tables: str) -> bool:
    """Whether one of these tables exists and holds anything. Raises `StoreUnavailableError`."""
    if is_absent(store):
        return False
    with store.reading():
        there = set(store.database.get_tables()) & set(tables)
        return any(
            store.database.execute_sql(f"SELECT 1 FROM {table} LIMIT 1").fetchone()  # noqa: S608 - names of ours
            for table in there
        )


def holds_data(store: Store) -> bool:
    """Whether somebody has a booklet or an account here, which needs a key."""
    return has_rows(store, *(table for table, _, _ in _PAIRS))


def holds_keys(key_store: Store) -> bool:
    """Whether a booklet or an account has a key here."""
    return has_rows(key_store, *(keys for _, keys, _ in _PAIRS))


def _check_unmarked(
    store: Store, key_store: Store, data: StoreMark | None, keys: StoreMark | None
) -> None:
    """Raise unless the stores can be marked: both empty, or both full."""
    if (data is not None or holds_data(store)) and not holds_keys(key_store) and keys is None:
        raise StoreMismatchError(Mismatch.EMPTY_KEY_STORE)
    if data is not None:
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)
    if holds_keys(key_store) and not holds_data(store):
        raise StoreMismatchError(Mismatch.EMPTY_DATA)
    if holds_data(store) and not _share_keys(store, key_store):
        raise StoreMismatchError(Mismatch.FOREIGN_KEY_STORE)


def _share_keys(store: Store, key_store: Store) -> bool:
    """Whether one of the first booklets, or of the first accounts, has its key in a key store."""
    return any(
        set(_first(store, table, "id")) & set(_first(key_store, keys, column))
        for table, keys, column in _PAIRS
        if has_rows(store, table) and has_rows(key_store, keys)
    )


def _first(store: Store, table: str, column: str) -> list[str]:
    with store.reading():
        found = store.database.execute_sql(
            f"SELECT {column} FROM {table} ORDER BY {column} LIMIT {_SAMPLE}"  # noqa: S608 - names of ours
        )
        return [id for (id,) in found.fetchall()]


def _opens(key: bytes, mark: StoreMark) -> bool:
    try:
        return unwrap(key, mark_name(mark.store_id), mark.sealed) == KNOWN_VALUE
    except DecryptionError:
        return False


def _identity(store: Store) -> Any:
    """What two connections to one database have in common, and to two databases never have."""
    if store.is_sqlite:
        path = Path(store.database.database)
        found = path.stat() if path.exists() else None
        return (found.st_dev, found.st_ino) if found else path.resolve()
    with store.reading():
        return store.database.execute_sql(
            "SELECT oid, pg_postmaster_start_time() FROM pg_database"
            " WHERE datname = current_database()"
        ).fetchone()

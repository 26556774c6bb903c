"""The marks of the two stores: which stores belong together, and which of the two is ahead.

Each store has one row: an id that both share, a serial, a sealed known value. The serial counts the
keys made and destroyed, in the data by the booklets and accounts that begin and end; so the two are
equal when nothing is under way, nothing was interrupted and neither came from a backup.
"""

from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from graphql_api.engine.workers import UnavailableError
from graphql_api.storage.keys.encryption import DecryptionError
from graphql_api.storage.keys.master_keys import MasterKeys
from graphql_api.storage.store import Store
from graphql_api.storage.tables import StoreMarkTable

KNOWN_VALUE = b"livret"


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


def check_master_key(keys: StoreMark, master_key: MasterKeys) -> None:
    """Raise `StoreMismatchError` unless a master key that was given opens the mark of the key store.

    New keys are wrapped under that one from now on.
    """
    try:
        master_key.unwrap(mark_name(keys.store_id), keys.sealed)
    except DecryptionError:
        raise StoreMismatchError(Mismatch.WRONG_MASTER_KEY) from None
    master_key.follow(keys.sealed)


def check_master_key_of(key_store: Store, master_key: MasterKeys) -> None:
    """Raise `StoreMismatchError` unless the process knows the master key that wraps keys now."""
    mark = read_mark(key_store)
    if mark is not None:
        check_master_key(mark, master_key)


def mark_name(store_id: str) -> str:
    """The name under which the known value of a mark is wrapped."""
    return f"mark|{store_id}"


def is_absent(store: Store) -> bool:
    """Whether a store is a file that does not exist in a folder that does; connecting would make it.

    Without the folder a disk is missing, perhaps, and the store does not answer.
    """
    if not store.is_sqlite:
        return False
    path = Path(store.database.database)
    return path.parent.is_dir() and not path.exists()

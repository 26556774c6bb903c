"""The record of backups: when the data and the keys were last backed up, and one was last read whole.

Both stand in the data store, so that nobody needs the key store to see that backups have stopped.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from graphql_api.storage.store import Store
from graphql_api.storage.tables import BackupTable

DATA, KEYS = "data", "keys"
OVERDUE = timedelta(days=2)  # a daily backup of which one was missed


@dataclass(frozen=True, slots=True)
class LastBackup:
    """Of a part, in microseconds since 1970; None for never.

    `verified_at` is when a backup was last read whole, `verified_from` when that one had been made.
    """

    part: str
    finished_at: int | None = None
    verified_at: int | None = None
    verified_from: int | None = None

    def is_overdue(self, now_us: int) -> bool:
        """Whether the last backup ended more than two days ago, or there was none."""
        since = now_us - OVERDUE // timedelta(microseconds=1)
        return self.finished_at is None or self.finished_at < since


def record_finished(store: Store, part: str, now_us: int) -> None:
    """Record that a backup of a part ended. Raises `StoreUnavailableError`."""
    _record(store, part, finished_at=now_us)


def record_verified(store: Store, part: str, made_at: int, now_us: int) -> None:
    """Record that a backup of a part, made then, was read whole. Raises `StoreUnavailableError`."""
    _record(store, part, verified_at=now_us, verified_from=made_at)


def last_backups(store: Store) -> list[LastBackup]:
    """Those of the data and of the keys. Call it in a transaction."""
    query = BackupTable.select(
        BackupTable.part,
        BackupTable.finished_at,
        BackupTable.verified_at,
        BackupTable.verified_from,
    )
    found = {part: LastBackup(part, *times) for part, *times in store.rows(query.tuples())}
    return [found.get(part) or LastBackup(part) for part in (DATA, KEYS)]


def _record(store: Store, part: str, **times: int) -> None:
    row: Any = BackupTable.insert(part=part, **times)  # Peewee has no types
    with store.writing():
        store.run(row.on_conflict(conflict_target=[BackupTable.part], update=times))

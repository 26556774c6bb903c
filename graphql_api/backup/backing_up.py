"""Backing up a running service: the data and the keys, each in a file of its own.

The data are read first, then the keys. A key is made before its booklet, so that every booklet that
was read has its key in the other file; one that was closed in between is listed there as closed,
which a restore follows. The other way round, a key would come back whose booklet was closed.

The two files are apart because they are kept for different times: as long as a file of keys
exists, it opens every older file of data.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from graphql_api.backup.backup_file import new_file, write_backup
from graphql_api.backup.backup_header import BackupError, BackupHeader
from graphql_api.backup.store_dump import count_rows, dump_tables, lift_time_limit, unhurried
from graphql_api.identity_provider import migrating as provider
from graphql_api.storage import migrating as storage
from graphql_api.storage.backup_record import DATA, KEYS
from graphql_api.storage.keys.store_marks import is_absent, read_mark
from graphql_api.storage.migrating import applied_names, migrations_of
from graphql_api.storage.store import Store

FOLDERS = {
    DATA: {
        "migrations": Path(storage.__file__).parent / "migrations",
        "provider": Path(provider.__file__).parent / "migrations",
    },
    KEYS: {"key_migrations": Path(storage.__file__).parent / "key_migrations"},
}
_EMPTY = "la base est vide : il n’y a rien à sauvegarder."
Progress = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class BackupJob:
    """One store to read into one file; `part` is `data` or `keys`."""

    part: str
    store: Store
    path: Path


def back_up(
    jobs: list[BackupJob],
    recipients: list[Any],
    now: datetime,
    progress: Callable[[str, Callable[[], int]], Progress],
) -> None:
    """Write the backups of one service, encrypted to the recipients if there are any.

    `progress` is told the part that begins and what counts its rows; what it answers is told each
    row. No file takes its name unless it is whole. Raises `BackupError` and `StoreUnavailableError`.
    """
    for job in sorted(jobs, key=lambda one: one.part != DATA):
        try:
            _back_up(job, recipients, now, progress)
        except OSError as error:
            reason = error.strerror or type(error).__name__
            raise BackupError(f"{job.path} : écriture impossible ({reason}).") from error
        job.store.truncate_log()  # which may have waited for the reading to end


def _back_up(
    job: BackupJob,
    recipients: list[Any],
    now: datetime,
    progress: Callable[[str, Callable[[], int]], Progress],
) -> None:
    store = job.store
    if is_absent(store):
        raise BackupError(_EMPTY)
    with new_file(job.path) as file, store.reading(), unhurried(store):
        advance = progress(job.part, lambda: count_rows(store))

        def lines() -> Any:
            for line in dump_tables(store):
                advance(1)
                yield line

        write_backup(file, _header(job, now), lines(), recipients)


def _header(job: BackupJob, now: datetime) -> BackupHeader:
    """What the backup of a store says of itself. Raises `BackupError` for an empty or newer store."""
    applied = {
        name: migrations_of(job.store, folder)[0] for name, folder in FOLDERS[job.part].items()
    }
    known = {name for names in applied.values() for name in names}
    if not known:
        raise BackupError(_EMPTY)
    if applied_names(job.store) - known:
        raise BackupError("la base vient d’une version plus récente de Livret : installez-la.")
    mark = read_mark(job.store)
    lift_time_limit(job.store)  # which reading the mark has set anew
    id, serial = (mark.store_id, mark.serial) if mark else ("", 0)
    return BackupHeader(job.part, now.isoformat(), version("livret"), id, serial, applied)

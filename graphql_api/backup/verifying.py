"""Verifying a backup: its file is read whole, as a restore would, and belongs to this service."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graphql_api.backup.backing_up import FOLDERS
from graphql_api.backup.backup_file import open_backup
from graphql_api.backup.backup_header import NEWER, BackupError, BackupHeader
from graphql_api.operations.service import Service
from graphql_api.storage import backup_record
from graphql_api.storage.keys.store_marks import read_mark
from graphql_api.storage.operation import to_microseconds

_OTHER = "cette sauvegarde est d’un autre service."


@dataclass(frozen=True, slots=True)
class Verified:
    """A backup that was read whole: of which part, made when, with how many rows, in which shape."""

    part: str
    made_at: datetime
    rows: int
    migrations: frozenset[str]


def verify(service: Service, path: Path, identities: list[Any]) -> Verified:
    """Read the file of a backup whole, and record that it was.

    Raises `BackupError` for one that a restore would refuse, and `StoreUnavailableError`.
    """
    with open_backup(path, identities, lambda _bytes: None) as (header, lines):
        mark = read_mark(service.store)
        if mark is not None and header.store not in ("", mark.store_id):
            raise BackupError(f"{path} : {_OTHER}")
        require_known_shape(header)
        rows = sum(isinstance(line, list) for line in lines)
    made_at, now = to_microseconds(header.time), to_microseconds(service.clock())
    backup_record.record_verified(service.store, header.part, made_at, now)
    applied = frozenset(name for names in header.migrations.values() for name in names)
    return Verified(header.part, header.time, rows, applied)


def require_known_shape(header: BackupHeader) -> None:
    """Raise `BackupError` for a backup of a shape that this version does not know."""
    for name, applied in header.migrations.items():
        folder = FOLDERS[header.part].get(name)
        known = {file.stem for file in folder.glob("*.py")} if folder else set()
        if set(applied) - known:
            raise BackupError(NEWER)

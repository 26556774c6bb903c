"""The first line of a backup: which store it is of, when it was read, and in what shape."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from graphql_api.storage.backup_record import DATA, KEYS
from graphql_api.terminal import CommandError

FORMAT, VERSION = "livret-backup", 1
_NOT_OURS = "ce fichier n’est pas une sauvegarde de Livret."
NEWER = "cette sauvegarde vient d’une version plus récente de Livret : installez-la d’abord."


class BackupError(CommandError):
    """A backup or a restore that was not made; the message, in French, says why."""


@dataclass(frozen=True, slots=True)
class BackupHeader:
    """What a backup says of itself.

    `part` is `data` or `keys`. `store` is the id that both stores of a service share, `serial` the
    number of changes of the set of keys that the store knew of. `migrations` are those that had
    been applied, by folder. `at` is when reading began, in ISO 8601.
    """

    part: str
    at: str
    release: str
    store: str
    serial: int
    migrations: dict[str, list[str]]

    @property
    def time(self) -> datetime:
        """When reading began."""
        return datetime.fromisoformat(self.at)

    def to_json(self) -> dict[str, Any]:
        """The header as its line holds it."""
        return {"format": FORMAT, "version": VERSION, **asdict(self)}


def header_of(line: object) -> BackupHeader:
    """The header that a first line holds. Raises `BackupError`."""
    if not isinstance(line, dict) or line.pop("format", None) != FORMAT:
        raise BackupError(_NOT_OURS)
    version = line.pop("version", None)
    if isinstance(version, int) and version > VERSION:
        raise BackupError(NEWER)
    try:
        header = BackupHeader(**line)
        _ = header.time
        applied = [name for names in header.migrations.values() for name in names]
        is_whole = all(isinstance(name, str) for name in (header.store, *applied))
    except (TypeError, ValueError, AttributeError):
        is_whole = False
    if version != VERSION or not is_whole or header.part not in (DATA, KEYS):
        raise BackupError(_NOT_OURS)
    return header

"""Restoring backups into empty databases: whole or not at all, on either kind of database.

The shape is made as the backup had it, the rows are put back, later migrations follow, and what
the key store records as closed is erased, all in one transaction a store. Two stores cannot commit
at once: the data are committed first; if the keys then fail, the data are taken out again. What a
kill leaves between the two is a store of data without keys, which no service starts on.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from graphql_api.backup.backing_up import FOLDERS, Progress
from graphql_api.backup.backup_file import open_backup
from graphql_api.backup.backup_header import BackupError, BackupHeader
from graphql_api.backup.mending import Erased, end_sign_ins, erase_closed
from graphql_api.backup.store_dump import lift_time_limit, load_tables, tables_of, unhurried
from graphql_api.backup.verifying import require_known_shape
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.backup_record import DATA, KEYS
from graphql_api.storage.cleanup import finish_interrupted_closings
from graphql_api.storage.former_content.former_tables import (
    MIGRATION,
    drop_former_tables,
    make_former_tables,
    waiting,
)
from graphql_api.storage.keys.known_heads import accept_all
from graphql_api.storage.keys.store_checks import check_stores
from graphql_api.storage.migrating import migrate_within
from graphql_api.storage.store import Store

_FUNCTIONS = """SELECT proname FROM pg_proc WHERE pronamespace = current_schema()::regnamespace
    AND prorettype = 'trigger'::regtype AND proowner = current_user::regrole"""
_NAMES = {DATA: "données", KEYS: "clés"}


@dataclass(frozen=True, slots=True)
class Restored:
    """What was restored: when each part had been read, and what was erased since it is closed.

    `unknown_tables` were in a file and are not in this version.
    """

    data_from: datetime | None
    keys_from: datetime | None
    erased: Erased
    unknown_tables: tuple[str, ...]


@dataclass(slots=True)
class _Part:
    """A store to fill from a file."""

    part: str
    store: Store
    header: BackupHeader
    lines: Iterator[Any]


def restore(
    service: Service,
    paths: dict[str, Path],
    identities: list[Any],
    progress: Callable[[str, int], Progress],
) -> Restored:
    """Restore the files of `data`, of `keys` or of both into the empty stores of a service.

    `progress` is told a part and its size in bytes; what it answers is told how many more were
    read. Raises `BackupError`, `StoreMismatchError` for stores or a master key that do not belong
    together, and `StoreUnavailableError` when a store does not answer or is full.
    """
    with ExitStack() as stack:
        parts = {
            part: _Part(
                part,
                service.store if part == DATA else service.key_store,
                *stack.enter_context(_opened(part, path, identities, progress)),
            )
            for part, path in paths.items()
        }
        for part in parts.values():
            _check_header(part)
        _check_pair(parts)
        return _restore(service, parts)


def _restore(service: Service, parts: dict[str, _Part]) -> Restored:
    data, keys = parts.get(DATA), parts.get(KEYS)
    op = service.operation(Anonymous())
    unknown: list[str] = []
    committed = False
    try:
        with op.after_commit:
            with service.store.writing(), unhurried(service.store):
                op.after_commit.enter_context(service.key_store.writing())
                op.after_commit.enter_context(unhurried(service.key_store))
                for part in parts.values():
                    unknown += _fill(part)
                _prepare_other_store(service, parts)
                check_stores(service.store, service.key_store, service.master_key)
                for store in (service.store, service.key_store):
                    lift_time_limit(store)  # which reading the marks has set anew
                accept_all(service.store, service.key_store, op.now_us)
                if data is not None:
                    end_sign_ins(service.store)
                erased = erase_closed(op)
            committed = True
    except BaseException:
        if committed and data is not None:
            _empty(service.store)
        raise
    finish_interrupted_closings(service.store, service.key_store)
    return Restored(
        data_from=data.header.time if data else None,
        keys_from=keys.header.time if keys else None,
        erased=erased,
        unknown_tables=tuple(unknown),
    )


def _opened(
    part: str, path: Path, identities: list[Any], progress: Callable[[str, int], Progress]
) -> Any:
    try:
        size = path.stat().st_size
    except OSError as error:
        raise BackupError(f"{path} : fichier illisible.") from error
    return open_backup(path, identities, progress(part, size))


def _check_header(part: _Part) -> None:
    if part.header.part != part.part:
        wanted, found = _NAMES[part.part], _NAMES[part.header.part]
        raise BackupError(
            f"--{part.part} attend une sauvegarde de {wanted} ; c’en est une de {found}."
        )
    require_known_shape(part.header)


def _check_pair(parts: dict[str, _Part]) -> None:
    known = {part.header.store for part in parts.values()} - {""}  # before stores had marks
    if len(known) > 1:
        raise BackupError("ces deux fichiers ne sont pas du même service.")


def _prepare_other_store(service: Service, parts: dict[str, _Part]) -> None:
    """Check that a store that is not restored is there, and bring it up to date.

    `livret migrate` could not: it makes tables in the empty store beside it.
    """
    for part, store in ((DATA, service.store), (KEYS, service.key_store)):
        if part in parts:
            continue
        if not tables_of(store):
            name = _NAMES[part]
            raise BackupError(
                f"la base des {name} est vide : restaurez-la en même temps (--{part})."
            )
        for folder in FOLDERS[part].values():
            migrate_within(store, folder)


def _fill(part: _Part) -> list[str]:
    """Make the tables of a backup in an empty store, fill them, and bring them up to date."""
    if tables_of(part.store):
        raise BackupError(
            f"la base des {_NAMES[part.part]} n’est pas vide : restaurez dans une base nouvelle."
        )
    folders = FOLDERS[part.part]
    for name, applied in part.header.migrations.items():
        if applied:
            migrate_within(part.store, folders[name], max(applied))
    had_sections = any(MIGRATION in names for names in part.header.migrations.values())
    if had_sections:  # booklets may have waited to be carried over when it was made
        make_former_tables(part.store)
    unknown = load_tables(part.store, part.lines)
    for folder in folders.values():
        migrate_within(part.store, folder)
    if had_sections and not waiting(part.store, "", 1):
        drop_former_tables(part.store)
    return unknown


def _empty(store: Store) -> None:
    """Take out everything that was restored into a store: tables, and the functions of triggers."""
    with store.writing():
        for table in store.database.get_tables():
            if not table.startswith("sqlite_"):
                store.database.execute_sql(f'DROP TABLE "{table}"')
        if not store.is_sqlite:
            for (name,) in store.database.execute_sql(_FUNCTIONS).fetchall():
                store.database.execute_sql(f'DROP FUNCTION "{name}"()')

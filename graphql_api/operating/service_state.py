"""The state of the service, as operators read it: versions, stores, queues. Numbers only.

Nothing here tells of a person: neither who a letter is for, nor whose dossier is being printed.
"""

from importlib.metadata import version
from pathlib import Path

from peewee import Case, fn

from graphql_api.callers.officers import require_operator
from graphql_api.identity_provider import migrating as issuer_migrations
from graphql_api.identity_provider.outbox_table import QueuedEmailTable
from graphql_api.operating.outcomes import (
    Backup,
    CharterVersion,
    LetterQueue,
    MigratedStore,
    ServiceState,
    Sweep,
)
from graphql_api.storage import backup_record
from graphql_api.storage import migrating as store_migrations
from graphql_api.storage.backup_record import LastBackup, last_backups
from graphql_api.storage.keys.store_marks import is_absent
from graphql_api.storage.migrating import migrations_of
from graphql_api.storage.operation import PARIS, Operation, from_microseconds
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.sweep_record import last_sweep
from graphql_api.storage.tables import CharterAcceptanceTable, StatisticsMonthTable
from schema import texts
from schema.reference import reference_version

MAX_LISTED = 1_000
DATA, ISSUER, KEYS = "Données", "Émetteur de jetons", "Clés"
_STORES = Path(store_migrations.__file__).parent
_ISSUER = Path(issuer_migrations.__file__).parent


def service_state(op: Operation) -> ServiceState:
    """The state of the service now. Raises `PublicError` for whoever does not operate it."""
    require_operator(op)
    return ServiceState(
        program_version=version("livret"),
        reference_version=reference_version(),
        charter_version=texts.CHARTER.version,
        at=op.now,
        stores=[
            *_migrated_data(op.store),
            _migrated_elsewhere(op.key_store, KEYS, _STORES / "key_migrations"),
        ],
        letters=letter_queue(op.store),
        last_sweep=_last_sweep(op.store),
        backups=[_backup(op, one) for one in last_backups(op.store)],
        prints_under_way=op.prints_under_way(),
    )


def letter_queue(store: Store) -> LetterQueue:
    """What waits in the outbox. Call it in a transaction."""
    waiting = QueuedEmailTable.select(
        fn.COUNT(QueuedEmailTable.id),
        fn.SUM(Case(None, [(QueuedEmailTable.tries > 0, 1)], 0)),
        fn.MIN(QueuedEmailTable.created_at),
    )
    count, retried, oldest = store.row(waiting.tuples()) or (0, 0, None)
    return LetterQueue(
        waiting=count - int(retried or 0),
        failing=int(retried or 0),
        oldest=None if oldest is None else from_microseconds(oldest),
    )


def migrated_stores(store: Store, key_store: Store) -> list[MigratedStore]:
    """How far the stores were brought, each in a transaction of its own."""
    return [
        _migrated_elsewhere(store, DATA, _STORES / "migrations"),
        _migrated_elsewhere(store, ISSUER, _ISSUER / "migrations"),
        _migrated_elsewhere(key_store, KEYS, _STORES / "key_migrations"),
    ]


def _migrated_data(store: Store) -> list[MigratedStore]:
    return [
        _migrated(store, DATA, _STORES / "migrations"),
        _migrated(store, ISSUER, _ISSUER / "migrations"),
    ]


def _last_sweep(store: Store) -> Sweep | None:
    found = last_sweep(store)
    if found is None:
        return None
    ended_at = found.ended_at
    return Sweep(
        began_at=from_microseconds(found.began_at),
        ended_at=None if ended_at is None else from_microseconds(ended_at),
        removed=sum(found.removed.values()),
        failed=len(found.failed),
    )


def _backup(op: Operation, last: LastBackup) -> Backup:
    finished_at, verified_at, verified_from = (
        None if at is None else from_microseconds(at)
        for at in (last.finished_at, last.verified_at, last.verified_from)
    )
    return Backup(
        name={backup_record.DATA: DATA, backup_record.KEYS: KEYS}[last.part],
        finished_at=finished_at,
        verified_at=verified_at,
        verified_from=verified_from,
        is_overdue=last.is_overdue(op.now_us),
    )


def charter_versions(op: Operation) -> list[CharterVersion]:
    """The version in force and those that booklets still hold, the newest first accepted first.

    Raises `PublicError` for whoever does not operate the service.
    """
    require_operator(op)
    accepted = (
        CharterAcceptanceTable.select(
            CharterAcceptanceTable.version, fn.MIN(CharterAcceptanceTable.accepted_at)
        )
        .group_by(CharterAcceptanceTable.version)
        .order_by(fn.MIN(CharterAcceptanceTable.accepted_at).desc())
        .limit(MAX_LISTED)
    )
    found = dict(op.store.rows(accepted.tuples()))
    current = texts.CHARTER.version
    others = [version for version in found if version != current]
    return [
        CharterVersion(
            version=version,
            is_current=version == current,
            first_accepted_on=from_microseconds(found[version]).astimezone(PARIS).date()
            if version in found
            else None,
        )
        for version in (current, *others)
    ]


def statistics_months(op: Operation) -> list[str]:
    """The months whose statistics are published, the last one first. Raises `PublicError`."""
    require_operator(op)
    query = StatisticsMonthTable.select(StatisticsMonthTable.month)
    rows = op.store.rows(
        query.order_by(StatisticsMonthTable.month.desc()).limit(MAX_LISTED).tuples()
    )
    return [month for (month,) in rows]


def _migrated(store: Store, name: str, folder: Path) -> MigratedStore:
    applied, pending = migrations_of(store, folder)
    return MigratedStore(
        name=name,
        is_reachable=True,
        last_migration=applied[-1] if applied else None,
        pending=pending,
    )


def _migrated_elsewhere(store: Store, name: str, folder: Path) -> MigratedStore:
    """A store that may not answer, or not be there yet; reading makes no file.

    One that is not there yet has every migration of the folder pending.
    """
    if is_absent(store):
        files = sorted(file.stem for file in folder.glob("[0-9]*.py"))
        return MigratedStore(name=name, is_reachable=False, last_migration=None, pending=files)
    try:
        with store.reading():
            return _migrated(store, name, folder)
    except StoreUnavailableError:
        return MigratedStore(name=name, is_reachable=False, last_migration=None, pending=[])

"""How the service stands, as `livret status` tells who operates the machine: numbers only.

Each part is read by itself, so that one that fails hides no other: this is read when something is
wrong. Nothing here tells of a person.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from typing import Any, TypeVar

from peewee import DatabaseError, fn

from graphql_api.configuration.settings import OWN_ISSUER
from graphql_api.engine.workers import UnavailableError
from graphql_api.identity_provider.accounts.tables import AccountTable
from graphql_api.identity_provider.tables import SigningKeyTable
from graphql_api.operating.outcomes import LetterQueue, MigratedStore
from graphql_api.operating.service_state import letter_queue, migrated_stores
from graphql_api.operations.service import Service
from graphql_api.storage.backup_record import DATA, KEYS, LastBackup, last_backups
from graphql_api.storage.keys.store_checks import check_stores
from graphql_api.storage.keys.store_marks import StoreMismatchError, compare, is_absent, read_mark
from graphql_api.storage.operation import from_microseconds, to_microseconds
from graphql_api.storage.sweep_record import LastSweep, last_sweep
from graphql_api.storage.tables import (
    BookletTable,
    ConsentTable,
    DraftTable,
    ErasedBookletTable,
    SessionTable,
    ShareLinkTable,
)

T = TypeVar("T")
_PARTS = {DATA: "les données", KEYS: "les clés"}
OLD_SWEEP, OLD_LETTER = timedelta(days=2), timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Status:
    """The state at one time. What could not be read is None.

    `ahead` is by how many keys made or destroyed the data, and the keys, are ahead. `mismatch` says
    why the stores and the master key do not belong together, `waits` what somebody should look at.
    """

    release: str
    at: datetime
    stores: list[MigratedStore]
    ahead: tuple[int, int] | None
    mismatch: str
    letters: LetterQueue | None
    swept: LastSweep | None
    backups: list[LastBackup] | None
    signs: bool
    counts: dict[str, int] | None
    waits: list[str] = field(default_factory=list)

    @property
    def is_ready(self) -> bool:
        """Whether the service can answer: stores that are reached, up to date and of one piece."""
        reached = all(one.is_reachable and not one.pending for one in self.stores)
        return reached and not self.mismatch and self.ahead is not None


def status(service: Service) -> Status:
    """Read the state now. Raises nothing for what cannot be read."""
    now = service.clock()
    mismatch, ahead = _marks(service)
    letters = _read(service, lambda: letter_queue(service.store))
    swept = _read(service, lambda: last_sweep(service.store))
    backups = _read(service, lambda: last_backups(service.store))
    issues_tokens = service.credentials.identity_issuer == OWN_ISSUER
    signs = not issues_tokens or bool(_read(service, lambda: _signing_keys(service)))
    return Status(
        release=version("livret"),
        at=now,
        stores=migrated_stores(service.store, service.key_store),
        ahead=ahead,
        mismatch=mismatch,
        letters=letters,
        swept=swept,
        backups=backups,
        signs=signs,
        counts=_read(service, lambda: _counts(service, to_microseconds(now))),
        waits=_waits(now, letters, swept, backups or [], signs=signs),
    )


def _marks(service: Service) -> tuple[str, tuple[int, int] | None]:
    stores = (service.store, service.key_store)
    try:
        if not check_stores(*stores, service.master_key):
            return "", None
        data, keys = (read_mark(store) for store in stores)
    except StoreMismatchError as error:
        return str(error), None
    except (UnavailableError, DatabaseError):
        return "", None
    if data is None or keys is None:
        return "", None
    lead = compare(data, keys)
    return "", (lead.data, lead.keys)


def _waits(
    now: datetime,
    letters: LetterQueue | None,
    swept: LastSweep | None,
    backups: list[LastBackup],
    *,
    signs: bool,
) -> list[str]:
    """What is not broken yet, in French."""
    overdue = [one for one in backups if one.is_overdue(to_microseconds(now))]
    never = " et ".join(_PARTS[one.part] for one in overdue if one.finished_at is None)
    old = " et ".join(_PARTS[one.part] for one in overdue if one.finished_at is not None)
    found = []
    if never:
        found.append(f"{never} : jamais encore de sauvegarde (livret backup)")
    if old:
        found.append(f"{old} : pas de sauvegarde depuis deux jours (livret backup)")
    if swept is None:
        found.append("le ménage n’a jamais encore été fait : livret sweep, chaque jour")
    elif now - from_microseconds(swept.began_at) > OLD_SWEEP:
        found.append("le ménage n’a pas été fait depuis deux jours : livret sweep, chaque jour")
    elif swept.failed:
        found.append("le dernier ménage n’a pas tout supprimé : livret sweep")
    if letters is not None and letters.oldest is not None and now - letters.oldest > OLD_LETTER:
        found.append("des courriels attendent depuis plus d’une heure : LIVRET_SMTP_URL")
    if not signs:
        found.append("aucune clé ne signe les jetons : livret migrate")
    return found


def _signing_keys(service: Service) -> int:
    query = SigningKeyTable.select(fn.COUNT(SigningKeyTable.kid)).where(
        SigningKeyTable.retired_at.is_null()
    )
    return int((service.store.row(query.tuples()) or (0,))[0])


def _counts(service: Service, now: int) -> dict[str, int]:
    def count(table: Any, *where: Any) -> int:  # Any: Peewee has no types
        query = table.select(fn.COUNT(table._meta.get_primary_keys()[0]))
        row = service.store.row((query.where(*where) if where else query).tuples())
        return int(row[0]) if row else 0

    by_state = BookletTable.select(BookletTable.state, fn.COUNT(BookletTable.id))
    states = dict(service.store.rows(by_state.group_by(BookletTable.state).tuples()))
    return {
        "booklets": sum(states.values()),
        "openBooklets": states.get("OPEN", 0),
        "closedBooklets": count(ErasedBookletTable),
        "accounts": count(AccountTable),
        "sessions": count(SessionTable),
        "drafts": count(DraftTable),
        "shareLinks": count(
            ShareLinkTable, ShareLinkTable.expires_at > now, ShareLinkTable.revoked_at.is_null()
        ),
        "consents": count(ConsentTable),
    }


def _read(service: Service, part: Callable[[], T]) -> T | None:
    """A part, read in a transaction of its own; None when it cannot be read."""
    if is_absent(service.store):
        return None
    try:
        with service.store.reading():
            return part()
    except (UnavailableError, DatabaseError):  # no table yet, or no answer
        return None

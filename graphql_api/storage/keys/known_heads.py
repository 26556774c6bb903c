"""What the key store knows of the heads of booklets, so that data put back from a backup are seen.

A head is told to the key store some time after its commit, many in one transaction, so that no write
waits for a second one. Until then a head that is put back is not seen; the delay is longer than any
operation, so that no operation reads data older than a head that the key store knows already. Data
that are ahead are right: who reads them has them told too.

What an accepted restore brought is right, and nothing else of before: it begins an epoch, and what is
written from then on has versions above it.
"""

import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from peewee import EXCLUDED

from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletKeyTable, KnownHeadTable

_AT_ONCE = 200
_BETWEEN_EPOCHS = 1_000_000  # at least, which is more than anybody writes between two restores


@dataclass(frozen=True, slots=True)
class KnownHead:
    """The highest version of a head, and its tag; version 0 and no tag where none was accepted.

    `epoch` is 0, or what every version written since an accepted restore is above: the time of it, in
    microseconds. It is above all versions of before, those too that this key store never knew.
    """

    version: int
    tag: bytes
    epoch: int = 0

    def is_rolled_back(self, version: int, tag: bytes) -> bool:
        """Whether a head of that version and tag is not the one that was there, or one that followed."""
        if version == self.version:
            return tag != self.tag
        return version < self.version or version <= self.epoch


class KnownHeads:
    """The heads that this process has still to tell to the key store; safe to share between threads."""

    def __init__(
        self, key_store: Store, delay: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`delay` is how many seconds a head waits: longer than any operation lasts."""
        self._key_store = key_store
        self.delay = delay
        self._clock = clock
        self._lock = Lock()
        self._waiting: dict[str, list[tuple[KnownHead, float]]] = {}  # the oldest, the newest

    def note(self, booklet: str, version: int, tag: bytes) -> None:
        """Have the key store told of a head that was committed, in a while."""
        with self._lock:
            waiting = self._waiting.setdefault(booklet, [])
            if not waiting or waiting[-1][0].version < version:
                waiting[1:] = [(KnownHead(version, tag), self._clock())]

    def tell(self) -> int:
        """Tell the key store the heads that waited long enough; return how many.

        Raises `StoreUnavailableError`; they are told the next time then.
        """
        until = self._clock() - self.delay
        with self._lock:
            due = {
                id: [head for head, since in waiting if since <= until][-1]
                for id, waiting in self._waiting.items()
                if waiting[0][1] <= until
            }
        ids = sorted(due)
        for first in range(0, len(ids), _AT_ONCE):
            chosen = ids[first : first + _AT_ONCE]
            with self._key_store.writing():
                _write(self._key_store, {id: due[id] for id in chosen})
            with self._lock:
                for id in chosen:
                    self._drop(id, due[id].version)
        return len(ids)

    def _drop(self, booklet: str, told: int) -> None:
        """Drop what was told of a booklet."""
        left = [one for one in self._waiting.get(booklet, ()) if one[0].version > told]
        if left:
            self._waiting[booklet] = left
        else:
            self._waiting.pop(booklet, None)


def _write(key_store: Store, heads: dict[str, KnownHead]) -> None:
    """Write heads over older ones of the same epoch, of booklets that still have a key."""
    keys, table = BookletKeyTable, KnownHeadTable
    query = keys.select(keys.booklet).where(keys.booklet.in_(list(heads)))
    rows = [
        {"booklet": id, "version": heads[id].version, "tag": heads[id].tag}
        for (id,) in key_store.rows(query.tuples())
    ]
    if rows:
        key_store.run(
            table.insert_many(rows).on_conflict(
                conflict_target=[table.booklet],
                update={table.version: EXCLUDED.version, table.tag: EXCLUDED.tag},
                where=(table.version < EXCLUDED.version) & (table.epoch < EXCLUDED.version),
            )
        )


def all_known_heads(key_store: Store) -> dict[str, KnownHead]:
    """What is known of every head, by booklet; in a transaction of the key store."""
    table: Any = KnownHeadTable
    columns = (table.booklet, table.version, table.tag, table.epoch)
    rows = key_store.rows(table.select(*columns).tuples())
    return {id: KnownHead(version, bytes(tag), epoch) for id, version, tag, epoch in rows}


def stored_heads(store: Store) -> dict[str, KnownHead]:
    """The head of every booklet as it is stored, by booklet; in a transaction of the data."""
    tag = "substr(sealed, -16)" if store.is_sqlite else "substring(sealed FROM length(sealed) - 15)"
    found = store.database.execute_sql(
        f"SELECT booklet, version, {tag} FROM booklet_section WHERE section = 'HEAD'"  # noqa: S608 - words of ours
    ).fetchall()
    return {booklet: KnownHead(version, bytes(tag)) for booklet, version, tag in found}


def rolled_back(stored: Mapping[str, KnownHead], known: Mapping[str, KnownHead]) -> set[str]:
    """The ids of booklets whose head is older than is known, another, or gone.

    What is stored was read in a transaction that began after what is known was read.
    """
    kept = {
        booklet
        for booklet, head in stored.items()
        if booklet not in known or not known[booklet].is_rolled_back(head.version, head.tag)
    }
    without = {booklet for booklet, head in known.items() if head.version == 0} - stored.keys()
    return known.keys() - kept - without


def accept_older(store: Store, key_store: Store, booklets: Collection[str], now_us: int) -> None:
    """Take those of these booklets that are still older than is known for right as they are.

    In a write transaction of the key store, and one of the data that began after it.
    """
    known, stored = all_known_heads(key_store), stored_heads(store)
    _begin_epoch(
        key_store, rolled_back(stored, known).intersection(booklets), stored, known, now_us
    )


def accept_all(store: Store, key_store: Store, now_us: int) -> None:
    """Take all data for right as they are, and nothing of before: a restore begins an epoch.

    In a transaction of the data, and a write transaction of the key store.
    """
    keys = key_store.rows(BookletKeyTable.select(BookletKeyTable.booklet).tuples())
    known, stored = all_known_heads(key_store), stored_heads(store)
    _begin_epoch(key_store, {id for (id,) in keys}, stored, known, now_us)


def _begin_epoch(
    key_store: Store,
    booklets: Iterable[str],
    stored: Mapping[str, KnownHead],
    known: Mapping[str, KnownHead],
    now_us: int,
) -> None:
    """Have the key store know, of these booklets, what is stored and a new epoch.

    What is stored was not opened: its version may be forged, and says nothing of the epoch.
    """
    # Nobody writes a booklet once in a microsecond: the time is above all. A clock may have gone back.
    epoch = max([now_us, *(head.epoch + _BETWEEN_EPOCHS for head in known.values())])
    none, table = KnownHead(0, b""), KnownHeadTable
    ids = sorted(booklets)
    for first in range(0, len(ids), _AT_ONCE):
        accepted = {id: stored.get(id, none) for id in ids[first : first + _AT_ONCE]}
        rows = [
            {"booklet": id, "version": head.version, "tag": head.tag, "epoch": epoch}
            for id, head in accepted.items()
        ]
        columns = (table.version, table.tag, table.epoch)
        key_store.run(
            table.insert_many(rows).on_conflict(
                conflict_target=[table.booklet],
                update={column: getattr(EXCLUDED, column.name) for column in columns},
            )
        )

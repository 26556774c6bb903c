"""What the key store knows of the heads of booklets, so that data put back from a backup are seen.

A head is told to the key store some time after its commit, many in one transaction, so that no write
waits for a second one. Until then a head that is put back is not seen; the delay is longer than any
operation, so that no operation reads data older than a head that the key store knows already. Data
that are ahead are right: who reads them has them told too.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from threading import Lock
from typing import Any

from peewee import EXCLUDED

from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletKeyTable, KnownHeadTable

_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class KnownHead:
    """The highest version of a head, and its tag."""

    version: int
    tag: bytes

    def is_rolled_back(self, version: int, tag: bytes) -> bool:
        """Whether a head of that version and tag is not the one that was there, or one that followed."""
        return version < self.version or (version == self.version and tag != self.tag)


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
    """Write heads over older ones, of booklets that still have a key."""
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
                where=(table.version < EXCLUDED.version),
            )
        )


def all_known_heads(key_store: Store) -> dict[str, KnownHead]:
    """What is known of every head, by booklet; in a transaction of the key store."""
    table: Any = KnownHeadTable
    rows = key_store.rows(table.select(table.booklet, table.version, table.tag).tuples())
    return {booklet: KnownHead(version, bytes(tag)) for booklet, version, tag in rows}


def rolled_back(store: Store, known: Mapping[str, KnownHead]) -> set[str]:
    """The ids of booklets whose head is older than is known, another, or gone.

    In a transaction of the data that began after what is known was read.
    """
    tag = "substr(sealed, -16)" if store.is_sqlite else "substring(sealed FROM length(sealed) - 15)"
    found = store.database.execute_sql(
        f"SELECT booklet, version, {tag} FROM booklet_section WHERE section = 'HEAD'"  # noqa: S608 - words of ours
    ).fetchall()
    kept = {
        booklet
        for booklet, version, tag in found
        if booklet not in known or not known[booklet].is_rolled_back(version, bytes(tag))
    }
    return known.keys() - kept


def accept_older(key_store: Store, booklets: Iterable[str]) -> None:
    """Take the data of these booklets for right as they are, in a write transaction of the key store."""
    ids = sorted(booklets)
    for first in range(0, len(ids), _AT_ONCE):
        chosen = ids[first : first + _AT_ONCE]
        key_store.run(KnownHeadTable.delete().where(KnownHeadTable.booklet.in_(chosen)))


def accept_all(key_store: Store) -> None:
    """Take all data for right as they are: a restore begins anew."""
    key_store.run(KnownHeadTable.delete())

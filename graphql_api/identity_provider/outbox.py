"""The outbox: e-mails are enqueued with the change that they tell of, and sent by a thread.

An e-mail waits in the database, sealed under a key derived from the master key, so that a request
never waits for a mail server and an e-mail leaves if and only if its transaction was committed. It
is deleted once the server has it. An e-mail that was claimed and neither sent nor failed, since its
process died, is tried again: who dies between handing over and deleting has it sent twice. After
a day an e-mail is deleted unsent: its links have expired.
"""

import logging
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime
from threading import Event, Thread
from uuid import uuid4

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from graphql_api.clock import Clock
from graphql_api.identity_provider.outbox_table import QueuedEmailTable
from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.keys.service_keys import LETTERS, ServiceKeys
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.web.mail import Email, MailError

SECOND = 1_000_000
# After the first try, the second, …; then every hour.
RETRY_SECONDS = (60, 300, 900, 3600)
GIVE_UP_SECONDS = 24 * 3600
# Longer than handing over can take: each step of it has a time limit of its own.
CLAIM_SECONDS = 360
# Other processes enqueue too, and do not wake this one.
LOOK_SECONDS = 10.0
CLOSE_SECONDS = 15.0

# The events of the log.
WAITING, GIVEN_UP = {"event": "letter-waits"}, {"event": "letter-given-up"}
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ClaimedMessage:
    """An e-mail that this process alone may send now; `tries` counts this time too."""

    id: str
    sealed: bytes
    created_at: int
    tries: int


def enqueue(store: Store, service_keys: ServiceKeys, email: Email, now: int) -> None:
    """Enqueue an e-mail, to be sent once the caller's write transaction is committed.

    `now` is in microseconds. Wake the mail sender after the commit.
    """
    id = str(uuid4())
    sealed = _sealer(service_keys).seal(_seal_context(id), asdict(email))
    store.run(QueuedEmailTable.insert(id=id, sealed=sealed, created_at=now, due_at=now))


def delete_given_up(store: Store, now: int) -> int:
    """Delete the e-mails that no sender gave up in time, since none runs; return how many."""
    long_ago = now - 2 * GIVE_UP_SECONDS * SECOND
    return delete_in_batches(store, QueuedEmailTable, QueuedEmailTable.created_at <= long_ago)


class MailSender:
    """The thread that sends e-mails; several processes may have one each.

    `deliver` sends an e-mail with its date, or raises `MailError`. The caller starts and closes the
    sender.
    """

    def __init__(
        self,
        store: Store,
        service_keys: ServiceKeys,
        deliver: Callable[[Email, datetime], None],
        clock: Clock,
    ) -> None:
        self._store = store
        self._service_keys = service_keys
        self._deliver = deliver
        self._clock = clock
        self._handed_over: set[str] = set()
        self._woken = Event()
        self._closing = Event()
        self._thread = Thread(target=self._work, name="mail-sender", daemon=True)

    def start(self) -> None:
        """Start the thread, which begins with the e-mails that wait already."""
        self._thread.start()

    def wake_mailer(self) -> None:
        """Have the thread look for e-mails; returns at once."""
        self._woken.set()

    def close(self) -> None:
        """Stop once the e-mail under way is sent or has failed.

        A server that does not answer is left after fifteen seconds; its e-mail is tried again.
        """
        self._closing.set()
        self._woken.set()
        if self._thread.is_alive():
            self._thread.join(CLOSE_SECONDS)

    def _work(self) -> None:
        while not self._closing.is_set():
            self._woken.clear()
            try:
                self._send_all()
            except StoreUnavailableError as error:
                _log.warning("letters wait for the database: %s", error, extra=WAITING)
            except Exception as fault:  # noqa: BLE001 - the thread outlives a fault, like a request
                _log.error("letters wait: %s", type(fault).__name__, extra=WAITING)
            self._woken.wait(LOOK_SECONDS)
        self._store.disconnect()

    def _send_all(self) -> None:
        while not self._closing.is_set() and (claimed := _claim(self._store, self._now())):
            self._send(claimed)

    def _send(self, claimed: ClaimedMessage) -> None:
        """Send one e-mail; delete it then, or when it cannot be sent, or put it off."""
        if self._now() - claimed.created_at >= GIVE_UP_SECONDS * SECOND:
            _log.error("a letter is given up after %d tries", claimed.tries - 1, extra=GIVEN_UP)
        elif claimed.id not in self._handed_over:
            try:
                email = Email(
                    **_sealer(self._service_keys).open(_seal_context(claimed.id), claimed.sealed)
                )
                self._deliver(email, self._clock())
            except MailError as failure:
                if not failure.is_permanent:
                    self._put_off(claimed, str(failure))
                    return
                _log.error("a letter is given up: %s", failure, extra=GIVEN_UP)
            except Exception as fault:  # noqa: BLE001 - one bad e-mail must not hold up the others
                self._put_off(claimed, type(fault).__name__)
                return
        self._handed_over.add(claimed.id)  # should the database fail just now
        _delete(self._store, claimed)
        self._handed_over.discard(claimed.id)

    def _put_off(self, claimed: ClaimedMessage, reason: str) -> None:
        wait = RETRY_SECONDS[min(claimed.tries, len(RETRY_SECONDS)) - 1]
        _log.warning(
            "a letter waits %d s after %d tries: %s", wait, claimed.tries, reason, extra=WAITING
        )
        with self._store.writing():
            self._store.run(
                QueuedEmailTable.update(due_at=self._now() + wait * SECOND).where(
                    QueuedEmailTable.id == claimed.id, QueuedEmailTable.tries == claimed.tries
                )
            )

    def _now(self) -> int:
        return to_microseconds(self._clock())


def _claim(store: Store, now: int) -> ClaimedMessage | None:
    """Claim the e-mail that has been due for longest; None when none is due."""
    due = QueuedEmailTable.due_at <= now
    with store.reading():
        if (
            store.row(QueuedEmailTable.select(QueuedEmailTable.id).where(due).limit(1).tuples())
            is None
        ):
            return None
    with store.writing():
        oldest = (
            QueuedEmailTable.select(
                QueuedEmailTable.id,
                QueuedEmailTable.sealed,
                QueuedEmailTable.created_at,
                QueuedEmailTable.tries,
            )
            .where(due)
            .order_by(QueuedEmailTable.due_at, QueuedEmailTable.id)
            .limit(1)
        )
        if not store.is_sqlite:  # one writer at a time there; here the next takes the next
            oldest = oldest.for_update(skip_locked=True)
        row = store.row(oldest.tuples())
        if row is None:
            return None
        id, sealed, created_at, tries = row
        put_off = QueuedEmailTable.update(due_at=now + CLAIM_SECONDS * SECOND, tries=tries + 1)
        store.run(put_off.where(QueuedEmailTable.id == id))
        return ClaimedMessage(id, bytes(sealed), created_at, tries + 1)


def _delete(store: Store, claimed: ClaimedMessage) -> None:
    with store.writing():
        store.run(QueuedEmailTable.delete().where(QueuedEmailTable.id == claimed.id))


def _sealer(service_keys: ServiceKeys) -> Sealer:
    derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"livret letters")
    return Sealer("outbox", derived.derive(service_keys(LETTERS)))


def _seal_context(id: str) -> SealContext:
    return SealContext("idp_letter", id, 1)

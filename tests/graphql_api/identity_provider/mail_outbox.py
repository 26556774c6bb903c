"""An outbox on one database, with a clock that tests move and senders that run."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

from graphql_api.identity_provider.outbox import MailSender, enqueue
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store
from graphql_api.web.mail import Email, MailSettings, deliver
from tests.clock import Clock
from tests.keys import service_keys

BEGIN = datetime(2026, 10, 25, 0, 30, tzinfo=UTC)  # the time stands still until a test moves it


@dataclass
class MailQueue:
    """A store with an outbox, a clock that tests move, and the senders that run."""

    store: Store
    clock: Clock = field(default_factory=lambda: Clock(stopped_at=BEGIN))
    senders: list[MailSender] = field(default_factory=list)

    def post(self, *subjects: str) -> None:
        with self.store.writing():
            for subject in subjects:
                self.clock.moved += timedelta(microseconds=1)  # each after the one before
                letter = Email("maelle@example.org", subject, "Voici : canari-du-lien\n")
                enqueue(self.store, service_keys, letter, to_microseconds(self.clock()))

    def mail_sender(
        self, deliver: Callable[[Email, datetime], None], **options: object
    ) -> MailSender:
        """Start a sender; `options` replace its keys, clock or store."""
        made = MailSender(
            **{  # type: ignore[arg-type]  # options of several types
                "store": self.store,
                "service_keys": service_keys,
                "deliver": deliver,
                "clock": self.clock,
            }
            | options
        )
        self.senders.append(made)
        made.start()
        return made

    def by_smtp(self, port: int) -> MailSender:
        settings = MailSettings("livret@livret.example", f"smtp://127.0.0.1:{port}")
        return self.mail_sender(partial(deliver, settings))

    def waiting(self) -> list[tuple[int, int]]:
        """Tries, and seconds until the next, of each letter that waits."""
        rows = self.store.database.execute_sql("SELECT tries, due_at FROM idp_letter").fetchall()
        now = to_microseconds(self.clock())
        return sorted((tries, round((due - now) / 1_000_000)) for tries, due in rows)

    def pass_by(self, **time: float) -> None:
        self.clock.moved += timedelta(**time)
        for mail_sender in self.senders:
            mail_sender.wake_mailer()

"""Mail senders on each database: several at once, one that dies, the end of the service."""

import threading
import time
from datetime import datetime
from functools import partial

import pytest

from graphql_api.identity_provider import outbox
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.web.mail import Email, MailError, MailSettings, deliver
from tests.graphql_api.identity_provider.mail_outbox import MailQueue
from tests.graphql_api.web.mail_catcher import Catcher
from tests.keys import service_keys
from tests.patience import PATIENCE_SECONDS, until


def test_two_senders_send_each_email_exactly_once(queue: MailQueue, server: Catcher) -> None:
    queue.post(*(f"Lettre {number}" for number in range(40)))
    server.pause = lambda: time.sleep(0.002)
    queue.by_smtp(server.port)
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    assert sorted(server.subjects) == sorted(f"Lettre {number}" for number in range(40))


def test_two_stores_send_each_email_exactly_once(queue: MailQueue, server: Catcher) -> None:
    """Two senders as in two processes: with a store each, started at the same instant."""
    queue.post(*(f"Lettre {number}" for number in range(30)))
    name = queue.store.database.database
    url = f"sqlite:///{name}" if queue.store.is_sqlite else name
    stores = [Store(url) for _ in range(3)]
    settings = MailSettings("livret@livret.example", f"smtp://127.0.0.1:{server.port}")
    senders = [queue.mail_sender(partial(deliver, settings), store=store) for store in stores]
    until(lambda: queue.waiting() == [])
    for mail_sender in senders:
        mail_sender.close()
    for store in stores:
        store.close()
    assert sorted(server.subjects) == sorted(f"Lettre {number}" for number in range(30))


@pytest.mark.parametrize("answer", ["sent", "refused"])
def test_an_email_whose_sender_died_is_tried_by_another(queue: MailQueue, answer: str) -> None:
    begun, release = threading.Event(), threading.Event()
    seen: list[str] = []

    def hang(_letter: Email, _at: datetime) -> None:
        begun.set()
        release.wait(PATIENCE_SECONDS)
        raise MailError("TimeoutError")

    def answer_at_once(letter: Email, _at: datetime) -> None:
        seen.append(letter.subject)
        if answer == "refused":
            raise MailError("ConnectionRefusedError")

    queue.post("Activez")
    dead = queue.mail_sender(hang)
    assert begun.wait(PATIENCE_SECONDS)
    queue.mail_sender(answer_at_once)
    queue.pass_by(seconds=350)
    time.sleep(0.05)
    assert seen == []
    queue.pass_by(seconds=11)
    left = [] if answer == "sent" else [(2, 300)]
    until(lambda: seen == ["Activez"] and queue.waiting() == left)
    release.set()
    dead.close()
    assert queue.waiting() == left  # what the dead one says afterwards changes nothing


def test_an_email_that_was_handed_over_while_the_database_went_away_is_not_sent_twice(
    queue: MailQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []
    failing = threading.Event()
    really = outbox._delete

    def delete(store: Store, claimed: outbox.ClaimedMessage) -> None:
        if not failing.is_set():
            failing.set()
            raise StoreUnavailableError("OperationalError")
        really(store, claimed)

    monkeypatch.setattr(outbox, "_delete", delete)
    queue.post("Activez")
    queue.mail_sender(lambda letter, _at: sent.append(letter.subject))
    assert failing.wait(PATIENCE_SECONDS)
    queue.pass_by(seconds=361)
    until(lambda: queue.waiting() == [])
    assert sent == ["Activez"]


def test_posting_does_not_wait_for_a_server_that_does_not_answer(queue: MailQueue) -> None:
    begun, release = threading.Event(), threading.Event()

    def hang(_letter: Email, _at: datetime) -> None:
        begun.set()
        ended.append(release.wait(PATIENCE_SECONDS))

    ended: list[bool] = []
    mail_sender = queue.mail_sender(hang)
    queue.post("Une")
    mail_sender.wake_mailer()
    assert begun.wait(PATIENCE_SECONDS)
    queue.post("Deux")
    mail_sender.wake_mailer()
    assert ended == []
    release.set()
    until(lambda: queue.waiting() == [])


def test_a_sender_without_work_closes_at_once(
    queue: MailQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 3600)
    monkeypatch.setattr(outbox, "CLOSE_SECONDS", PATIENCE_SECONDS)
    mail_sender = queue.mail_sender(lambda _letter, _at: None)
    time.sleep(0.02)  # it waits for work by now, most often
    mail_sender.close()
    assert not mail_sender._thread.is_alive()
    mail_sender.close()


def test_closing_finishes_the_email_under_way_and_leaves_the_others(queue: MailQueue) -> None:
    sent: list[str] = []
    begun, release = threading.Event(), threading.Event()

    def slow(letter: Email, _at: datetime) -> None:
        begun.set()
        release.wait(PATIENCE_SECONDS)
        sent.append(letter.subject)

    queue.post("Une")
    queue.post("Deux")
    mail_sender = queue.mail_sender(slow)
    assert begun.wait(PATIENCE_SECONDS)
    threading.Timer(0.1, release.set).start()
    mail_sender.close()
    assert sent == ["Une"]
    assert [tries for tries, _ in queue.waiting()] == [0]


def test_a_server_that_hangs_does_not_hold_up_the_end(
    queue: MailQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "CLOSE_SECONDS", 0.1)
    begun, release = threading.Event(), threading.Event()

    def hang(_letter: Email, _at: datetime) -> None:
        begun.set()
        ended.append(release.wait(PATIENCE_SECONDS))

    ended: list[bool] = []
    queue.post("Une")
    mail_sender = queue.mail_sender(hang)
    assert begun.wait(PATIENCE_SECONDS)
    mail_sender.close()
    assert ended == []
    release.set()
    mail_sender._thread.join(PATIENCE_SECONDS)
    assert queue.waiting() == []


def test_a_sender_that_never_began_can_be_closed(queue: MailQueue) -> None:
    MailSender(queue.store, service_keys, lambda _letter, _at: None, queue.clock).close()


def test_a_sender_outlives_a_database_that_is_away(
    queue: MailQueue, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.02)
    answers: list[str] = []
    really = outbox._claim

    def claim(store: Store, now: int) -> outbox.ClaimedMessage | None:
        answers.append("asked")
        if len(answers) < 3:
            raise (StoreUnavailableError("OperationalError"), ZeroDivisionError())[len(answers) - 1]
        return really(store, now)

    monkeypatch.setattr(outbox, "_claim", claim)
    queue.post("Activez")
    queue.by_smtp(server.port)
    until(lambda: server.subjects == ["Activez"])

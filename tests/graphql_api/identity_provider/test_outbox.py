"""The outbox on each database: e-mails are sealed, and sent in the end."""

import logging
import time
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial

import pytest

from graphql_api.identity_provider import outbox
from graphql_api.identity_provider.outbox import enqueue
from graphql_api.storage.operation import to_microseconds
from graphql_api.web.mail import Email, MailError
from tests.graphql_api.identity_provider.mail_outbox import MailQueue
from tests.graphql_api.web.mail_catcher import Catcher, catcher, free_port
from tests.keys import other_service_keys, service_keys
from tests.patience import until

SECRETS = (b"maelle@example.org", b"Activez", b"canari-du-lien", b"maelle")


def test_an_email_is_sent_at_a_nudge_and_deleted(queue: MailQueue, server: Catcher) -> None:
    queue.post("Activez votre compte")
    mail_sender = queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    queue.post("Votre compte est activé")
    mail_sender.wake_mailer()
    until(lambda: queue.waiting() == [])  # sooner than it would look of itself
    assert server.subjects == ["Activez votre compte", "Votre compte est activé"]
    assert server.letters[0].recipients == ["maelle@example.org"]
    assert "canari-du-lien" in server.letters[0].message.get_content()


def test_emails_that_wait_already_are_sent_in_order(queue: MailQueue, server: Catcher) -> None:
    for number in range(5):
        queue.post(f"Lettre {number}")
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    assert server.subjects == [f"Lettre {number}" for number in range(5)]


def test_an_email_of_another_process_is_found_without_a_nudge(
    queue: MailQueue, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.05)
    queue.by_smtp(server.port)
    queue.post("Activez votre compte")
    until(lambda: server.subjects == ["Activez votre compte"])


def test_an_email_of_an_undone_transaction_is_never_sent(queue: MailQueue, server: Catcher) -> None:
    letter = Email("maelle@example.org", "Jamais", "Texte\n")
    with suppress(ZeroDivisionError), queue.store.writing():
        enqueue(queue.store, service_keys, letter, to_microseconds(queue.clock()))
        raise ZeroDivisionError
    queue.post("Activez")
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    assert server.subjects == ["Activez"]


def test_an_email_that_waits_can_be_read_by_nobody(queue: MailQueue) -> None:
    queue.post("Activez votre compte", "Activez votre compte")
    rows = queue.store.database.execute_sql("SELECT id, sealed FROM idp_letter").fetchall()
    (one, first), (_, second) = [(id, bytes(sealed)) for id, sealed in rows]
    assert first != second
    for secret in SECRETS:
        assert secret not in first
        assert secret not in one.encode()


def test_an_email_opens_with_its_key_and_in_its_place_only(queue: MailQueue) -> None:
    sent: list[str] = []
    queue.post("Une", "Deux")
    other = queue.mail_sender(
        lambda letter, _at: sent.append(letter.subject), service_keys=other_service_keys
    )
    until(lambda: [tries for tries, _ in queue.waiting()] == [1, 1])
    other.close()
    rows = queue.store.database.execute_sql("SELECT id, sealed FROM idp_letter").fetchall()
    (one, first), (two, second) = [(id, bytes(sealed)) for id, sealed in rows]
    mark = "?" if queue.store.is_sqlite else "%s"
    for id, sealed in ((one, second), (two, first)):
        statement = f"UPDATE idp_letter SET sealed = {mark} WHERE id = {mark}"
        queue.store.database.execute_sql(statement, (sealed, id))
    queue.pass_by(minutes=2)
    queue.mail_sender(lambda letter, _at: sent.append(letter.subject))
    until(lambda: [tries for tries, _ in queue.waiting()] == [2, 2])
    assert sent == []


def test_a_server_that_is_down_gets_the_email_when_it_is_up_again(queue: MailQueue) -> None:
    port = free_port()
    queue.post("Activez")
    queue.by_smtp(port)
    until(lambda: queue.waiting() == [(1, 60)])
    with catcher(port) as server:
        queue.pass_by(seconds=50)
        time.sleep(0.05)
        assert server.subjects == []
        queue.pass_by(seconds=11)
        until(lambda: server.subjects == ["Activez"])
        until(lambda: queue.waiting() == [])


def put_off(queue: MailQueue, tries: int) -> bool:
    """Whether the outbox is empty, or its e-mail is unclaimed after so many tries."""
    waiting = queue.waiting()
    return not waiting or (waiting[0][0] == tries and waiting[0][1] != outbox.CLAIM_SECONDS)


def test_an_email_waits_longer_each_time_and_is_given_up_after_a_day(queue: MailQueue) -> None:
    tried: list[str] = []

    def fail(letter: Email, _at: datetime) -> None:
        tried.append(letter.subject)
        raise MailError("ConnectionRefusedError")

    queue.post("Activez")
    queue.mail_sender(fail)
    waits = []
    for number in range(1, 40):
        until(partial(put_off, queue, number))
        if not queue.waiting():
            break
        waits.append(queue.waiting()[0][1])
        queue.pass_by(seconds=waits[-1] + 1)
    assert waits[:3] == [60, 300, 900]
    assert set(waits[3:]) == {3600}
    assert queue.waiting() == []
    assert len(tried) == len(waits) == 27


def test_an_email_that_nobody_could_send_for_a_day_is_not_sent_late(
    queue: MailQueue, server: Catcher
) -> None:
    queue.post("Hier")
    queue.clock.moved += timedelta(hours=24)
    queue.post("Aujourd’hui")
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    assert server.subjects == ["Aujourd’hui"]


def test_an_email_to_nobody_is_given_up_at_once(queue: MailQueue, server: Catcher) -> None:
    server.answer = "550 No such person"
    queue.post("Activez")
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [])
    assert server.letters == []


def test_a_greylisted_email_is_sent_later(queue: MailQueue, server: Catcher) -> None:
    server.answer = "451 Come back later"
    queue.post("Activez")
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [(1, 60)])
    server.answer = "250 OK"
    queue.pass_by(seconds=61)
    until(lambda: server.subjects == ["Activez"])


def test_one_bad_email_does_not_hold_up_the_others(queue: MailQueue) -> None:
    sent: list[str] = []

    def fail_once(letter: Email, _at: datetime) -> None:
        if letter.subject == "Mauvaise":
            raise ZeroDivisionError
        sent.append(letter.subject)

    queue.post("Mauvaise")
    queue.post("Bonne")
    queue.mail_sender(fail_once)
    until(lambda: sent == ["Bonne"] and queue.waiting() == [(1, 60)])


def test_the_log_names_neither_people_nor_emails(
    queue: MailQueue, server: Catcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    queue.post("Activez votre compte")
    server.answer = "451 <maelle@example.org> come back"
    queue.by_smtp(server.port)
    until(lambda: queue.waiting() == [(1, 60)])
    server.answer = "550 <maelle@example.org> is unknown"
    queue.pass_by(seconds=61)
    until(lambda: queue.waiting() == [])
    ours = [record for record in caplog.records if record.name.startswith("graphql_api")]
    assert len(ours) == 2
    text = "\n".join(caplog.handler.format(record) for record in ours)
    assert "RECIPIENT_REFUSED" in text
    for secret in SECRETS:
        assert secret.decode() not in text

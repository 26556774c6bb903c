"""The outbox on each database: what is posted is sent, later if need be, and read by nobody."""

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
from tests.graphql_api.identity_provider.mail_catcher import Catcher, catcher, free_port
from tests.graphql_api.identity_provider.post_office import MASTER_KEY, Office
from tests.patience import until

SECRETS = (b"maelle@example.org", b"Activez", b"canari-du-lien", b"maelle")


def test_a_letter_is_sent_at_a_nudge_and_deleted(office: Office, server: Catcher) -> None:
    office.post("Activez votre compte")
    mail_sender = office.by_smtp(server.port)
    until(lambda: office.waiting() == [])
    office.post("Votre compte est activé")
    mail_sender.wake_mailer()
    until(lambda: office.waiting() == [])  # sooner than it would look of itself
    assert server.subjects == ["Activez votre compte", "Votre compte est activé"]
    assert server.letters[0].recipients == ["maelle@example.org"]
    assert "canari-du-lien" in server.letters[0].message.get_content()


def test_letters_that_wait_already_are_sent_in_order(office: Office, server: Catcher) -> None:
    for number in range(5):
        office.post(f"Lettre {number}")
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [])
    assert server.subjects == [f"Lettre {number}" for number in range(5)]


def test_a_letter_of_another_process_is_found_without_a_nudge(
    office: Office, server: Catcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "LOOK_SECONDS", 0.05)
    office.by_smtp(server.port)
    office.post("Activez votre compte")
    until(lambda: server.subjects == ["Activez votre compte"])


def test_a_letter_of_an_undone_transaction_is_never_sent(office: Office, server: Catcher) -> None:
    letter = Email("maelle@example.org", "Jamais", "Texte\n")
    with suppress(ZeroDivisionError), office.store.writing():
        enqueue(office.store, MASTER_KEY, letter, to_microseconds(office.clock()))
        raise ZeroDivisionError
    office.post("Activez")
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [])
    assert server.subjects == ["Activez"]


def test_a_letter_that_waits_can_be_read_by_nobody(office: Office) -> None:
    office.post("Activez votre compte", "Activez votre compte")
    rows = office.store.database.execute_sql("SELECT id, sealed FROM idp_letter").fetchall()
    (one, first), (_, second) = [(id, bytes(sealed)) for id, sealed in rows]
    assert first != second
    for secret in SECRETS:
        assert secret not in first
        assert secret not in one.encode()


def test_a_letter_opens_with_its_key_and_in_its_place_only(office: Office) -> None:
    sent: list[str] = []
    office.post("Une", "Deux")
    other = office.mail_sender(
        lambda letter, _at: sent.append(letter.subject), master_key=bytes(32)
    )
    until(lambda: [tries for tries, _ in office.waiting()] == [1, 1])
    other.close()
    rows = office.store.database.execute_sql("SELECT id, sealed FROM idp_letter").fetchall()
    (one, first), (two, second) = [(id, bytes(sealed)) for id, sealed in rows]
    mark = "?" if office.store.is_sqlite else "%s"
    for id, sealed in ((one, second), (two, first)):
        statement = f"UPDATE idp_letter SET sealed = {mark} WHERE id = {mark}"
        office.store.database.execute_sql(statement, (sealed, id))
    office.pass_by(minutes=2)
    office.mail_sender(lambda letter, _at: sent.append(letter.subject))
    until(lambda: [tries for tries, _ in office.waiting()] == [2, 2])
    assert sent == []


def test_a_server_that_is_down_gets_the_letter_when_it_is_up_again(office: Office) -> None:
    port = free_port()
    office.post("Activez")
    office.by_smtp(port)
    until(lambda: office.waiting() == [(1, 60)])
    with catcher(port) as server:
        office.pass_by(seconds=50)
        time.sleep(0.05)
        assert server.subjects == []
        office.pass_by(seconds=11)
        until(lambda: server.subjects == ["Activez"])
        until(lambda: office.waiting() == [])


def put_off(office: Office, tries: int) -> bool:
    """Whether nothing waits, or the letter after so many tries, no longer claimed by anyone."""
    waiting = office.waiting()
    return not waiting or (waiting[0][0] == tries and waiting[0][1] != outbox.CLAIM_SECONDS)


def test_a_letter_waits_longer_each_time_and_is_given_up_after_a_day(office: Office) -> None:
    tried: list[str] = []

    def fail(letter: Email, _at: datetime) -> None:
        tried.append(letter.subject)
        raise MailError("ConnectionRefusedError")

    office.post("Activez")
    office.mail_sender(fail)
    waits = []
    for number in range(1, 40):
        until(partial(put_off, office, number))
        if not office.waiting():
            break
        waits.append(office.waiting()[0][1])
        office.pass_by(seconds=waits[-1] + 1)
    assert waits[:3] == [60, 300, 900]
    assert set(waits[3:]) == {3600}
    assert office.waiting() == []
    assert len(tried) == len(waits) == 27


def test_a_letter_that_nobody_could_send_for_a_day_is_not_sent_late(
    office: Office, server: Catcher
) -> None:
    office.post("Hier")
    office.clock.moved += timedelta(hours=24)
    office.post("Aujourd’hui")
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [])
    assert server.subjects == ["Aujourd’hui"]


def test_a_letter_to_nobody_is_given_up_at_once(office: Office, server: Catcher) -> None:
    server.answer = "550 No such person"
    office.post("Activez")
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [])
    assert server.letters == []


def test_a_greylisted_letter_is_sent_later(office: Office, server: Catcher) -> None:
    server.answer = "451 Come back later"
    office.post("Activez")
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [(1, 60)])
    server.answer = "250 OK"
    office.pass_by(seconds=61)
    until(lambda: server.subjects == ["Activez"])


def test_one_bad_letter_does_not_hold_up_the_others(office: Office) -> None:
    sent: list[str] = []

    def fail_once(letter: Email, _at: datetime) -> None:
        if letter.subject == "Mauvaise":
            raise ZeroDivisionError
        sent.append(letter.subject)

    office.post("Mauvaise")
    office.post("Bonne")
    office.mail_sender(fail_once)
    until(lambda: sent == ["Bonne"] and office.waiting() == [(1, 60)])


def test_the_log_names_neither_people_nor_letters(
    office: Office, server: Catcher, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    office.post("Activez votre compte")
    server.answer = "451 <maelle@example.org> come back"
    office.by_smtp(server.port)
    until(lambda: office.waiting() == [(1, 60)])
    server.answer = "550 <maelle@example.org> is unknown"
    office.pass_by(seconds=61)
    until(lambda: office.waiting() == [])
    ours = [record for record in caplog.records if record.name.startswith("graphql_api")]
    assert len(ours) == 2
    text = "\n".join(caplog.handler.format(record) for record in ours)
    assert "RECIPIENT_REFUSED" in text
    for secret in SECRETS:
        assert secret.decode() not in text

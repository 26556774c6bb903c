"""`livret sweep`: what has an end goes, what has none stays, and it says what it did."""

import json
import tempfile
from datetime import timedelta
from pathlib import Path
from threading import Barrier, Thread
from typing import Any

import pytest

from graphql_api.booklets import abandoned
from graphql_api.callers.access_log import NO_BOOKLET
from graphql_api.engine.workers import UnavailableError
from graphql_api.operations.service import Service
from graphql_api.storage import batches, sweep_record
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store, StoreUnavailableError
from graphql_api.storage.tables import AccessRecordTable, AnswerTable
from graphql_api.sweeping import daily, sweepers
from graphql_api.sweeping.daily import DailySweeper, sweep_if_due
from graphql_api.sweeping.sweep import sweep
from graphql_api.sweeping.sweepers import SWEEPERS, Sweeper
from schema.description.bounds import ANSWER_DAYS, BEGUN_BOOKLET_DAYS
from schema.typography import typeset
from tests.conftest import CHARTER, OPEN, Here, with_booklet
from tests.graphql_api.callers.journals import BOOKLET, journal
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.documents import ADD, entry, whole
from tests.graphql_api.office import issued, officer
from tests.graphql_api.roles import absent
from tests.patience import until


@pytest.fixture(autouse=True)
def _no_folder_of_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A sweep finds the folders of what other tests have killed."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


@pytest.fixture
def service(here: Here) -> Service:
    return here.deployment.service


def count(here: Here, table: str, where: str = "1 = 1") -> int:
    (found,) = here.deployment.store.database.execute_sql(
        f"SELECT count(*) FROM {table} WHERE {where}"
    ).fetchone()
    return int(found)


def keys(here: Here) -> int:
    (found,) = here.deployment.key_store.database.execute_sql(
        "SELECT count(*) FROM booklet_key"
    ).fetchone()
    return int(found)


def later(here: Here, **after: float) -> None:
    here.clock.moved += timedelta(**after)


def test_a_booklet_begun_and_never_accepted_goes_with_its_key_and_person(
    here: Here, service: Service
) -> None:
    begun, accepted = here.caller("begun"), here.caller("accepted")
    code = here.code()
    begun.do(OPEN, code=code)
    accepted.do(OPEN, code=here.code())
    accepted.do(CHARTER)
    later(here, days=BEGUN_BOOKLET_DAYS - 1)
    assert sweep(service).removed["begunBooklets"] == 0
    later(here, days=2)
    assert sweep(service).removed["begunBooklets"] == 1
    assert count(here, "booklet") == keys(here) == count(here, "person") == 1
    assert count(here, "tombstone", "key_destroyed") == 1
    assert here.caller("begun").ask("{ booklet { id } }") == {"booklet": None}
    assert here.caller("accepted").ask("{ booklet { state } }")["booklet"]
    assert here.caller("begun").do(OPEN, code=code)["__typename"] == "BookletOpened"


def test_a_booklet_that_is_accepted_in_the_middle_of_a_sweep_stays(
    here: Here, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.caller("agent").do(OPEN, code=here.code())
    later(here, days=BEGUN_BOOKLET_DAYS + 1)
    agent, fresh = here.caller("agent"), here.code()
    erase = abandoned._erase
    found = []

    def accepts_first(*arguments: Any) -> bool:
        found.append(agent.do(OPEN, code=fresh)["__typename"])
        return erase(*arguments)

    monkeypatch.setattr(abandoned, "_erase", accepts_first)
    assert sweep(service).removed["begunBooklets"] == 0
    assert found == ["BookletOpened"]
    assert agent.do(CHARTER)["__typename"] == "CharterAccepted"


def test_an_answer_is_kept_for_its_key_a_week(here: Here, service: Service) -> None:
    owner = with_booklet(here, "owner")
    first = owner.do(ADD, entry=entry("diploma"), key="a key")
    later(here, days=ANSWER_DAYS, seconds=-60)
    assert sweep(service).removed["answers"] == 0
    owner = here.caller("owner")
    assert owner.do(ADD, entry=entry("diploma"), key="a key") == first
    later(here, minutes=2)
    assert sweep(service).removed["answers"] == 1
    assert count(here, "answer") == 0


def test_what_was_read_goes_after_a_year_and_what_nothing_has_after_an_hour(
    here: Here, service: Service
) -> None:
    owner, other = with_booklet(here, "owner"), with_booklet(here, "other")
    other.ask(BOOKLET, id=whole(owner)["id"])
    other.ask(BOOKLET, id=absent())
    later(here, hours=2)
    done = sweep(service)
    assert (done.removed["refusalsOfNothing"], done.removed["accessRecords"]) == (1, 0)
    assert count(here, "access_record", f"booklet = '{NO_BOOKLET}'") == 0
    assert len(journal(here.caller("owner"))) == 1
    later(here, days=365)
    assert sweep(service).removed["accessRecords"] == 1


def test_the_secret_of_a_code_that_nobody_used_is_forgotten_and_the_code_is_still_listed(
    here: Here, service: Service
) -> None:
    with_booklet(here, "owner")
    issued(officer(here), 2)
    unused = count(here, "authorization_code", "uses = 0")
    later(here, days=2 * 365)
    assert sweep(service).removed["codeSecrets"] == unused == 2
    assert count(here, "authorization_code", "code_hash > 'g' AND uses = 0") == 2
    assert count(here, "authorization_code") == 3
    assert sweep(service).removed["codeSecrets"] == 0


def test_counters_go_when_their_window_is_over(here: Here, service: Service) -> None:
    guesser = here.caller("guesser")
    guesser.do(OPEN, code="AAAAA-AAAAA-AAAAA-AAAAA")
    assert count(here, "attempt") == 1
    assert sweep(service).removed["attempts"] == 0
    later(here, hours=25)
    assert sweep(service).removed["attempts"] == 1


def test_a_second_sweep_removes_nothing_and_a_fresh_booklet_loses_nothing(
    here: Here, service: Service
) -> None:
    owner = with_booklet(here, "owner")
    owner.do(ADD, entry=entry("diploma"), key="a key")
    before = whole(owner)
    assert set(sweep(service).removed) == {sweeper.kind for sweeper in SWEEPERS}
    assert sum(sweep(service).removed.values()) == 0
    assert whole(owner) == before


def test_two_sweeps_at_once_share_the_work(
    here: Here, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 20)
    owner = whole(with_booklet(here, "owner"))["id"]
    old = to_microseconds(here.clock() - timedelta(days=10))
    columns = (
        AnswerTable.booklet,
        AnswerTable.key_hash,
        AnswerTable.request_hash,
        AnswerTable.created_at,
        AnswerTable.sealed,
    )
    with service.store.writing():
        rows = [(owner, str(number), "x", old, b"") for number in range(300)]
        service.store.run(AnswerTable.insert_many(rows, columns))
    together, removed = Barrier(2), []

    def sweeps() -> None:
        together.wait()
        removed.append(sweep(service).removed["answers"])
        service.store.disconnect()
        service.key_store.disconnect()

    threads = [Thread(target=sweeps) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(removed) == 300
    assert count(here, "answer") == 0


def test_rows_go_in_batches_and_writers_come_in_between(
    here: Here, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(batches, "BATCH", 10)
    columns = (
        AccessRecordTable.booklet,
        AccessRecordTable.id,
        AccessRecordTable.at,
        AccessRecordTable.sealed,
    )
    with service.store.writing():
        rows = [("b", str(number), 1, b"") for number in range(35)]
        service.store.run(AccessRecordTable.insert_many(rows, columns))
    sizes = []
    run = Store.run

    def noted(self: Store, query: Any) -> int:
        done = run(self, query)
        sizes.append(done)
        return done

    monkeypatch.setattr(Store, "run", noted)
    assert (
        batches.delete_in_batches(service.store, AccessRecordTable, AccessRecordTable.at <= 1) == 35
    )
    assert sizes == [10, 10, 10, 5]


def test_a_kind_that_fails_keeps_no_other_from_its_sweep(
    livret: Livret, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_service: Service) -> int:
        raise StoreUnavailableError("full")

    broken = Sweeper("broken", "Brisé", fails)
    all_of_them = (broken, *SWEEPERS)
    monkeypatch.setattr("graphql_api.sweeping.sweep.SWEEPERS", all_of_them)
    monkeypatch.setattr("graphql_api.commands.stores.service_commands.SWEEPERS", all_of_them)
    code, _, wrong = livret("sweep")
    assert code == 1
    assert wrong.startswith(typeset("Brisé : la base ne répond pas"))
    code, said, _ = livret("sweep", "--json")
    told = json.loads(said)
    assert (code, told["failed"]) == (1, ["broken"])
    assert set(told["removed"]) == {sweeper.kind for sweeper in SWEEPERS}


def test_the_command_says_what_it_did_and_records_it(here: Here, livret: Livret) -> None:
    here.caller("guesser").do(OPEN, code="AAAAA-AAAAA-AAAAA-AAAAA")
    here.deployment.store.database.execute_sql('UPDATE attempt SET "window" = 1')
    code, said, wrong = livret("sweep")
    assert (code, wrong) == (0, "")
    assert typeset("Compteurs d’essais : 1\n") in said
    with here.deployment.store.reading():
        last = sweep_record.last_sweep(here.deployment.store)
    assert last is not None
    assert last.removed["attempts"] == 1
    assert last.ended_at is not None
    assert last.failed == []
    assert livret("sweep")[1] == typeset("Rien à supprimer.\n")


def test_of_several_processes_one_sweeps_a_day(here: Here, service: Service) -> None:
    together, swept = Barrier(4), []

    def looks() -> None:
        together.wait()
        swept.append(sweep_if_due(service))
        service.store.disconnect()
        service.key_store.disconnect()

    for expected in (1, 0):
        threads = [Thread(target=looks) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert swept.count(True) == expected
        swept.clear()
        together.reset()
    later(here, hours=23)
    assert not sweep_if_due(service)
    later(here, hours=2)
    assert sweep_if_due(service)


def test_a_sweep_that_died_is_begun_anew(here: Here, service: Service) -> None:
    now = to_microseconds(here.clock())
    assert sweep_record.claim(service.store, now, daily.EVERY)
    later(here, hours=25)  # it never ended
    assert sweep_if_due(service)


def test_the_thread_of_the_service_sweeps_and_outlives_a_failure(
    here: Here, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks: list[bool] = []

    def due(_service: Service) -> bool:
        looks.append(True)
        if len(looks) == 1:
            raise UnavailableError("full")
        return True

    monkeypatch.setattr(daily, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(daily, "sweep_if_due", due)
    sweeper = DailySweeper(service)
    sweeper.start()
    until(lambda: len(looks) >= 3)
    sweeper.close()
    assert not sweeper._thread.is_alive()


def test_every_table_with_an_end_has_a_sweeper(here: Here) -> None:
    """A table that says when a row ends is swept: a new one is not forgotten."""
    ends = {"expires_at", "ended_at", "revoked_at"}
    never = {
        "authorization_code",  # its secret is forgotten, its row is the collectivité's
        "consent",  # ended by its own sweeper
        "sweep",
    }
    database = here.deployment.store.database
    tables = {
        table
        for table in database.get_tables()
        if ends & {column.name for column in database.get_columns(table)}
    }
    swept = {
        "idp_arrival",
        "idp_attempt",
        "idp_code",
        "idp_grant",
        "idp_letter_key",
        "idp_refresh_token",
        "idp_registration",
        "idp_used_assertion",
        "kept_form",
        "past_consent",
        "share_link",
        "share_session",
    }
    assert tables - never == swept
    assert sweepers.SWEEPERS

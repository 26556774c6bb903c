"""What the pipeline of a connection to PostgreSQL gives, refuses and outlives."""

import os
import signal
from collections.abc import Iterator
from contextlib import suppress
from threading import Thread
from typing import Any

import peewee
import psycopg
import pytest

from graphql_api.storage import pipeline, postgresql
from graphql_api.storage.store import Store, StoreUnavailableError, parameter
from tests.conftest import Here
from tests.patience import until

pytestmark = pytest.mark.parametrize("here", ["postgresql"], indirect=True)

TYPED = "SELECT %s::text, %s::smallint, %s::bigint, %s::boolean, %s::bytea, %s::text"
PREPARED = "SELECT name FROM pg_prepared_statements WHERE name LIKE 'livret%%'"
MOST_OF_THIS = 12
KILL = "SELECT pg_terminate_backend(%s)"


@pytest.fixture(params=[False, True], ids=["direct", "pooled"])
def store(here: Here, request: pytest.FixtureRequest) -> Iterator[Store]:
    one = Store(here.deployment.settings.database_url, pooled=request.param)
    with one.writing():
        one.database.execute_sql("CREATE TABLE noted (id bigint PRIMARY KEY, note text)")
    try:
        yield one
    finally:
        one.disconnect()
        with one.writing():
            one.database.execute_sql("DROP TABLE noted")
        one.close()


def ask(store: Store, sql: str, *params: object) -> list[Any]:
    return list(store.database.execute_sql(sql, params).fetchall())


def noted(store: Store) -> list[int]:
    with store.reading():
        return [id for (id,) in ask(store, "SELECT id FROM noted ORDER BY id")]


def note(store: Store, id: int) -> None:
    store.database.execute_sql("INSERT INTO noted VALUES (%s, %s)", (id, "?"))


def killed(here: Here, process: int) -> None:
    """End the process of a connection, and wait until it is gone."""
    url = here.deployment.settings.database_url
    with psycopg.connect(url, autocommit=True) as another:
        another.execute(KILL, (process,))
        known = "SELECT 1 FROM pg_stat_activity WHERE pid = %s"
        until(lambda: another.execute(known, (process,)).fetchone() is None)


def process_of(store: Store) -> int:
    return int(store.database.connection().info.backend_pid)


@pytest.mark.parametrize(
    "row",
    [
        ("é’ %s %%", 1, 2**40, True, b"\x00\xff", None),
        ("", -1, -(2**62), False, b"", None),
        (None, None, None, None, None, "last"),
    ],
)
def test_values_come_back_as_they_were_however_often(store: Store, row: tuple[Any, ...]) -> None:
    for _ in range(4):  # as they are, then prepared
        with store.reading():
            assert ask(store, TYPED, *row) == [row]
    assert ask(store, "SELECT '100 %%', 7 %% 4") == [("100 %", 3)]


def test_a_statement_of_which_the_numbers_grow_is_run_with_all_of_them(store: Store) -> None:
    numbers = [1, 2**20, 2**40, 1, 2**40]
    with store.writing():
        for place, number in enumerate(numbers):
            note(store, number * 10 + place)
    assert noted(store) == sorted(number * 10 + place for place, number in enumerate(numbers))


def test_megabytes_that_go_and_come_in_one_message_do_not_wait_for_each_other(store: Store) -> None:
    many = [os.urandom(2**20).hex() for _ in range(8)]
    with store.writing():
        for text in many[:-1]:
            store.database.defer("SELECT %s::text", (text,))
        assert ask(store, "SELECT %s::text", many[-1]) == [(many[-1],)]


def test_a_text_with_a_nul_is_refused_before_anything_is_sent(store: Store) -> None:
    def write() -> None:
        with store.writing():
            store.database.defer("INSERT INTO noted VALUES (1, 'before')", (), is_write=True)
            ask(store, "SELECT %s::text", "a\x00b")

    with pytest.raises(peewee.DataError):
        write()
    assert noted(store) == []


def test_nothing_after_a_failure_is_run_and_the_connection_goes_on(store: Store) -> None:
    def write() -> None:
        with store.writing():
            note(store, 1)
            store.database.defer("INSERT INTO noted VALUES (%s, 'again')", (1,), is_write=True)
            note(store, 2)

    for _ in range(40):
        with pytest.raises(peewee.IntegrityError):
            write()
    assert noted(store) == []
    with store.writing():
        note(store, 3)
    assert noted(store) == [3]
    kept = ask(store, PREPARED)
    assert len(kept) < MOST_OF_THIS, "no failure leaves what was prepared behind"


def test_what_could_not_be_prepared_is_prepared_once_it_can_be(store: Store) -> None:
    for _ in range(3):
        with pytest.raises(peewee.ProgrammingError), store.writing():
            ask(store, "SELECT later FROM noted WHERE id = %s", 1)
    with store.writing():
        store.database.execute_sql("ALTER TABLE noted ADD later text")
    for _ in range(3):
        with store.writing():
            assert ask(store, "SELECT later FROM noted WHERE id = %s", 1) == []


def test_a_connection_keeps_few_statements_prepared_and_behind_a_pooler_none(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pipeline, "MOST_PREPARED", 5)
    for _ in range(2):
        for number in range(20):
            for _ in range(2):
                with store.reading():
                    assert ask(store, f"SELECT {number} + %s", 1) == [(number + 1,)]
    kept = store.database.connection().execute(PREPARED.replace("%%", "%")).fetchall()
    assert len(kept) == (0 if store.is_pooled else 5)


def test_a_part_that_is_undone_leaves_what_was_before_it(store: Store) -> None:
    def part(id: int) -> None:
        with store.savepoint():
            note(store, id)
            if id < 4:
                with suppress(LookupError):
                    part(id + 1)
                note(store, id + 10)
            raise LookupError

    with store.writing():
        note(store, 1)
        with suppress(LookupError):
            part(2)
        with store.savepoint():
            note(store, 5)
    assert noted(store) == [1, 5]


def test_a_transaction_that_reads_may_not_write(store: Store) -> None:
    with pytest.raises(StoreUnavailableError, match="read-only"), store.reading():
        note(store, 1)
    assert noted(store) == []


def test_a_transaction_that_read_ends_though_nobody_waits_for_it(here: Here, store: Store) -> None:
    assert noted(store) == []
    states = "SELECT state FROM pg_stat_activity WHERE pid = %s"
    process = store.database._connection().info.backend_pid
    with psycopg.connect(here.deployment.settings.database_url, autocommit=True) as another:
        until(lambda: another.execute(states, (process,)).fetchall() == [("idle",)])


def test_psycopg_may_use_a_connection_whose_last_answer_nobody_read(store: Store) -> None:
    assert noted(store) == []
    assert store.database.connection().execute("SELECT 1").fetchall() == [(1,)]
    assert noted(store) == []
    assert store.database.cursor().execute("SELECT 2").fetchall() == [(2,)]


def test_a_connection_lost_after_a_transaction_is_replaced_in_the_next(
    here: Here, store: Store
) -> None:
    for begin in (store.reading, store.writing):
        assert noted(store) == []
        killed(here, process_of(store))
        with begin():
            assert ask(store, "SELECT 1") == [(1,)]
        killed(here, process_of(store))
        with begin():
            assert ask(store, "SELECT 1") == [(1,)]


def test_a_connection_lost_in_a_transaction_fails_it_and_no_other(here: Here, store: Store) -> None:
    def write() -> None:
        with store.writing():
            note(store, 1)
            killed(here, process_of(store))
            note(store, 2)

    with pytest.raises(StoreUnavailableError):
        write()
    assert noted(store) == []


def test_other_threads_go_on_while_one_waits_for_an_answer(here: Here, store: Store) -> None:
    number = 7_301_945
    answers: list[Any] = []

    def wait() -> None:
        with store.writing():
            answers.append(ask(store, "SELECT pg_advisory_xact_lock(%s), 1", number)[0][1])

    url = here.deployment.settings.database_url
    with psycopg.connect(url, autocommit=True) as another:
        another.execute("SELECT pg_advisory_lock(%s)", (number,))
        waiting = Thread(target=wait)
        waiting.start()
        asked = "SELECT 1 FROM pg_locks WHERE NOT granted AND locktype = 'advisory' AND objid = %s"
        until(lambda: another.execute(asked, (number,)).fetchone())
        another.execute("SELECT pg_advisory_unlock(%s)", (number,))
        waiting.join()
    assert answers == [1]


@pytest.fixture
def _interruptible() -> Iterator[None]:
    """Have SIGINT raise `KeyboardInterrupt`, also where the tests were started to ignore it."""
    former = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, former)


@pytest.mark.usefixtures("_interruptible")
def test_what_is_interrupted_is_stopped_and_nothing_of_it_stays(here: Here, store: Store) -> None:
    store.connect()
    process = process_of(store)
    url = here.deployment.settings.database_url

    def interrupt() -> None:
        sleeps = "SELECT 1 FROM pg_stat_activity WHERE pid = %s AND wait_event = 'PgSleep'"
        with psycopg.connect(url, autocommit=True) as another:
            until(lambda: another.execute(sleeps, (process,)).fetchone())
        os.kill(os.getpid(), signal.SIGINT)

    def write() -> None:
        with store.writing():
            note(store, 1)
            interrupting.start()
            ask(store, "SELECT pg_sleep(4)")

    interrupting = Thread(target=interrupt)
    with pytest.raises(KeyboardInterrupt):
        write()
    interrupting.join()
    assert noted(store) == []


def test_a_read_transaction_refuses_a_write_that_waits(store: Store) -> None:
    def read() -> None:
        with store.reading():
            ask(store, "SELECT 1")
            store.database.defer("INSERT INTO noted VALUES (1, '?')", is_write=True)

    with pytest.raises(StoreUnavailableError, match="read-only"):
        read()
    store.database.connection()  # which sends what waits
    assert noted(store) == []


def test_a_write_outside_of_a_transaction_is_one_of_its_own(store: Store) -> None:
    store.database.defer("INSERT INTO noted VALUES (1, '?')", is_write=True)
    assert noted(store) == [1]


def test_a_part_that_fails_undoes_no_part_before_it(store: Store) -> None:
    """What waits of one part fails within the next, whose failure is passed over."""

    def write() -> None:
        with store.writing():
            with store.savepoint():
                note(store, 1)
                store.database.defer("INSERT INTO noted VALUES (1, 'again')", is_write=True)
            with suppress(peewee.IntegrityError), store.savepoint():
                note(store, 2)
            note(store, 3)

    with pytest.raises((peewee.DatabaseError, StoreUnavailableError)):
        write()
    assert noted(store) == []


def inserted(many: int) -> Any:
    """The query that notes so many rows, as `Store.write_apart` takes it."""
    row = {"id": parameter("id"), "note": parameter("note")}
    return Noted.insert_many([row] * many)


class Noted(peewee.Model):
    """The table of these tests."""

    id = peewee.BigIntegerField(primary_key=True)
    note = peewee.TextField()

    class Meta:
        table_name = "noted"


def note_apart(store: Store, *ids: int) -> None:
    store.write_apart("notes", inserted, [{"id": id, "note": "?"} for id in ids])


@pytest.mark.parametrize("what_follows", ["commit", "statement", "another part"])
def test_a_write_that_is_apart_fails_alone(store: Store, what_follows: str) -> None:
    with store.writing():
        note(store, 1)
        store.database.defer("INSERT INTO noted VALUES (2, '?')", is_write=True)
        note_apart(store, 3, 1)
        if what_follows == "statement":
            assert ask(store, "SELECT count(*) FROM noted") == [(2,)]
        elif what_follows == "another part":
            note_apart(store, 4)
            note_apart(store, 5, 4)
    assert noted(store) == [1, 2, 4][: 3 if what_follows == "another part" else 2]


def test_a_write_that_is_apart_is_sent_with_the_commit(store: Store) -> None:
    with store.writing():
        note_apart(store, 1, 2)
    with store.writing():
        note(store, 3)
        note_apart(store, 4)
    assert noted(store) == [1, 2, 3, 4]


@pytest.mark.parametrize("fails", ["before", "after"])
def test_what_fails_around_a_write_that_is_apart_undoes_all(store: Store, fails: str) -> None:
    """It is raised as it is, whether or not that write fails besides."""

    def write(id: int) -> None:
        with store.writing():
            note(store, 1)
            sql = "INSERT INTO noted VALUES (1, 'again')"
            if fails == "before":
                store.database.defer(sql, is_write=True)
            note_apart(store, id)
            if fails == "after":
                store.database.defer(sql, is_write=True)

    for id in (1, 2):
        with pytest.raises(peewee.IntegrityError, match="noted_pkey"):
            write(id)
        assert noted(store) == []


def test_a_part_of_a_transaction_that_was_given_up_is_no_part_of_the_next(store: Store) -> None:
    with store.writing():
        note(store, 1)
    with suppress(LookupError), store.writing():
        note_apart(store, 2)
        raise LookupError
    with pytest.raises(peewee.IntegrityError), store.writing(), store.savepoint():
        note(store, 1)
    assert noted(store) == [1]


def test_a_commit_that_failed_unseen_leaves_no_transaction_open(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as failing:
        failing.setattr(postgresql, "_COMMIT", ("COMMITTED", ()))
        with store.reading():
            ask(store, "SELECT 1")
    if not store.is_pooled:  # behind a pooler nothing is read outside a transaction
        assert store.database.execute_alone("SELECT 1", ()).fetchall() == [(1,)]
    with store.writing():
        note(store, 1)
    assert noted(store) == [1]


def test_more_parameters_than_a_statement_can_have_are_an_error_of_the_database(
    store: Store,
) -> None:
    many = ", ".join(["%s"] * 70_000)
    with pytest.raises((peewee.DatabaseError, StoreUnavailableError)), store.writing():
        ask(store, f"SELECT 1 WHERE 1 IN ({many})", *range(70_000))
    assert noted(store) == []


def test_nothing_that_was_read_stays_in_the_connection(store: Store) -> None:
    with store.reading():
        assert ask(store, "SELECT %s::text", "canari" * 10)
    assert store.database._waiting.pipeline._values.pgresult is None

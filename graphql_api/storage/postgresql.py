"""PostgreSQL in few round trips: what need not be answered by itself travels with what follows.

BEGIN, savepoints, and writes of which nobody reads the outcome wait, and are sent with the next
statement or the COMMIT: one message, one answer (libpq's pipeline mode). Their order is kept, and an
error of theirs is raised where they are sent, in the same transaction.

Behind a pooler that lends a connection for the time of a transaction (PgBouncer), nothing is kept in
the connection: the bounds are set in each transaction, and no statement is prepared.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Any

import peewee
import psycopg

from graphql_api.storage.outages import kind_of
from graphql_api.storage.pipeline import Pipeline, Statement

WITHOUT_TIME_LIMIT = {
    "lock_timeout": "0",
    "statement_timeout": "0",
    "idle_in_transaction_session_timeout": "0",
}
_COMMIT: Statement = ("COMMIT", ())
_ROLLBACK: Statement = ("ROLLBACK", ())
_WAITS = ("SAVEPOINT ", "RELEASE ")


# The stubs of Peewee lack what it is made of.
_PostgresqlDatabase: Any = peewee.PostgresqlDatabase
_PEEWEE_ERRORS: Any = peewee.__exception_wrapper__  # type: ignore[attr-defined]


class _Waiting(threading.local):
    """What a thread has still to send.

    `has_begun` is False while the BEGIN waits too, `has_writes` says that a write does, `only_reads`
    that the transaction may write nothing. The connection, which has a `pipeline`, `is_new` until the
    server answered on it. `part` is a savepoint whose failure undoes nothing else, with the number of
    statements that end with it.
    """

    pipeline: Pipeline

    def __init__(self) -> None:
        self.statements: list[Statement] = []
        self.has_begun = True
        self.has_writes = False
        self.only_reads = False
        self.is_new = True
        self.part: tuple[str, int] | None = None


class PipelinedDatabase(_PostgresqlDatabase):  # type: ignore[misc]  # as every model: no types
    """A PostgreSQL database of which each transaction begins with its first statement.

    `opened` lists the connections of all threads, and is kept when one is replaced.
    """

    def __init__(
        self, url: str, bounds: dict[str, str], opened: list[Any], *, pooled: bool
    ) -> None:
        """`bounds` are settings of the server that hold for every statement."""
        self._opened = opened
        self._waiting = _Waiting()
        self._pooled = pooled
        self._first = [setting_locally(bounds)] if pooled else []
        options = " ".join(f"-c {name}={value}" for name, value in bounds.items())
        kept: dict[str, Any] = {"prepare_threshold": None} if pooled else {"options": options}
        super().__init__(url, prefer_psycopg3=True, autoconnect=False, connect_timeout=3, **kept)

    def begin(self, isolation_level: int | None = None) -> None:
        """Let a transaction begin with its first statement. One with a level of isolation only reads."""
        level = self._adapter.isolation_level_str(isolation_level) if isolation_level else ""
        begin = f"BEGIN ISOLATION LEVEL {level} READ ONLY" if level else "BEGIN"
        waiting = self._waiting
        waiting.statements = [(begin, ()), *self._first]
        waiting.has_begun = waiting.has_writes = False
        waiting.part = None
        waiting.only_reads = bool(level)

    def commit(self) -> None:
        """Commit, with the writes that wait; a transaction that asked for nothing costs nothing.

        Nobody waits for the end of one that only read.
        """
        waiting = self._waiting
        if not waiting.has_begun and not waiting.has_writes:
            waiting.statements = []
            return
        if waiting.statements and (waiting.only_reads or not waiting.has_begun):
            self._send()  # apart from the COMMIT, so that it may be sent again
        if not waiting.only_reads:
            self._send(_COMMIT)
            return
        with suppress(psycopg.Error):  # it has read: a lost connection is the next statement's
            waiting.pipeline.send(_COMMIT)

    def rollback(self) -> None:
        """Undo the transaction, of which the server may know nothing yet."""
        waiting = self._waiting
        waiting.statements, waiting.part = [], None
        if waiting.has_begun and waiting.pipeline.in_transaction:
            self._run([_ROLLBACK], may_repeat=False)

    def execute_sql(self, sql: str, params: Sequence[Any] | None = None) -> Any:
        """Run a statement after those that wait, and return its cursor."""
        if sql.startswith(_WAITS):
            return self.defer(sql)
        if params or ";" not in sql:
            return self._send((sql, params or ()))
        self._send()  # several statements at once do not go through a pipeline
        return super().execute_sql(sql)

    def execute_each(self, statements: Sequence[Statement]) -> list[Any]:
        """Run statements after those that wait, in one round trip, and return their cursors."""
        return self._send_all(*statements)[-len(statements) :]

    def execute_alone(self, sql: str, params: Sequence[Any]) -> Any:
        """Run a SELECT as a transaction of its own, in one round trip, and return its cursor."""
        if not self._first:
            return self._run([(sql, params)], may_repeat=True)[0]
        return self._run([("BEGIN", ()), *self._first, (sql, params), _COMMIT], may_repeat=True)[-2]

    def defer(self, sql: str, params: Sequence[Any] = (), *, is_write: bool = False) -> None:
        """Let a statement of the present transaction wait for the next one that is answered.

        A write outside of one waits for nothing: it is a transaction of its own.
        """
        if is_write and not self.in_transaction():
            self.execute_sql(sql, params)
            return
        self._waiting.statements.append((sql, params))
        self._waiting.has_writes |= is_write

    def defer_apart(self, sql: str, params: Sequence[Any], *, part: str) -> None:
        """Let a write wait as `defer` does, in a savepoint of that name: its failure undoes no more."""
        waiting = self._waiting
        if waiting.part:
            self._send()  # one at a time, so that it is known which one failed
        waiting.statements += [
            (f"SAVEPOINT {part}", ()),
            (sql, params),
            (f"RELEASE SAVEPOINT {part}", ()),
        ]
        waiting.has_writes = True
        waiting.part = part, len(waiting.statements)

    def connection(self) -> Any:
        """The connection of this thread, for who uses it directly: nothing waits any more."""
        self._send()
        connection = self._connection()
        self._waiting.pipeline.finish()
        return connection

    def cursor(self, named_cursor: str | None = None) -> Any:
        """A cursor, for who uses it directly: nothing waits any more."""
        self.connection()
        return super().cursor(named_cursor)

    @contextmanager
    def without_time_limit(self) -> Iterator[None]:
        """A block in which statements take their time, outside transactions.

        Those of this thread, until its connection is closed; behind a pooler, those of all threads of
        this process while the block lasts: only commands that have one thread ask for it.
        """
        if not self._first:
            self.execute_sql("SET lock_timeout = 0; SET statement_timeout = 0")
            yield
            return
        bounded, self._first = self._first, [*self._first, setting_locally(WITHOUT_TIME_LIMIT)]
        try:
            yield
        finally:
            self._first = bounded

    def _connection(self) -> Any:
        return super().connection()

    def _connect(self) -> Any:
        connection = super()._connect()
        self._waiting.is_new = True
        self._waiting.pipeline = Pipeline(connection, prepares=not self._pooled)
        return connection

    def _send(self, *statements: Statement) -> Any:
        """Send what waits, and then these; return the cursor of the last."""
        answers = self._send_all(*statements)
        return answers[-1] if answers else None

    def _send_all(self, *statements: Statement) -> list[Any]:
        waiting = self._waiting
        batch, may_repeat = [*waiting.statements, *statements], not waiting.has_begun
        part, waiting.part = waiting.part, None
        waiting.statements, waiting.has_begun = [], True
        if part is None:
            return self._run(batch, may_repeat=may_repeat) if batch else []
        try:
            return self._run(batch, may_repeat=may_repeat)
        except peewee.DatabaseError:
            name, end = part
            if not self._is_undone(name):
                raise
        return self._run(batch[end:], may_repeat=False) if batch[end:] else []

    def _is_undone(self, part: str) -> bool:
        """Whether a savepoint could be undone: not if something before it failed, or the connection."""
        try:
            self._run([(f"ROLLBACK TO SAVEPOINT {part}", ())], may_repeat=False)
        except peewee.PeeweeException:
            return False
        return True

    def _run(self, batch: list[Statement], *, may_repeat: bool) -> list[Any]:
        """Run statements in one round trip.

        A connection that the server closed meanwhile is replaced if they may be repeated, which is
        where nothing was done on it that they depend on.
        """
        with _PEEWEE_ERRORS:
            if self.is_closed():
                raise peewee.InterfaceError("no connection")
            try:
                return self._executed(batch)
            except Exception as error:
                if self._waiting.is_new or not may_repeat or not self._is_lost(error):
                    raise
            self._replace_connection()
            return self._executed(batch)

    def _executed(self, batch: list[Statement]) -> list[Any]:
        answers = self._waiting.pipeline.run(batch)
        self._waiting.is_new = False
        return list(answers)

    def _is_lost(self, error: BaseException) -> bool:
        return bool(self._connection().closed) or kind_of(error) == "connection lost"

    def _replace_connection(self) -> None:
        """Put a new connection in the place of this thread's, in the same transaction."""
        transactions = self._state.transactions
        old = self._connection()
        old.close()
        self._state.set_connection(self._connect())
        self._state.transactions = transactions
        with suppress(ValueError):
            self._opened.remove(old)
        self._opened.append(self._connection())


def setting_locally(settings: dict[str, str]) -> Statement:
    """A statement that changes settings of the server for the transaction in which it is run."""
    calls = ", ".join("set_config(%s, %s, true)" for _ in settings)
    return f"SELECT {calls}", [text for each in settings.items() for text in each]

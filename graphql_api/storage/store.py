"""A store: one database, SQLite or PostgreSQL, reached by one connection a thread.

Queries are built with Peewee and run here; rows come back as plain tuples, which costs a third of
building model objects.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import peewee

from graphql_api.engine.workers import UnavailableError
from graphql_api.private_files import make_private_database
from graphql_api.storage.outages import WRITES_ONLY, is_outage, kind_of
from graphql_api.storage.postgresql import PipelinedDatabase
from graphql_api.storage.transactions import DATABASE_ERRORS, Transaction

TIMEOUT_SECONDS = 5.0
_STEPS_BETWEEN_LOOKS = 20_000
PRAGMAS = {
    "cache_size": -512,  # kB for each connection: what is read often are few pages of each index
    "synchronous": "full",
    "foreign_keys": 1,
    "secure_delete": "on",
}
_IMMEDIATE = "IMMEDIATE"
_REPEATABLE_READ = 3
_PEEWEE_ERRORS: Any = peewee.__exception_wrapper__  # type: ignore[attr-defined]  # the stubs lack it

_logger = logging.getLogger(__name__)
logging.getLogger("peewee").setLevel(logging.INFO)  # its DEBUG lines hold what is written


class _TurnError(peewee.OperationalError):
    """Other threads wrote for too long, which is the same as that another process did."""

    sqlite_errorname = "SQLITE_BUSY"


class _UndoneError(Exception):
    """A part of a transaction failed, and is undone."""


class StoreUnavailableError(UnavailableError):
    """The database does not answer, or did not finish in time. Nothing was written."""


# A constant query: its name, what Peewee built, and its parameters; see `Store.rows_of`.
Asked = tuple[str, Any, Sequence[object]]


def _no_key(name: str) -> bytes:
    raise LookupError(name)


def parameter(name: str) -> Any:
    """What stands for a value of that name in a constant query that is written; see `write_of`."""
    return peewee.Value(name, converter=False)


class Store:
    """One database and its transactions.

    `row_key` gives the key of that name under which rows that give rights are authenticated; who
    builds the service sets it.
    """

    def __init__(
        self,
        url: str,
        *,
        timeout: float = TIMEOUT_SECONDS,
        journal: str = "wal",
        name: str = "data store",
        pooled: bool = False,
    ) -> None:
        """Open the database that `url` names; statements are stopped after `timeout` seconds.

        `name` is what the log calls it. `pooled` says that PostgreSQL is behind a pooler.
        `journal` is SQLite's journal mode. With `wal` a full disk shows at the commit; with
        `delete`, at the statements of the transaction (see `take_room`).
        """
        self.url = url
        self.timeout = timeout
        self.name = name
        self._failing = False  # to write, which only writing shows
        self._journal = journal
        self.statements = 0
        self.row_key: Callable[[str], bytes] = _no_key
        self.is_sqlite = url.startswith("sqlite:")
        self.is_pooled = pooled and not self.is_sqlite
        self._prepared: dict[str, tuple[Any, str, tuple[Any, ...]]] = {}
        self._opened: list[Any] = []
        self._parts = threading.local()
        self._turn = threading.RLock()  # of the thread that writes to SQLite
        self.database = self._sqlite(url) if self.is_sqlite else self._postgresql(url)

    def _sqlite(self, url: str) -> Any:
        path = urlsplit(url).path.removeprefix("/")
        return peewee.SqliteDatabase(
            path,
            pragmas={"busy_timeout": int(self.timeout * 1000), "journal_mode": self._journal}
            | PRAGMAS,
            timeout=self.timeout,
            autoconnect=False,
            check_same_thread=False,
        )

    def _postgresql(self, url: str) -> Any:
        milliseconds = int(self.timeout * 1000)
        bounds = {
            "statement_timeout": str(milliseconds),
            "lock_timeout": str(milliseconds * 9 // 10),
            "timezone": "UTC",
        }
        return PipelinedDatabase(url, bounds, self._opened, pooled=self.is_pooled)

    def writing(self) -> AbstractContextManager[None]:
        """One write transaction: committed at the end, rolled back whole by any exception."""
        return Transaction(self, _IMMEDIATE if self.is_sqlite else None)

    def reading(self) -> AbstractContextManager[None]:
        """One read transaction: several reads of the same snapshot."""
        return Transaction(self, None if self.is_sqlite else _REPEATABLE_READ)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        """A part of a write transaction that an exception undoes without the rest.

        It is numbered within its transaction: the statements are the same each time, and to undo one
        part is never to undo another, whose end the server was not told of yet.
        """
        run, name = self.database.execute_sql, self._new_part()
        run(f"SAVEPOINT {name}")
        try:
            yield
        except BaseException:
            run(f"ROLLBACK TO SAVEPOINT {name}")
            raise
        run(f"RELEASE SAVEPOINT {name}")

    def _new_part(self) -> str:
        """The name of the next savepoint of the present transaction."""
        self._parts.count = count = getattr(self._parts, "count", 0) + 1
        return f"part{count}"

    def unavailable(self, error: BaseException) -> StoreUnavailableError:
        """Log an outage by its kind, drop the connection, and return the exception to raise."""
        self.disconnect()
        kind = kind_of(error)
        self._failing = self._failing or kind in WRITES_ONLY
        facts = {"store": self.name, "kind": kind}
        _logger.warning(
            "the %s failed: %s",
            self.name,
            kind,
            extra={"event": "store-unavailable", "facts": facts},
        )
        return StoreUnavailableError(kind)

    def accepts_writes(self) -> bool:
        """Whether it can be written to. After a failure that only writing shows, it is tried."""
        try:
            with self.writing():
                if not self.is_sqlite:
                    ((read_only,),) = self.database.execute_sql("SHOW transaction_read_only")
                    if read_only == "on":
                        return False
                if self._failing:
                    self._write_nothing()
        except StoreUnavailableError:
            return False
        self._failing = False
        return True

    def _write_nothing(self) -> None:
        """Have the commit write, without a change to what is stored."""
        if self.is_sqlite:
            self.take_room()
        else:
            self.database.execute_sql("SELECT pg_logical_emit_message(true, 'livret', '')")

    def take_turn(self, mode: object) -> None:
        """Wait until no other thread of this process writes to SQLite; `end_turn` lets the next one.

        SQLite would have each look again and again whether the others are done, in pauses of up to a
        tenth of a second. Raises `StoreUnavailableError`.
        """
        if mode == _IMMEDIATE and not self._turn.acquire(timeout=self.timeout):
            raise self.unavailable(_TurnError())

    def end_turn(self, mode: object) -> None:
        """Let the next thread write."""
        if mode == _IMMEDIATE:
            self._turn.release()

    def begin(self, mode: object) -> Any:
        """Begin a transaction of Peewee's, and return it. Raises `StoreUnavailableError`."""
        try:
            self.connect()
            transaction = self.database.transaction(mode)
            if not self.database.in_transaction():
                self._parts.count = 0
            transaction.__enter__()
        except DATABASE_ERRORS as error:
            raise self.unavailable(error) from error
        return transaction

    def take_room(self) -> None:
        """At the end of a write transaction, reserve the room on the disk that its commit needs.

        With a rollback journal SQLite takes new room at each statement, except for the first page,
        which every commit changes: the page is written here, with the content that it has.
        """
        if self.is_sqlite:
            ((version,),) = self.database.execute_sql("PRAGMA user_version").fetchall()
            self.database.execute_sql(f"PRAGMA user_version = {version}")

    def truncate_log(self) -> None:
        """Outside transactions: empty SQLite's log, which keeps what was overwritten and deleted.

        When somebody is reading for longer than a second, the log stays until the next time.
        """
        if not self.is_sqlite:
            return
        self.connect()
        self.database.execute_sql("PRAGMA busy_timeout = 1000")
        self.database.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        self.database.execute_sql(f"PRAGMA busy_timeout = {int(self.timeout * 1000)}")

    def connect(self) -> None:
        """Open this thread's connection if it has none; limit the time of SQLite's statements."""
        if self.database.is_closed():
            if self.is_sqlite:
                make_private_database(self.database.database)
            self.database.connect()
            self._opened.append(self.database.connection())
        if self.is_sqlite:
            deadline = time.monotonic() + self.timeout  # a bound for statements
            self.database.connection().set_progress_handler(
                lambda: time.monotonic() > deadline, _STEPS_BETWEEN_LOOKS
            )

    def disconnect(self) -> None:
        """Close this thread's connection; the next transaction opens another."""
        if not self.database.is_closed():
            with suppress(ValueError):
                self._opened.remove(self.database.connection())
            self.database.close()

    def close(self) -> None:
        """Close the connections of all threads, once none of them works any more."""
        self.disconnect()
        while self._opened:
            self._opened.pop().close()

    def rows(self, query: Any) -> list[tuple[Any, ...]]:
        """The rows of a SELECT, as tuples."""
        self.statements += 1
        return list(self.database.execute(query).fetchall())

    def row(self, query: Any) -> tuple[Any, ...] | None:
        """The first row of a SELECT, or None."""
        self.statements += 1
        found: tuple[Any, ...] | None = self.database.execute(query).fetchone()
        return found

    def run(self, query: Any) -> int:
        """Run an INSERT, UPDATE or DELETE and return the number of rows that it touched."""
        self.statements += 1
        return int(self.database.execute(query).rowcount)

    def write(self, query: Any) -> None:
        """Run an INSERT, UPDATE or DELETE of which nobody reads the outcome.

        PostgreSQL gets it with what follows in the transaction, in one round trip.
        """
        if self.is_sqlite:
            self.run(query)
            return
        self._defer(*self.database.get_sql_context().sql(query).query())

    def write_of(self, name: str, query: Any, **values: object) -> None:
        """Run a constant query as `write` does, compiled to SQL once and kept by its name.

        `values` are those of its parameters, each made by `parameter`.
        """
        sql, names = self._sql_of(name, query)
        params = [values[one] for one in names]
        if self.is_sqlite:
            self.statements += 1
            self.database.execute_sql(sql, params)
        else:
            self._defer(sql, params)

    def write_each(
        self, name: str, query_of: Callable[[int], Any], rows: Sequence[Mapping[str, object]]
    ) -> None:
        """Run a constant INSERT for each row, as `write_of` does; `query_of` makes it for so many.

        Each row has values for all parameters. PostgreSQL gets one statement for all. SQLite gets
        one for each, for it copies what one of several rows changes, so as to undo half of it.
        """
        many = 1 if self.is_sqlite else len(rows)
        sql, values = self._sql_of_rows(name, query_of, rows, many)
        if self.is_sqlite:
            self._execute_many(sql, values)
        else:
            self._defer(sql, [value for row in values for value in row])

    def _execute_many(self, sql: str, values: Sequence[Sequence[object]]) -> None:
        self.statements += 1
        with _PEEWEE_ERRORS:
            self.database.cursor().executemany(sql, values)

    def write_apart(
        self, name: str, query_of: Callable[[int], Any], rows: Sequence[Mapping[str, object]]
    ) -> None:
        """Run a constant INSERT of all rows whose failure undoes it, and nothing else.

        PostgreSQL gets it with what follows in the transaction, as of `write_each`.
        """
        sql, values = self._sql_of_rows(name, query_of, rows, len(rows))
        params = [value for row in values for value in row]
        self.statements += 1
        if not self.is_sqlite:
            self.database.defer_apart(sql, params, part=self._new_part())
            return
        with suppress(_UndoneError), self.savepoint():
            try:
                self.database.execute_sql(sql, params)
            except peewee.DatabaseError as error:
                raise _UndoneError from error

    def _sql_of_rows(
        self,
        name: str,
        query_of: Callable[[int], Any],
        rows: Sequence[Mapping[str, object]],
        many: int,
    ) -> tuple[str, list[list[object]]]:
        """The SQL of an INSERT of so many rows, and the values of each row in its order."""
        sql, names = self._sql_of(f"{many} {name}", query_of(many))
        of_row = names[: len(names) // many]
        return sql, [[row[one] for one in of_row] for row in rows]

    def _defer(self, sql: str, params: Sequence[object]) -> None:
        self.statements += 1
        self.database.defer(sql, params, is_write=True)

    def rows_of(self, name: str, query: Any, *params: object) -> list[tuple[Any, ...]]:
        """The rows of a constant query with parameters, compiled to SQL once and kept by its name."""
        sql, _ = self._sql_of(name, query)
        self.statements += 1
        return list(self.database.execute_sql(sql, params).fetchall())

    def rows_of_each(self, *asked: Asked) -> list[list[tuple[Any, ...]]]:
        """The rows of each of several constant queries, in one round trip of a transaction."""
        if self.is_sqlite:
            return [self.rows_of(name, query, *params) for name, query, params in asked]
        self.statements += len(asked)
        statements = [(self._sql_of(name, query)[0], params) for name, query, params in asked]
        return [list(one.fetchall()) for one in self.database.execute_each(statements)]

    def lock(self, name: str, query: Any, *params: object) -> None:
        """Lock the rows of a constant SELECT before anything else is read in the transaction.

        PostgreSQL gets it with what follows. A write transaction of SQLite has locked all there is.
        """
        if not self.is_sqlite:
            self.database.defer(self._sql_of(name, query)[0], params)

    def look_up(self, name: str, query: Any, *params: object) -> list[tuple[Any, ...]]:
        """The rows of a constant query that needs no transaction, in one round trip.

        Raises `StoreUnavailableError`.
        """
        if self.database.in_transaction():
            return self.rows_of(name, query, *params)
        (sql, _), database = self._sql_of(name, query), self.database
        self.statements += 1
        try:
            self.connect()
        except DATABASE_ERRORS as error:
            raise self.unavailable(error) from error
        try:
            run = database.execute_sql if self.is_sqlite else database.execute_alone
            return list(run(sql, params).fetchall())
        except DATABASE_ERRORS as error:
            if not is_outage(error):
                raise
            raise self.unavailable(error) from error

    def _sql_of(self, name: str, query: Any) -> tuple[str, tuple[Any, ...]]:
        """The SQL of a query, and what stands in it in the place of parameters."""
        known = self._prepared.get(name)
        if known is None or known[0] is not query:
            sql, names = self.database.get_sql_context().sql(query).query()
            if known is not None and known[1] != sql:
                raise ValueError(f"two queries are called {name}")
            known = self._prepared[name] = (query, sql, tuple(names))
        return known[1:]

    def answers(self) -> bool:
        """Whether the database can be reached."""
        try:
            with self.reading():
                self.database.execute_sql("SELECT 1").fetchone()
        except StoreUnavailableError:
            return False
        return True

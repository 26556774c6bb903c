"""A store as lines of JSON, the same from SQLite and PostgreSQL, and lines as the rows of a store.

A table is one line with its name and columns, then one line a row. Bytes are base64 in an object of
their own, and what is true or false is 1 or 0, as SQLite has it. Everything is read in one snapshot
and written in one transaction, some hundred rows at a time.
"""

import base64
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from typing import Any

import orjson
import peewee
import psycopg

from graphql_api.backup.backup_header import BackupError
from graphql_api.storage.store import Store

HISTORY = "schema_migration"
_MARK = "store_mark"
_ROWS_AT_ONCE = 500
_BYTES = "b64"
_DAMAGED = "cette sauvegarde est abîmée."
# What a value raises that no column takes, or a row that is there twice: the end of the file, which
# would tell that it was changed, is read last.
_UNFIT = (
    *(sqlite3.IntegrityError, sqlite3.InterfaceError, sqlite3.ProgrammingError, sqlite3.DataError),
    *(psycopg.IntegrityError, psycopg.ProgrammingError, psycopg.DataError),
    OverflowError,
)
_BOOLEANS = ("BOOL", "BOOLEAN")
Row = tuple[Any, ...]


def lift_time_limit(store: Store) -> None:
    """Let statements take their time, in the transaction of a store that has begun."""
    if store.is_sqlite:
        store.database.connection().set_progress_handler(None, 0)
    else:
        store.database.execute_sql("SET LOCAL statement_timeout = 0")


@contextmanager
def unhurried(store: Store) -> Iterator[None]:
    """A part of a transaction without the bound of time; its errors of the driver are Peewee's."""
    lift_time_limit(store)
    with peewee.__exception_wrapper__:  # type: ignore[attr-defined]  # its stubs lack it
        yield


def tables_of(store: Store) -> list[str]:
    """The tables of a store, but for the history of its migrations; the mark comes last.

    Triggers count on the mark what is written into other tables: it gets its own number at the end.
    """
    found = store.database.get_tables()
    names = (name for name in found if name != HISTORY and not name.startswith("sqlite_"))
    return sorted(names, key=lambda name: (name == _MARK, name))


def count_rows(store: Store) -> int:
    """The number of rows of a store, for a progress bar."""
    counts = (f"SELECT COUNT(*) FROM {_quoted(name)}" for name in tables_of(store))  # noqa: S608
    return sum(int(store.database.execute_sql(one).fetchone()[0]) for one in counts)


def dump_tables(store: Store) -> Iterator[bytes]:
    """The lines of all tables of a store, in its transaction that has begun."""
    for table in tables_of(store):
        columns = [column.name for column in store.database.get_columns(table)]
        yield _line({"table": table, "columns": columns})
        names = ", ".join(_quoted(name) for name in columns)
        for row in _stream(store, f"SELECT {names} FROM {_quoted(table)}"):  # noqa: S608, no value
            yield _line([int(value) if isinstance(value, bool) else value for value in row])


def load_tables(store: Store, lines: Iterable[Any]) -> list[str]:
    """Write the tables that lines hold into a store that has them, empty; return unknown tables.

    Raises `BackupError` for lines that are no tables, or have a column that the store has not.
    """
    known, unknown = set(tables_of(store)), []
    with _Inserter(store) as inserter:
        for line in lines:
            if isinstance(line, list):
                inserter.add(line)
                continue
            table, columns = _heading(line)
            inserter.flush()
            if table not in known:
                unknown.append(table)
            inserter.begin(table if table in known else None, columns)
    return unknown


class _Inserter:
    """Inserts rows into one table after another, many at once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._sql = ""
        self._booleans: list[int] = []
        self._width = -1
        self._rows: list[list[Any]] = []

    def __enter__(self) -> "_Inserter":
        return self

    def __exit__(self, kind: object, *_: object) -> None:
        if kind is None:
            self.flush()

    def begin(self, table: str | None, columns: list[str]) -> None:
        """Insert what follows into a table; into none, when its name is None."""
        self._width, self._sql = len(columns), ""
        if table is None:
            return
        types = {each.name: each for each in self._store.database.get_columns(table)}
        if missing := set(columns) - types.keys():
            raise BackupError(f"colonne inconnue dans la sauvegarde : {table}.{min(missing)}")
        mark = "?" if self._store.is_sqlite else "%s"
        marks, names = ", ".join([mark] * len(columns)), ", ".join(map(_quoted, columns))
        self._sql = f"INSERT INTO {_quoted(table)} ({names}) VALUES ({marks})"  # noqa: S608, quoted
        self._booleans = [
            place
            for place, name in enumerate(columns)
            if not self._store.is_sqlite and types[name].data_type.upper() in _BOOLEANS
        ]

    def add(self, row: list[Any]) -> None:
        """Insert a row. Raises `BackupError` for one of another width."""
        if len(row) != self._width:
            raise BackupError(_DAMAGED)
        if not self._sql:
            return
        values = [_value(one) for one in row]
        for place in self._booleans:
            values[place] = None if values[place] is None else bool(values[place])
        self._rows.append(values)
        if len(self._rows) == _ROWS_AT_ONCE:
            self.flush()

    def flush(self) -> None:
        """Write what is waiting."""
        if self._rows:
            with closing(self._store.database.connection().cursor()) as cursor:
                try:
                    cursor.executemany(self._sql, self._rows)
                except _UNFIT as error:
                    raise BackupError(_DAMAGED) from error
            self._rows = []


def _stream(store: Store, sql: str) -> Iterator[Row]:
    """The rows of a statement, of which only some are in memory at a time."""
    connection = store.database.connection()
    with closing(connection.cursor() if store.is_sqlite else connection.cursor("dump")) as cursor:
        cursor.execute(sql)
        while rows := cursor.fetchmany(_ROWS_AT_ONCE):
            yield from rows


def _heading(line: object) -> tuple[str, list[str]]:
    match line:
        case {"table": str(table), "columns": [*columns]} if columns:
            return table, [str(name) for name in columns]
    raise BackupError(_DAMAGED)


def _line(value: object) -> bytes:
    return orjson.dumps(value, default=_encoded) + b"\n"


def _encoded(value: object) -> dict[str, str]:
    if isinstance(value, bytes | memoryview):
        return {_BYTES: base64.b64encode(value).decode()}
    raise TypeError(type(value).__name__)


def _value(written: Any) -> Any:  # a column's: a number, a text, bytes or nothing
    if not isinstance(written, dict):
        return written
    try:
        return base64.b64decode(written[_BYTES], validate=True)
    except (KeyError, TypeError, ValueError):
        raise BackupError(_DAMAGED) from None


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'

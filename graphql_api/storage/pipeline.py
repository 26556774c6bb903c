"""The pipeline of a connection to PostgreSQL: statements that are sent together, and answered so.

It does what cursors of psycopg do, with the parts of psycopg that are in C: libpq, and the change of
values to and from Python. A cursor takes far more Python for each statement: docs/decisions/0074.
"""

import re
import select
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any

import psycopg  # on SQLite too: Peewee imports it by itself wherever it is installed
from psycopg import pq
from psycopg.adapt import PyFormat, Transformer

Statement = tuple[str, Sequence[Any]]
MOST_PREPARED = 200  # statements on one connection

_Key = tuple[bytes, tuple[int, ...]]  # a statement, and the types of its parameters
_Dumped = tuple[bytes, tuple[int, ...], Sequence[Any], Sequence[Any]]  # with values and formats
_ASKED = object()
_PLACE = re.compile("%([s%])")
_OFF = pq.PipelineStatus.OFF
_BAD = pq.ConnStatus.BAD
_NONE = {pq.TransactionStatus.IDLE, pq.TransactionStatus.UNKNOWN}
_BINARY = pq.Format.BINARY
_DONE = pq.ExecStatus.COMMAND_OK
_ROWS = pq.ExecStatus.TUPLES_OK
_END = pq.ExecStatus.PIPELINE_SYNC
_FAILED = pq.ExecStatus.FATAL_ERROR
_SEVERITY = pq.DiagnosticField.SEVERITY_NONLOCALIZED
_LAST = {b"FATAL", b"PANIC"}  # after which the server says no more


class Answer:
    """What a statement brought, read as from a cursor: rows, or how many it touched."""

    __slots__ = ("_result", "_rows")

    def __init__(self, result: Any, rows: list[tuple[Any, ...]]) -> None:
        self._result = result
        self._rows = iter(rows)

    @property
    def rowcount(self) -> int:
        """How many rows it brought or touched; -1 where that means nothing."""
        touched = self._result.command_tuples
        return -1 if touched is None else touched

    @property
    def description(self) -> list[tuple[str]]:
        """The names of the columns, as Peewee asks for them."""
        return [(self._result.fname(place).decode(),) for place in range(self._result.nfields)]

    def __iter__(self) -> Iterator[tuple[Any, ...]]:
        return self._rows

    def fetchone(self) -> tuple[Any, ...] | None:
        """The next row, or None."""
        return next(self._rows, None)

    def fetchall(self) -> list[tuple[Any, ...]]:
        """The rows that are left."""
        return list(self._rows)

    def close(self) -> None:
        """Nothing: all that there is was read."""


class Pipeline:
    """What is sent on one connection, by the thread that has it.

    `prepares` says that the connection keeps what is prepared on it: a statement is at its second use.
    """

    def __init__(self, connection: Any, *, prepares: bool) -> None:
        self._connection = connection
        self._libpq = connection.pgconn
        self._values: Any = Transformer.from_context(connection)
        self._prepares = prepares
        self._names: OrderedDict[_Key, bytes] = OrderedDict()  # empty after the first use
        self._count = 0
        self._unread = 0  # batches that were sent and whose answers were not read
        self._readable, self._writable = select.poll(), select.poll()
        self._readable.register(self._libpq.socket, select.POLLIN)
        self._writable.register(self._libpq.socket, select.POLLIN | select.POLLOUT)

    @property
    def in_transaction(self) -> bool:
        """Whether the server has a transaction open; not on a connection that is lost."""
        return self._libpq.transaction_status not in _NONE

    def run(self, batch: Sequence[Statement]) -> list[Answer]:
        """Run statements in one round trip; none is run after one that fails.

        Raises the first error of psycopg, once all answers are read.
        """
        dumped = [self._dumped(*one) for one in batch]  # all, before anything is sent
        try:
            sent = self._sent(dumped)
            results = self._read()
        except psycopg.Error:
            raise
        except BaseException:  # interrupted, so that nobody knows what was answered
            with suppress(psycopg.Error):
                self._connection.cancel_safe(timeout=5)
            self._connection.close()
            raise
        if failed := [one for one in results if one.status == _FAILED]:
            self._forget(results, sent)
            raise psycopg.errors.error_from_result(failed[0])
        return [self._answer(one) for one, of in zip(results, sent, strict=True) if of is _ASKED]

    def send(self, statement: Statement) -> None:
        """Run a statement without waiting for its answer, which is read before the next one's."""
        self._sent([self._dumped(*statement)])

    def finish(self) -> None:
        """Read what was not waited for, so that psycopg may use the connection.

        What failed in it shows in the next statement.
        """
        with suppress(psycopg.Error):
            self._read()

    def _sent(self, statements: list[_Dumped]) -> list[object]:
        """Send statements; return what each answer to expect is to: `_ASKED` where it is theirs."""
        try:
            return self._send_all(statements)
        except psycopg.Error:  # nobody knows what was sent
            self._connection.close()
            raise

    def _send_all(self, statements: list[_Dumped]) -> list[object]:
        libpq, sent = self._libpq, list[object]()
        if libpq.pipeline_status == _OFF:
            libpq.enter_pipeline_mode()
        for query, types, values, formats in statements:
            name = self._name_of((query, types), sent) if self._prepares else b""
            if name:
                libpq.send_query_prepared(name, values, formats, _BINARY)
            else:
                libpq.send_query_params(query, values, types, formats, _BINARY)
            sent.append(_ASKED)
        libpq.pipeline_sync()
        self._unread += 1
        while libpq.flush():
            self._writable.poll()
            libpq.consume_input()
        return sent

    def _dumped(self, sql: str, params: Sequence[Any]) -> _Dumped:
        if not params:
            return _numbered(sql), (), [], []
        values = self._values
        dumped = values.dump_sequence(params, [PyFormat.AUTO] * len(params))
        return _numbered(sql), values.types, dumped, values.formats

    def _name_of(self, key: _Key, sent: list[object]) -> bytes:
        """The name under which a statement is prepared; empty for one that is new.

        What must be sent for it is, and is added to `sent`.
        """
        name = self._names.pop(key, None)
        if name == b"":
            self._count += 1
            name = b"livret_%d" % self._count
            self._libpq.send_prepare(name, *key)
            sent.append(key)
        self._names[key] = name or b""
        if len(self._names) > MOST_PREPARED:
            _, oldest = self._names.popitem(last=False)
            if oldest:
                self._libpq.send_close_prepared(oldest)
                sent.append(oldest)
        return self._names[key]

    def _forget(self, results: list[Any], sent: list[object]) -> None:
        """Forget the names of what was not prepared because of a failure."""
        for result, of in zip(results, sent, strict=False):
            if result.status != _DONE and isinstance(of, tuple):
                self._names.pop(of, None)

    def _read(self) -> list[Any]:
        """Read all answers, and return those to the last batch."""
        results: list[Any] = []
        while self._unread:
            self._unread -= 1
            results = self._results()
            if self._unread and any(one.status == _FAILED for one in results):
                # A COMMIT that nobody waited for: its transaction may still be open.
                self._connection.close()
        if self._libpq.pipeline_status != _OFF:
            self._libpq.exit_pipeline_mode()
        return results

    def _results(self) -> list[Any]:
        """The results of one batch."""
        libpq, results = self._libpq, list[Any]()
        while True:
            while libpq.is_busy():
                self._readable.poll()
                libpq.consume_input()
            result = libpq.get_result()
            if result is None:
                if libpq.status == _BAD:
                    raise psycopg.OperationalError(libpq.get_error_message())
            elif result.status == _END:
                return results
            else:
                results.append(result)
                if result.status == _FAILED and result.error_field(_SEVERITY) in _LAST:
                    self._connection.close()
                    return results

    def _answer(self, result: Any) -> Answer:
        rows: list[tuple[Any, ...]] = []
        if result.status == _ROWS:
            self._values.set_pgresult(result)
            rows = self._values.load_rows(0, result.ntuples, tuple)
            self._values.set_pgresult(None)  # else it keeps what was read until the next one
        return Answer(result, rows)


@lru_cache(maxsize=1_000)
def _numbered(sql: str) -> bytes:
    """A statement with `$1`, `$2` and so on for its `%s`, as the server takes it."""
    count = 0

    def place(found: re.Match[str]) -> str:
        nonlocal count
        if found[1] == "%":
            return "%"
        count += 1
        return f"${count}"

    return _PLACE.sub(place, sql).encode()

"""Failures of a database: which are outages, and what a log may say of one.

A log gets the kind of an outage and the name of the store, never a message of the database: it may
quote what is written.
"""

from collections.abc import Iterator

import peewee

_NOT_OUTAGES = (
    peewee.DataError,
    peewee.IntegrityError,
    peewee.NotSupportedError,
    peewee.ProgrammingError,
)
# By the beginning of SQLite's name of the error, or of PostgreSQL's SQLSTATE.
_KINDS = {
    "SQLITE_BUSY": "locked",
    "SQLITE_LOCKED": "locked",
    "SQLITE_FULL": "disk full",
    "SQLITE_READONLY": "read-only",
    "SQLITE_INTERRUPT": "too slow",
    "SQLITE_IOERR": "input/output error",
    "SQLITE_CANTOPEN": "unreachable",
    "SQLITE_NOTADB": "damaged",
    "SQLITE_CORRUPT": "damaged",
    "08": "connection lost",
    "25006": "read-only",
    "40": "conflict",
    "53100": "disk full",
    "53300": "too many connections",
    "55P03": "locked",
    "57014": "too slow",
    "57P": "connection lost",
    "58": "input/output error",
    "XX": "damaged",
}
_UNKNOWN = "unreachable"
_OUR_FAULT = "25P"  # a statement after one that failed
# Kinds after which reading goes on, so that only writing shows whether they are over.
WRITES_ONLY = frozenset({"disk full", "read-only", "input/output error"})


def is_outage(error: BaseException) -> bool:
    """Whether the database failed, and not what was asked of it."""
    if isinstance(error, _NOT_OUTAGES) or kind_of(error).startswith(_OUR_FAULT):
        return False
    return isinstance(error, peewee.DatabaseError | peewee.InterfaceError)


def kind_of(error: BaseException) -> str:
    """The kind of an outage, in a few words that say nothing of what is stored."""
    codes = [code for one in _causes(error) if (code := _code_of(one)) is not None]
    for code in codes:  # undoing a savepoint fails too where the database undid everything
        for start, kind in _KINDS.items():
            if code.startswith(start):
                return kind
    return codes[0] if codes else _UNKNOWN


def _code_of(error: BaseException) -> str | None:
    code = getattr(error, "sqlstate", None) or getattr(error, "sqlite_errorname", None)
    return code if isinstance(code, str) else None


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception, those that it wraps, and those that it was raised from or after."""
    waiting, seen = [error], set[int]()
    while waiting:
        one = waiting.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        near = (getattr(one, "orig", None), one.__cause__, one.__context__)  # `orig` is Peewee's
        waiting += [each for each in near if isinstance(each, BaseException)]

"""One transaction of a store, from its turn to its end."""

from contextlib import AbstractContextManager
from types import TracebackType
from typing import Any, Protocol

import peewee

from graphql_api.storage.outages import is_outage

DATABASE_ERRORS = (peewee.DatabaseError, peewee.InterfaceError)


class Transactional(Protocol):
    """What a transaction asks of its store; `mode` is the way in which it begins."""

    def take_turn(self, mode: object) -> None:
        """Wait until it may begin."""

    def end_turn(self, mode: object) -> None:
        """Let the next one begin."""

    def begin(self, mode: object) -> Any:
        """Begin a transaction of Peewee's, and return it."""

    def unavailable(self, error: BaseException) -> Exception:
        """The exception to raise for an outage."""


class Transaction(AbstractContextManager[None]):
    """A transaction of a store: an outage within it, or at its end, is raised as such."""

    __slots__ = ("_mode", "_store", "_transaction")

    def __init__(self, store: Transactional, mode: object) -> None:
        self._store = store
        self._mode = mode

    def __enter__(self) -> None:
        self._store.take_turn(self._mode)
        try:
            self._transaction = self._store.begin(self._mode)
        except BaseException:
            self._store.end_turn(self._mode)
            raise

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        try:
            self._transaction.__exit__(kind, error, traceback)
        except DATABASE_ERRORS as ending:
            error = ending
            if not is_outage(ending):
                raise
        finally:
            self._store.end_turn(self._mode)
        if isinstance(error, DATABASE_ERRORS) and is_outage(error):
            raise self._store.unavailable(error) from error

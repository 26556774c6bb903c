"""Booklets that were begun with a code and whose charter nobody accepted: they end after a while."""

from datetime import timedelta
from typing import Any

from graphql_api.operations.service import Service
from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.booklet_rows import lock_person
from graphql_api.storage.erasing import erase_booklet
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.people import delete_if_unused
from graphql_api.storage.tables import BookletTable
from schema.description.bounds import BEGUN_BOOKLET_DAYS
from schema.description.refusals import BookletState

LIFETIME = timedelta(days=BEGUN_BOOKLET_DAYS)
_MOST_AT_ONCE = 500


def erase_abandoned(service: Service) -> int:
    """Erase the booklets begun long ago and never accepted, with their keys; return how many.

    The code may serve again. Each is one transaction, as a closing is, so that a crash in the
    middle is finished as that of a closing. Raises `StoreUnavailableError`.
    """
    since = to_microseconds(service.clock() - LIFETIME)
    erased = 0
    while True:
        with service.store.reading():
            query = BookletTable.select(BookletTable.id, BookletTable.person).where(_is_old(since))
            found = service.store.rows(query.limit(_MOST_AT_ONCE).tuples())
        erased += sum(_erase(service, booklet, person, since) for booklet, person in found)
        if len(found) < _MOST_AT_ONCE:
            return erased


def _is_old(since: int) -> Any:
    begun: Any = BookletTable.state == BookletState.CODE_GIVEN.value
    return begun & (BookletTable.updated_at <= since)


def _erase(service: Service, booklet: str, person: str, since: int) -> bool:
    """Erase one, unless its charter was accepted or refused meanwhile."""
    op = service.operation(Anonymous())
    with op.after_commit, service.store.writing():
        lock_person(op, person)  # first, as whatever its owner does
        here = BookletTable.select(BookletTable.id).where(
            BookletTable.id == booklet, _is_old(since)
        )
        if service.store.row(here.tuples()) is None:
            return False
        erase_booklet(op, booklet)
        delete_if_unused(op, person)
    return True

"""People and their login identities: only the pair (issuer, subject) names a person."""

import uuid
from collections.abc import Sequence
from typing import Any

from peewee import IntegrityError

from graphql_api.storage.actors import Agent
from graphql_api.storage.keys.authenticated_rows import LOGIN_IDENTITIES
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
    PersonTable,
    SetAsideTable,
)

_KNOWN = (
    LoginIdentityTable.select(*LOGIN_IDENTITIES.columns)
    .where(LoginIdentityTable.issuer == "issuer", LoginIdentityTable.subject == "subject")
    .tuples()
)
_LOCKED = _KNOWN.join(PersonTable, on=(PersonTable.id == LoginIdentityTable.person)).for_update(
    of=PersonTable
)


def person_of(op: Operation) -> str | None:
    """The person who is calling; None when nobody signed in, or at a first visit."""
    if op.person is None and isinstance(op.actor, Agent):
        op.person = person_named(op, op.actor)
    return op.person


def lock_caller(op: Operation) -> None:
    """Lock the row of the person who is calling, if there is one, until this operation ends.

    Their writes follow one another by that. What is read of them must be read after it.
    """
    if isinstance(op.actor, Agent):
        op.store.lock("caller", _LOCKED, op.actor.issuer, op.actor.subject)


def person_named(op: Operation, agent: Agent) -> str | None:
    """The person of a login identity, whoever is calling; None when they never wrote anything."""
    rows = op.store.rows_of("person", _KNOWN, agent.issuer, agent.subject)
    return person_of_rows(op, rows)


def person_of_rows(op: Operation, rows: Sequence[Sequence[Any]]) -> str | None:
    """The person whom a row of a login identity names, if it is genuine."""
    known = LOGIN_IDENTITIES.genuine(op.store, rows)
    return str(known[0]["person"]) if known else None


def get_or_create_person(op: Operation, agent: Agent) -> str:
    """The person of a login identity, looked up, and inserted at their first write."""
    known = person_of(op) if agent == op.actor else person_named(op, agent)
    return create_person(op, agent) if known is None else known


def create_person(op: Operation, agent: Agent) -> str:
    """Insert the person of a login identity that was nobody's a moment ago; the same if it is not."""
    person = str(uuid.uuid4())
    try:
        with op.store.savepoint():
            op.store.write(PersonTable.insert(id=person, created_at=op.now_us))
            _insert_identity(op, agent, person)
    except IntegrityError:
        another = person_named(op, agent)
        if another is not None:  # another request of theirs was quicker
            return another
        _replace_identity(op, agent, person)
    if agent == op.actor:
        op.person = person
    return person


def _insert_identity(op: Operation, agent: Agent, person: str) -> None:
    values = {"issuer": agent.issuer, "subject": agent.subject, "person": person}
    op.store.run(LoginIdentityTable.insert(LOGIN_IDENTITIES.signed(op.store, values)))


def _replace_identity(op: Operation, agent: Agent, person: str) -> None:
    """Write a login identity in the place of one that is not authentic, and so nobody's."""
    table = LoginIdentityTable
    op.store.run(table.delete().where(table.issuer == agent.issuer, table.subject == agent.subject))
    op.store.write(PersonTable.insert(id=person, created_at=op.now_us))
    _insert_identity(op, agent, person)


def lock_row_of(op: Operation, person: str) -> bool:
    """Lock the row of any person until this operation ends; False when there is no such person."""
    query = PersonTable.select(PersonTable.id).where(PersonTable.id == person).tuples()
    return op.store.row(query if op.store.is_sqlite else query.for_update()) is not None


def delete_if_unused(op: Operation, person: str) -> None:
    """Delete a person if they own no booklet, not even one set aside, and have no office."""
    for table in (BookletTable, SetAsideTable, OfficerTable, OperatorTable):
        if op.store.row(table.select(table.person).where(table.person == person).tuples()):
            return
    op.store.run(LoginIdentityTable.delete().where(LoginIdentityTable.person == person))
    op.store.run(PersonTable.delete().where(PersonTable.id == person))

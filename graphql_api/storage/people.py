"""People and their login identities: only the pair (issuer, subject) names a person."""

import uuid

from peewee import IntegrityError

from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
    PersonTable,
)

_KNOWN = (
    LoginIdentityTable.select(LoginIdentityTable.person)
    .where(LoginIdentityTable.issuer == "issuer", LoginIdentityTable.subject == "subject")
    .tuples()
)


def person_of(op: Operation) -> str | None:
    """The person who is calling; None when nobody signed in, or at a first visit."""
    if op.person is None and isinstance(op.actor, Agent):
        rows = op.store.rows_of("person", _KNOWN, op.actor.issuer, op.actor.subject)
        op.person = rows[0][0] if rows else None
    return op.person


def person_named(op: Operation, agent: Agent) -> str | None:
    """The person of a login identity, whoever is calling; None when they never wrote anything."""
    rows = op.store.rows_of("person", _KNOWN, agent.issuer, agent.subject)
    return str(rows[0][0]) if rows else None


def get_or_create_person(op: Operation, agent: Agent) -> str:
    """The person of a login identity, inserted at their first write."""
    known = person_of(op) if agent == op.actor else person_named(op, agent)
    if known is not None:
        return known
    person = str(uuid.uuid4())
    try:
        with op.store.savepoint():
            op.store.run(PersonTable.insert(id=person, created_at=op.now_us))
            op.store.run(
                LoginIdentityTable.insert(issuer=agent.issuer, subject=agent.subject, person=person)
            )
    except IntegrityError:
        return person_named(op, agent) or person
    if agent == op.actor:
        op.person = person
    return person


def lock_row_of(op: Operation, person: str) -> bool:
    """Lock the row of any person until this operation ends; False when there is no such person."""
    query = PersonTable.select(PersonTable.id).where(PersonTable.id == person).tuples()
    return op.store.row(query if op.store.is_sqlite else query.for_update()) is not None


def delete_if_unused(op: Operation, person: str) -> None:
    """Delete a person if they own no booklet and are neither officer nor operator."""
    for table in (BookletTable, OfficerTable, OperatorTable):
        if op.store.row(table.select(table.person).where(table.person == person).tuples()):
            return
    op.store.run(LoginIdentityTable.delete().where(LoginIdentityTable.person == person))
    op.store.run(PersonTable.delete().where(PersonTable.id == person))

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


def get_or_create_person(op: Operation, agent: Agent) -> str:
    """The person who is calling, inserted at their first write."""
    known = person_of(op)
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
        return person_of(op) or person
    op.person = person
    return person


def delete_if_unused(op: Operation) -> None:
    """Delete the calling person if they own no booklet and are neither officer nor operator."""
    person = person_of(op)
    if person is None:
        return
    for table in (BookletTable, OfficerTable, OperatorTable):
        if op.store.row(table.select(table.person).where(table.person == person).tuples()):
            return
    op.store.run(LoginIdentityTable.delete().where(LoginIdentityTable.person == person))
    op.store.run(PersonTable.delete().where(PersonTable.id == person))

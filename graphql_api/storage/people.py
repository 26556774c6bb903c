"""People and their ways to sign in: the pair (issuer, subject) names a person, nothing else does."""

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
    """The person who is calling, or None: nobody signed in, or someone never seen before."""
    if op.person is None and isinstance(op.actor, Agent):
        rows = op.store.rows_of("person", _KNOWN, op.actor.issuer, op.actor.subject)
        op.person = rows[0][0] if rows else None
    return op.person


def welcome(op: Operation, agent: Agent) -> str:
    """The person who is calling, made known at their first write."""
    known = person_of(op)
    if known is not None:
        return known
    person = str(uuid.uuid4())
    try:
        with op.store.savepoint():
            op.store.run(PersonTable.insert(id=person, created_at=op.moment))
            op.store.run(
                LoginIdentityTable.insert(issuer=agent.issuer, subject=agent.subject, person=person)
            )
    except IntegrityError:
        return person_of(op) or person
    op.person = person
    return person


def forget_if_unknown(op: Operation) -> None:
    """Forget a person who owns nothing and has no right: as if they had never come."""
    person = person_of(op)
    if person is None:
        return
    for table in (BookletTable, OfficerTable, OperatorTable):
        if op.store.row(table.select(table.person).where(table.person == person).tuples()):
            return
    op.store.run(LoginIdentityTable.delete().where(LoginIdentityTable.person == person))
    op.store.run(PersonTable.delete().where(PersonTable.id == person))

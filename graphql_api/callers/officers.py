"""HR officers and operators: rights of a person, given by the operator's command line.

An officer hands out codes for a collectivité, named by its SIRET, and never sees a booklet, nor
whether there is one. The officer's right comes from this table alone, never from a token or an
employer.
"""

from dataclasses import dataclass

from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import delete_if_unused, get_or_create_person, person_of
from graphql_api.storage.tables import LoginIdentityTable, OfficerTable, OperatorTable


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer as the operator lists them."""

    issuer: str
    subject: str
    siret: str


def require_officer(op: Operation, siret: str) -> None:
    """Refuse a caller who is not an officer of that collectivité, in the same words for all."""
    person = person_of(op)
    query = OfficerTable.select(OfficerTable.siret).where(
        OfficerTable.person == person, OfficerTable.siret == siret
    )
    if person is None or op.store.row(query.tuples()) is None:
        raise PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")


def is_operator(op: Operation) -> bool:
    """Whether the caller operates the service."""
    query = OperatorTable.select(OperatorTable.person).where(OperatorTable.person == person_of(op))
    return op.store.row(query.tuples()) is not None


def add_officer(op: Operation, who: Agent, siret: str) -> None:
    """Make a person an officer of a collectivité; doing it twice changes nothing."""
    row = OfficerTable.insert(
        person=get_or_create_person(op, who), siret=siret, created_at=op.now_us
    )
    op.store.run(row.on_conflict_ignore())


def remove_officer(op: Operation, siret: str) -> bool:
    """Take the right back from an officer, who is the operation's actor; whether there was one."""
    person = person_of(op)
    query = OfficerTable.delete().where(OfficerTable.person == person, OfficerTable.siret == siret)
    removed = op.store.run(query) == 1
    delete_if_unused(op)
    return removed


def list_officers(op: Operation) -> list[OfficerRow]:
    """All officers, by SIRET."""
    query = (
        OfficerTable.select(
            LoginIdentityTable.issuer, LoginIdentityTable.subject, OfficerTable.siret
        )
        .join(LoginIdentityTable, on=(LoginIdentityTable.person == OfficerTable.person))
        .order_by(OfficerTable.siret, LoginIdentityTable.issuer, LoginIdentityTable.subject)
    )
    return [OfficerRow(*row) for row in op.store.rows(query.tuples())]


def add_operator(op: Operation, who: Agent) -> None:
    """Make a person an operator."""
    row = OperatorTable.insert(person=get_or_create_person(op, who), created_at=op.now_us)
    op.store.run(row.on_conflict_ignore())


def remove_operator(op: Operation) -> bool:
    """Take the right back from an operator, who is the operation's actor; whether there was one."""
    removed = op.store.run(OperatorTable.delete().where(OperatorTable.person == person_of(op))) == 1
    delete_if_unused(op)
    return removed


def list_operators(op: Operation) -> list[tuple[str, str]]:
    """All operators, as issuer and subject."""
    query = (
        OperatorTable.select(LoginIdentityTable.issuer, LoginIdentityTable.subject)
        .join(LoginIdentityTable, on=(LoginIdentityTable.person == OperatorTable.person))
        .order_by(LoginIdentityTable.issuer, LoginIdentityTable.subject)
    )
    return [(issuer, subject) for issuer, subject in op.store.rows(query.tuples())]

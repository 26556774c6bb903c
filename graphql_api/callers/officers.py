"""HR officers and operators: rights of a person, given by an operator, or by the command line.

An officer hands out codes for a collectivité, named by its SIRET, and never sees a booklet, nor
whether there is one. The officer's right comes from this table alone, never from a token or an
employer.
"""

from dataclasses import dataclass
from typing import Any

from peewee import JOIN

from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Agent
from graphql_api.storage.keys.authenticated_rows import OFFICERS, OPERATORS, AuthenticatedTable
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import (
    delete_if_unused,
    get_or_create_person,
    lock_row_of,
    person_of,
)
from graphql_api.storage.tables import (
    LocalAuthorityTable,
    LoginIdentityTable,
    OfficerTable,
    OperatorTable,
)


@dataclass(frozen=True, slots=True)
class OfficerRow:
    """An officer as operators list them; `name` is that of the collectivité, if it has one."""

    siret: str
    person: str
    issuer: str
    subject: str
    name: str | None


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """An operator as operators list them."""

    person: str
    issuer: str
    subject: str


def require_officer(op: Operation, siret: str) -> None:
    """Refuse a caller who is not an officer of that collectivité, in the same words for all."""
    person = person_of(op)
    if person is None or not _is_officer(op, person, siret):
        raise _forbidden()


def require_operator(op: Operation) -> None:
    """Refuse a caller who does not operate the service, in the same words as for officers."""
    if not is_operator(op):
        raise _forbidden()


def is_operator(op: Operation) -> bool:
    """Whether the caller operates the service."""
    return _is_operator(op, person_of(op))


def add_officer(op: Operation, who: Agent, siret: str) -> None:
    """Make a person an officer of a collectivité; doing it twice changes nothing."""
    person = get_or_create_person(op, who)
    if not _is_officer(op, person, siret):
        values = {"person": person, "siret": siret, "created_at": op.now_us}
        _write(op, OFFICERS, values)


def remove_officer(op: Operation, person: str, siret: str) -> bool:
    """Take the right back from an officer; whether there was one."""
    lock_row_of(op, person)
    query = OfficerTable.delete().where(OfficerTable.person == person, OfficerTable.siret == siret)
    removed = op.store.run(query) == 1
    delete_if_unused(op, person)
    return removed


def list_officers(
    op: Operation, first: int | None = None, after: tuple[str, str] | None = None
) -> list[OfficerRow]:
    """At most `first` officers, by SIRET and person, after the one of this SIRET and person."""
    query = _officers()
    if after is not None:
        siret, person = after
        same = (OfficerTable.siret == siret) & (OfficerTable.person > person)
        query = query.where((OfficerTable.siret > siret) | same)
    return [OfficerRow(*row) for row in op.store.rows(query.limit(first).tuples())]


def find_officer(op: Operation, person: str, siret: str) -> OfficerRow | None:
    """An officer of a collectivité; None when the person is none of it."""
    query = _officers().where(OfficerTable.person == person, OfficerTable.siret == siret)
    row = op.store.row(query.tuples())
    return OfficerRow(*row) if row else None


def add_operator(op: Operation, who: Agent) -> None:
    """Make a person an operator; doing it twice changes nothing."""
    person = get_or_create_person(op, who)
    if not _is_operator(op, person):
        _write(op, OPERATORS, {"person": person, "created_at": op.now_us})


def remove_operator(op: Operation, person: str) -> bool:
    """Take the right back from an operator; whether there was one."""
    lock_row_of(op, person)
    removed = op.store.run(OperatorTable.delete().where(OperatorTable.person == person)) == 1
    delete_if_unused(op, person)
    return removed


def list_operators(op: Operation, first: int | None = None) -> list[OperatorRow]:
    """All operators, or as many as asked for."""
    query = (
        OperatorTable.select(
            OperatorTable.person, LoginIdentityTable.issuer, LoginIdentityTable.subject
        )
        .join(LoginIdentityTable, on=(LoginIdentityTable.person == OperatorTable.person))
        .order_by(LoginIdentityTable.issuer, LoginIdentityTable.subject)
    )
    return [OperatorRow(*row) for row in op.store.rows(query.limit(first).tuples())]


def _is_officer(op: Operation, person: str, siret: str) -> bool:
    query = OfficerTable.select(*OFFICERS.columns).where(
        OfficerTable.person == person, OfficerTable.siret == siret
    )
    return bool(OFFICERS.genuine(op.store, op.store.rows(query.tuples())))


def _is_operator(op: Operation, person: str | None) -> bool:
    query = OperatorTable.select(*OPERATORS.columns).where(OperatorTable.person == person)
    return bool(OPERATORS.genuine(op.store, op.store.rows(query.tuples())))


def _write(op: Operation, rights: AuthenticatedTable, values: dict[str, Any]) -> None:
    """Write a right, also in the place of a row that is not authentic; done twice, it stays."""
    signed = rights.signed(op.store, values)
    row = rights.table.insert(signed).on_conflict(
        conflict_target=list(rights.table._meta.get_primary_keys()),
        update={"created_at": op.now_us, "mac": signed["mac"]},
    )
    op.store.run(row)


def _officers() -> Any:  # Peewee has no types
    return (
        OfficerTable.select(
            OfficerTable.siret,
            OfficerTable.person,
            LoginIdentityTable.issuer,
            LoginIdentityTable.subject,
            LocalAuthorityTable.name,
        )
        .join(LoginIdentityTable, on=(LoginIdentityTable.person == OfficerTable.person))
        .join(
            LocalAuthorityTable,
            JOIN.LEFT_OUTER,
            on=(LocalAuthorityTable.siret == OfficerTable.siret),
        )
        .order_by(OfficerTable.siret, OfficerTable.person, LoginIdentityTable.issuer)
    )


def _forbidden() -> PublicError:
    return PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")

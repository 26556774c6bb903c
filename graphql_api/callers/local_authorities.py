"""Collectivités: what each is called, as the operator wrote it, and for which a caller is an officer."""

from peewee import JOIN

from graphql_api.storage.keys.authenticated_rows import OFFICERS
from graphql_api.storage.operation import Operation
from graphql_api.storage.people import person_of
from graphql_api.storage.tables import LocalAuthorityTable, OfficerTable

MAX_NAME = 120


def name_of(op: Operation, siret: str) -> str | None:
    """The name of a collectivité; None when the operator gave none."""
    query = LocalAuthorityTable.select(LocalAuthorityTable.name)
    row = op.store.row(query.where(LocalAuthorityTable.siret == siret).tuples())
    return str(row[0]) if row else None


def give_name(op: Operation, siret: str, name: str) -> None:
    """Call a collectivité by a name, instead of the one that it had, if any."""
    row = LocalAuthorityTable.insert(siret=siret, name=name)
    op.store.run(
        row.on_conflict(conflict_target=[LocalAuthorityTable.siret], update={"name": name})
    )


def list_names(op: Operation) -> list[tuple[str, str]]:
    """The SIRET and the name of each collectivité that has a name, by name."""
    query = LocalAuthorityTable.select(LocalAuthorityTable.siret, LocalAuthorityTable.name)
    rows = op.store.rows(
        query.order_by(LocalAuthorityTable.name, LocalAuthorityTable.siret).tuples()
    )
    return [(siret, name) for siret, name in rows]


def offices_of(op: Operation) -> list[tuple[str, str | None]]:
    """The collectivités for which the caller is an officer, by SIRET: SIRET, and name if any."""
    query = (
        OfficerTable.select(LocalAuthorityTable.name, *OFFICERS.columns)
        .join(
            LocalAuthorityTable,
            JOIN.LEFT_OUTER,
            on=(LocalAuthorityTable.siret == OfficerTable.siret),
        )
        .where(OfficerTable.person == person_of(op))
        .order_by(OfficerTable.siret)
    )
    return [
        (row[OFFICERS.fields.index("siret")], name)
        for name, *row in op.store.rows(query.tuples())
        if OFFICERS.is_genuine(op.store, row)
    ]

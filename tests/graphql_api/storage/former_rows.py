"""Booklets put back into the rows that sections replaced, as an earlier version had stored them."""

from collections.abc import Iterable
from typing import Any

from graphql_api.storage.actors import Anonymous
from graphql_api.storage.content.booklet_repository import find
from graphql_api.storage.content.booklet_rows import row_by_id
from graphql_api.storage.content.documents import content_of, identity_document, situation_document
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.former_content.former_tables import NAMES
from graphql_api.storage.keys.encryption import SealContext
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import BookletSectionTable, DossierIndexTable
from schema.dossiers import stored_dossier
from tests.conftest import Here


def put_into_rows(here: Here, booklets: Iterable[str]) -> None:
    """Write these booklets into the former tables, and delete their sections."""
    service = here.deployment.service
    op = service.operation(Anonymous())
    for id in booklets:
        with service.store.writing():
            row = row_by_id(op, id)
            assert row is not None
            booklet = find(op, row)
            assert booklet is not None
            for name, rows in _rows(booklet.read_all()).items():
                for values in rows:
                    service.store.run(NAMES[name].insert(**({"booklet": id} | values)))
            for table in (BookletSectionTable, DossierIndexTable):
                service.store.run(table.delete().where(table.booklet == id))


def _rows(booklet: LoadedBooklet) -> dict[str, list[dict[str, Any]]]:
    def sealed(table: str, row: str, version: int, content: object) -> bytes:
        return booklet.sealer.seal(SealContext(table, row, version), content)

    identity = identity_document(booklet.identity) if booklet.identity else None
    situation = situation_document(booklet.situation)
    return {
        "former_booklet": [
            {
                "identity_version": identity["version"] if identity else 0,
                "identity": identity
                and sealed("booklet", booklet.id, identity["version"], identity["content"]),
                "situation_version": situation["version"],
                "situation": sealed(
                    "situation", booklet.id, situation["version"], situation["content"]
                )
                if situation["version"]
                else None,
            }
        ],
        "entry": [
            {
                "id": one.id,
                "rubric": one.rubric.value,
                "rank": one.rank,
                "version": one.version,
                "shape": 1,
                "created_at": to_microseconds(one.created_at),
                "updated_at": to_microseconds(one.updated_at),
                "sealed": sealed("entry", one.id, one.version, content_of(one)),
            }
            for one in booklet.entries
        ],
        "competence_link": [
            {
                "competence": one.competence,
                "target": one.target,
                "sealed": sealed(
                    "competence_link",
                    f"{one.competence}|{one.target}",
                    0,
                    {"relation": one.relation.value, "note": one.note},
                ),
            }
            for one in booklet.links
        ],
        "evidence_link": [
            {"attachment": one.attachment, "entry": one.entry} for one in booklet.evidence
        ],
        "dossier": [
            {
                "id": one.id,
                "version": one.version,
                "built_in": one.built_in,
                "sealed": sealed("dossier", one.id, one.version, stored_dossier.content_of(one)),
            }
            for one in booklet.dossiers
        ],
    }

"""The dossier of the whole booklet, with which the sections of every booklet begin."""

import uuid

from graphql_api.storage.content.booklet_writer import write_documents
from graphql_api.storage.content.documents import dossier_rows
from graphql_api.storage.content.head import Head
from graphql_api.storage.content.sections import Section
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import DossierIndexTable
from schema.dossiers.dossier import WHOLE_BOOKLET, WHOLE_BOOKLET_TITLE, Dossier
from schema.dossiers.stored_dossier import dossier_of
from schema.entries.shapes import SHAPE


def whole_booklet_dossier() -> Dossier:
    """A new dossier of the whole booklet, not yet written."""
    content = {"title": WHOLE_BOOKLET_TITLE, "purpose": WHOLE_BOOKLET}
    return dossier_of(str(uuid.uuid4()), 1, built_in=True, content=content)


def begin_sections(op: Operation, sealer: Sealer, booklet: str) -> None:
    """Write the first sections of a new booklet: its head, and the dossier of the whole."""
    whole = whole_booklet_dossier()
    document = {"shape": SHAPE, "dossiers": dossier_rows([whole]), "damaged": []}
    stored = StoredSections(op, booklet, sealer)
    write_documents(op, stored, Head(), {Section.DOSSIERS: document}, {})
    op.store.run(DossierIndexTable.insert(booklet=booklet, id=whole.id))

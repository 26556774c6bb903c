"""What a dossier is called, for the journal and the page of a share link."""

from dataclasses import dataclass

from graphql_api.storage.content.damage import UNREADABLE
from graphql_api.storage.content.documents import dossiers_of
from graphql_api.storage.content.sections import Section
from graphql_api.storage.content.stored_sections import StoredSections
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation


@dataclass(frozen=True, slots=True)
class DossierNames:
    """The title of a dossier and the French label of its purpose; empty once it is gone."""

    title: str
    purpose: str


def dossier_names(op: Operation, sealer: Sealer, booklet: str, dossier: str) -> DossierNames | None:
    """What a dossier is called; None when it is gone, or does not open: it is set aside then."""
    stored = StoredSections(op, booklet, sealer)
    if stored.row(Section.DOSSIERS) is None:  # also where somebody asks for an id that nothing has
        return None
    document = stored.document(Section.DOSSIERS)
    try:
        for one in dossiers_of(op, booklet, document) if document is not None else ():
            if one.id == dossier:
                return DossierNames(one.title, one.purpose.label)
    except UNREADABLE:
        stored.set_section_aside(Section.DOSSIERS)
    return None

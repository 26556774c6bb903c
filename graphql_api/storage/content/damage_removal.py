"""Removing a damaged part, at its owner's word: nothing else deletes or replaces one."""

from collections.abc import Callable
from typing import Any

from graphql_api.storage.communicated import (
    consent_events,
    consent_repository,
    share_link_repository,
)
from graphql_api.storage.content import draft_repository
from graphql_api.storage.content.booklet_writer import sizes_of, write_documents, write_sections
from graphql_api.storage.content.documents import dossier_rows
from graphql_api.storage.content.head import Head
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.content.sections import ENTRY_SECTIONS, Section, tag_of
from graphql_api.storage.content.whole_booklet import whole_booklet_dossier
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletSectionTable,
    BookletTable,
    ConsentTable,
    DossierIndexTable,
    PastConsentTable,
    ReminderTable,
)
from schema.damage import StoredKind
from schema.description.refusals import BookletState
from schema.entries.shapes import SHAPE
from schema.sharing.consent import ConsentEnd

Removal = Callable[[Operation, LoadedBooklet, str], None]


def _remove_head(op: Operation, booklet: LoadedBooklet, _id: str) -> None:
    """Make the head anew of the sections that open, and take each for the last that was written."""
    stored = booklet.stored
    rows = {section: row for section in Section if (row := stored.row(section)) is not None}
    sound = {section for section in rows if stored.document(section) is not None}
    seals = {section: (rows[section][0], tag_of(rows[section][1])) for section in sound}
    sizes: dict[Any, Any] = {}
    for section in ENTRY_SECTIONS:
        if (document := stored.document(section)) is not None:
            sizes |= sizes_of(section, booklet.entries_in(section), document)
    known = op.known_heads.get(booklet.id)
    newest = max(known.version if known else 0, *(version for version, _ in rows.values()), 0)
    write_documents(op, stored, Head(newest, seals, sizes), {}, {})


def _remove_section(section: Section) -> Removal:
    def remove(op: Operation, booklet: LoadedBooklet, _id: str) -> None:
        table = BookletSectionTable
        own = (table.booklet == booklet.id, table.section == section.value)
        op.store.run(table.delete().where(*own))
        if (head := booklet.stored.head) is not None:
            write_documents(op, booklet.stored, head.without(section), {}, {})

    return remove


def _remove_identity(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    """Without identity the booklet is where it was before the identity was written."""
    _remove_section(Section.IDENTITY)(op, booklet, id)
    state = BookletState.CHARTER_ACCEPTED.value
    op.store.run(BookletTable.update(state=state).where(BookletTable.id == booklet.id))


def _remove_dossiers(op: Operation, booklet: LoadedBooklet, _id: str) -> None:
    """Remove all dossiers and their links; that of the whole booklet is made anew."""
    table = DossierIndexTable
    known = op.store.rows(table.select(table.id).where(table.booklet == booklet.id).tuples())
    for (dossier,) in known:
        share_link_repository.delete_of_dossier(op, booklet.id, dossier)
    op.store.run(table.delete().where(table.booklet == booklet.id))
    whole = whole_booklet_dossier()
    op.store.run(table.insert(booklet=booklet.id, id=whole.id))
    document = {"shape": SHAPE, "dossiers": dossier_rows([whole]), "damaged": []}
    if (head := booklet.stored.head) is not None:
        write_documents(op, booklet.stored, head, {Section.DOSSIERS: document}, {})


def _remove_from_section(kind: StoredKind, rows: str, *sections: Section) -> Removal:
    """The removal of one value that does not open from the section that holds it."""

    def remove(op: Operation, booklet: LoadedBooklet, id: str) -> None:
        for section in sections:
            document = booklet.stored.document(section)
            if document is None:
                continue
            kept = {
                rows: [row for row in document.get(rows, ()) if row[0] != id],
                "damaged": [
                    one for one in document.get("damaged", ()) if one[:2] != [kind.name, id]
                ],
            }
            if any(document.get(name, []) != left for name, left in kept.items()):
                write_sections(op, booklet, {section: document | kept})

    return remove


def _remove_dossier(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    share_link_repository.delete_of_dossier(op, booklet.id, id)
    table = DossierIndexTable
    op.store.run(table.delete().where(table.booklet == booklet.id, table.id == id))
    document = booklet.stored.document(Section.DOSSIERS)
    if document is not None and not any(one.built_in for one in booklet.dossiers):
        whole = whole_booklet_dossier()
        op.store.run(table.insert(booklet=booklet.id, id=whole.id))
        document["dossiers"] += dossier_rows([whole])
    _remove_from_section(StoredKind.DOSSIER, "dossiers", Section.DOSSIERS)(op, booklet, id)


def _remove_draft(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    draft_repository.delete(op, booklet.id, id)


def _remove_consent(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    """End the consent, if it has not ended, for the site to be told; forget what it said."""
    consent_events.lock_chain(op.store)
    live = ConsentTable.select(ConsentTable.id).where(
        ConsentTable.booklet == booklet.id, ConsentTable.id == id
    )
    if op.store.row(live.tuples()) is not None:
        consent_repository.end(op, booklet.id, id, ConsentEnd.WITHDRAWN)
    past = PastConsentTable
    op.store.run(past.delete().where(past.booklet == booklet.id, past.id == id))


def _remove_share_link(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    share_link_repository.delete(op, booklet.id, [id])


def _remove_reminder(op: Operation, booklet: LoadedBooklet, _id: str) -> None:
    op.store.run(ReminderTable.delete().where(ReminderTable.booklet == booklet.id))


# Records of the journal and kept answers leave by themselves, and are nobody's to remove.
REMOVALS: dict[StoredKind, Removal] = {
    StoredKind.HEAD: _remove_head,
    StoredKind.IDENTITY: _remove_identity,
    StoredKind.SITUATION: _remove_section(Section.SITUATION),
    **{section.kind: _remove_section(section) for section in ENTRY_SECTIONS},
    StoredKind.DOSSIERS: _remove_dossiers,
    StoredKind.ENTRY: _remove_from_section(StoredKind.ENTRY, "entries", *ENTRY_SECTIONS),
    StoredKind.COMPETENCE_LINK: _remove_from_section(
        StoredKind.COMPETENCE_LINK, "links", Section.COMPETENCES
    ),
    StoredKind.DOSSIER: _remove_dossier,
    StoredKind.DRAFT: _remove_draft,
    StoredKind.CONSENT: _remove_consent,
    StoredKind.SHARE_LINK: _remove_share_link,
    StoredKind.REMINDER: _remove_reminder,
}

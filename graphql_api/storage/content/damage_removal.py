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
from graphql_api.storage.content.documents import Document, dossier_rows
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
        if (head := booklet.stored.head) is not None:  # without it nothing of a section is removed
            unlinked = _without_links_to_nothing(booklet, section)
            write_documents(op, booklet.stored, head.without(section), unlinked, {})

    return remove


def _without_links_to_nothing(booklet: LoadedBooklet, gone: Section) -> dict[Section, Document]:
    """The sections with links, without those to entries of a section that is gone.

    Nothing where another section cannot be read either: its entries may be those that are linked.
    """
    others = [section for section in ENTRY_SECTIONS if section is not gone]
    documents = [booklet.stored.document(section) for section in others]
    if gone not in ENTRY_SECTIONS or any(
        document is None and section in _sealed(booklet)
        for section, document in zip(others, documents, strict=True)
    ):
        return {}
    left = {
        one[at]
        for document in documents
        for rows, at in (("entries", 0), ("damaged", 1))
        for one in (document or {}).get(rows, ())
    }
    return _unlinked(booklet, lambda one: one not in left)


def _sealed(booklet: LoadedBooklet) -> frozenset[Section]:
    """The sections that the head names."""
    head = booklet.stored.head
    return frozenset(head.seals if head else ())


def _unlinked(booklet: LoadedBooklet, is_gone: Callable[[str], bool]) -> dict[Section, Document]:
    """The sections with links to what is gone, without these links."""
    changed = {}
    for section, name in ((Section.COMPETENCES, "links"), (Section.ATTACHMENTS, "evidence")):
        document = booklet.stored.document(section) or {}
        links = document.get(name, [])
        kept = [one for one in links if not (is_gone(one[0]) or is_gone(one[1]))]
        if len(kept) < len(links):
            changed[section] = document | {name: kept}
    return changed


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


def _without(kind: StoredKind, id: str, rows: str, document: Document) -> Document:
    """A document without one value that does not open."""
    damaged = [one for one in document.get("damaged", ()) if one[:2] != [kind.name, id]]
    left = [row for row in document.get(rows, ()) if row[0] != id]
    return document | {rows: left, "damaged": damaged}


def _remove_entry(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    """Remove an entry with its links; the entries that it was linked to stay."""
    documents = _unlinked(booklet, lambda one: one == id)
    for section in ENTRY_SECTIONS:
        document = documents.get(section) or booklet.stored.document(section)
        if document is not None:
            left = _without(StoredKind.ENTRY, id, "entries", document)
            if left != document:
                documents[section] = left
    write_sections(op, booklet, documents)


def _remove_link(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    document = booklet.stored.document(Section.COMPETENCES)
    if document is not None:
        left = _without(StoredKind.COMPETENCE_LINK, id, "links", document)
        write_sections(op, booklet, {Section.COMPETENCES: left})


def _remove_dossier(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    share_link_repository.delete_of_dossier(op, booklet.id, id)
    table = DossierIndexTable
    op.store.run(table.delete().where(table.booklet == booklet.id, table.id == id))
    document = booklet.stored.document(Section.DOSSIERS)
    if document is None:
        return
    left = _without(StoredKind.DOSSIER, id, "dossiers", document)
    if not any(one.built_in for one in booklet.dossiers):
        whole = whole_booklet_dossier()
        op.store.run(table.insert(booklet=booklet.id, id=whole.id))
        left["dossiers"] += dossier_rows([whole])
    write_sections(op, booklet, {Section.DOSSIERS: left})


def _remove_draft(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    draft_repository.delete(op, booklet.id, id)


def _remove_consent(op: Operation, booklet: LoadedBooklet, id: str) -> None:
    """End the consent, if it has not ended, for the site to be told; forget what it said."""
    consent_events.lock_chain(op.store)
    live = ConsentTable.select(ConsentTable.digest).where(
        ConsentTable.booklet == booklet.id, ConsentTable.id == id
    )
    if found := op.store.row(live.tuples()):
        consent_repository.end(op, booklet.id, id, found[0], ConsentEnd.WITHDRAWN)
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
    StoredKind.ENTRY: _remove_entry,
    StoredKind.COMPETENCE_LINK: _remove_link,
    StoredKind.DOSSIER: _remove_dossier,
    StoredKind.DRAFT: _remove_draft,
    StoredKind.CONSENT: _remove_consent,
    StoredKind.SHARE_LINK: _remove_share_link,
    StoredKind.REMINDER: _remove_reminder,
}
# What stands in a section, which is written under the head: a damaged head is removed first.
UNDER_THE_HEAD = frozenset(
    {one.kind for one in Section if one is not Section.HEAD}
    | {StoredKind.ENTRY, StoredKind.COMPETENCE_LINK, StoredKind.DOSSIER}
)

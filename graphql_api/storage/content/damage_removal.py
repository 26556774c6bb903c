"""Deleting the rows of a damaged part, at its owner's word: nothing else deletes or replaces them."""

from collections.abc import Callable

from graphql_api.storage.communicated import (
    consent_events,
    consent_repository,
    share_link_repository,
)
from graphql_api.storage.content import draft_repository
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import (
    BookletTable,
    CompetenceLinkTable,
    ConsentTable,
    DossierTable,
    EntryTable,
    EvidenceLinkTable,
    PastConsentTable,
    ReminderTable,
)
from schema.damage import StoredKind
from schema.description.refusals import BookletState
from schema.sharing.consent import ConsentEnd


def delete_entry(op: Operation, booklet: str, id: str) -> None:
    """Delete an entry and its links; the entries that it was linked to stay."""
    link, evidence = CompetenceLinkTable, EvidenceLinkTable
    ends = (link.competence == id) | (link.target == id)
    op.store.run(link.delete().where(link.booklet == booklet, ends))
    ends = (evidence.attachment == id) | (evidence.entry == id)
    op.store.run(evidence.delete().where(evidence.booklet == booklet, ends))
    op.store.run(EntryTable.delete().where(EntryTable.booklet == booklet, EntryTable.id == id))


def _delete_identity(op: Operation, booklet: str, _id: str) -> None:
    """Without identity the booklet is where it was before the identity was written."""
    empty = {
        "identity": None,
        "identity_version": 0,
        "state": BookletState.CHARTER_ACCEPTED.value,
    }
    op.store.run(BookletTable.update(**empty).where(BookletTable.id == booklet))


def _delete_situation(op: Operation, booklet: str, _id: str) -> None:
    empty = {"situation": None, "situation_version": 0}
    op.store.run(BookletTable.update(**empty).where(BookletTable.id == booklet))


def _delete_link(op: Operation, booklet: str, id: str) -> None:
    competence, _, target = id.partition(":")
    table = CompetenceLinkTable
    op.store.run(
        table.delete().where(
            table.booklet == booklet, table.competence == competence, table.target == target
        )
    )


def _delete_dossier(op: Operation, booklet: str, id: str) -> None:
    table = DossierTable
    op.store.run(table.delete().where(table.booklet == booklet, table.id == id))
    share_link_repository.delete_of_dossier(op, booklet, id)


def _delete_consent(op: Operation, booklet: str, id: str) -> None:
    """End the consent, if it has not ended, for the site to be told; forget what it said."""
    consent_events.lock_chain(op.store)
    live = ConsentTable.select(ConsentTable.id).where(
        ConsentTable.booklet == booklet, ConsentTable.id == id
    )
    if op.store.row(live.tuples()) is not None:
        consent_repository.end(op, booklet, id, ConsentEnd.WITHDRAWN)
    past = PastConsentTable
    op.store.run(past.delete().where(past.booklet == booklet, past.id == id))


def _delete_share_link(op: Operation, booklet: str, id: str) -> None:
    share_link_repository.delete(op, booklet, [id])


def _delete_reminder(op: Operation, booklet: str, _id: str) -> None:
    op.store.run(ReminderTable.delete().where(ReminderTable.booklet == booklet))


# Records of the journal and kept answers leave by themselves, and are nobody's to remove.
DELETIONS: dict[StoredKind, Callable[[Operation, str, str], None]] = {
    StoredKind.IDENTITY: _delete_identity,
    StoredKind.SITUATION: _delete_situation,
    StoredKind.ENTRY: delete_entry,
    StoredKind.COMPETENCE_LINK: _delete_link,
    StoredKind.DOSSIER: _delete_dossier,
    StoredKind.DRAFT: draft_repository.delete,
    StoredKind.CONSENT: _delete_consent,
    StoredKind.SHARE_LINK: _delete_share_link,
    StoredKind.REMINDER: _delete_reminder,
}

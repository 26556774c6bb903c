"""The verbs of links: competence ↔ entry, attachment ↔ entry.

A link belongs to its competence or attachment, whose version it raises; both ends are entries of
the caller's booklet.
"""

from strawberry import UNSET
from strawberry.types.unset import UnsetType

from graphql_api.booklets.booklets import bump_version, reload, require_open
from graphql_api.entries.entries import (
    content_of,
    require_entry,
    require_version,
    update,
)
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.booklet_repository import LoadedBooklet, link_context, link_id
from graphql_api.storage.damage import refuse_if_damaged
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import CompetenceLinkTable, EvidenceLinkTable
from schema.booklet import Booklet
from schema.damage import StoredKind
from schema.description.refusals import InvalidEntry, NotFound, Refused, problem
from schema.description.rubric import RubricName
from schema.description.validation import clean_value, note_errors
from schema.entries.entries import NOTE_LENGTH, Entry, LinkRelation


def link_competence(
    op: Operation,
    competence: str,
    version: int,
    target: str,
    relation: LinkRelation,
    note: str | UnsetType | None,
) -> tuple[Booklet, str]:
    """Link a competence to an entry that supports it, or change that link; an absent note stays.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry` when the entry is of a rubric that
    supports no competence.
    """
    loaded = require_open(op)
    owner = _require_owner(op, loaded, competence, version, RubricName.COMPETENCE, "competence")
    other = require_entry(op, loaded, target, "target")
    refuse_if_damaged(op, loaded.id, StoredKind.COMPETENCE_LINK, link_id(competence, target))
    text = _note_of_link(loaded, competence, target) if note is UNSET else clean_value(note)
    problems = []
    if not other.described_by.supports_competences:
        message = "Une compétence se relie à une formation ou à une expérience."
        problems.append(problem("target", "NOT_LINKABLE", message))
    problems += note_errors("note", text, NOTE_LENGTH)
    refuse_if_any(problems)
    content = {"relation": relation.value, "note": text}
    _delete_link(op, loaded, competence, target)
    op.store.run(
        CompetenceLinkTable.insert(
            booklet=loaded.id,
            competence=competence,
            target=target,
            sealed=loaded.sealer.seal(link_context(competence, target), content),
        )
    )
    return _save_owner(op, loaded, owner)


def unlink_competence(
    op: Operation, competence: str, version: int, target: str
) -> tuple[Booklet, str]:
    """Remove the link between a competence and an entry; both stay."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, competence, version, RubricName.COMPETENCE, "competence")
    if _delete_link(op, loaded, competence, target) == 0:
        raise Refused(NotFound(path="target"))
    return _save_owner(op, loaded, owner)


def link_evidence(op: Operation, attachment: str, version: int, entry: str) -> tuple[Booklet, str]:
    """Link a paper document to an entry that it proves; a other time changes nothing."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    other = require_entry(op, loaded, entry, "entry")
    if other.rubric is RubricName.ATTACHMENT:
        message = "Une pièce jointe ne peut pas justifier une autre pièce jointe."
        raise Refused(InvalidEntry(problems=[problem("entry", "NOT_LINKABLE", message)]))
    _delete_evidence(op, loaded, attachment, entry)
    op.store.run(EvidenceLinkTable.insert(booklet=loaded.id, attachment=attachment, entry=entry))
    return _save_owner(op, loaded, owner)


def unlink_evidence(
    op: Operation, attachment: str, version: int, entry: str
) -> tuple[Booklet, str]:
    """Remove the link between a paper document and an entry; both stay."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    if _delete_evidence(op, loaded, attachment, entry) == 0:
        raise Refused(NotFound(path="entry"))
    return _save_owner(op, loaded, owner)


def _require_owner(
    op: Operation, loaded: LoadedBooklet, id: str, version: int, rubric: RubricName, path: str
) -> Entry:
    if require_entry(op, loaded, id, path).rubric is not rubric:
        raise Refused(NotFound(path=path))
    return require_version(op, loaded, id, version)


def _note_of_link(loaded: LoadedBooklet, competence: str, target: str) -> str | None:
    ends = (competence, target)
    return next((one.note for one in loaded.links if (one.competence, one.target) == ends), None)


def _delete_link(op: Operation, loaded: LoadedBooklet, competence: str, target: str) -> int:
    """Delete a link if there is one; return how many."""
    query = CompetenceLinkTable.delete().where(
        CompetenceLinkTable.booklet == loaded.id,
        CompetenceLinkTable.competence == competence,
        CompetenceLinkTable.target == target,
    )
    return op.store.run(query)


def _delete_evidence(op: Operation, loaded: LoadedBooklet, attachment: str, entry: str) -> int:
    """Delete a link of evidence if there is one; return how many."""
    query = EvidenceLinkTable.delete().where(
        EvidenceLinkTable.booklet == loaded.id,
        EvidenceLinkTable.attachment == attachment,
        EvidenceLinkTable.entry == entry,
    )
    return op.store.run(query)


def _save_owner(op: Operation, loaded: LoadedBooklet, owner: Entry) -> tuple[Booklet, str]:
    update(op, loaded, owner, content_of(owner), at=owner.updated_at)
    bump_version(op, loaded)
    return reload(op, loaded), owner.id

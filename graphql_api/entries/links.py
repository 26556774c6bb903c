"""The verbs of links: competence ↔ entry, attachment ↔ entry.

A link belongs to its competence or attachment, whose version it raises; both ends are entries of
the caller's booklet.
"""

from typing import Any

from strawberry import UNSET
from strawberry.types.unset import UnsetType

from graphql_api.booklets.booklets import require_open
from graphql_api.entries.entries import next_version, require_entry, require_version
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.content.booklet_repository import booklet_of
from graphql_api.storage.content.booklet_writer import save
from graphql_api.storage.content.damage import refuse_if_damaged
from graphql_api.storage.content.documents import link_id
from graphql_api.storage.content.loaded_booklet import LoadedBooklet
from graphql_api.storage.operation import Operation
from schema.booklet import Booklet
from schema.damage import StoredKind
from schema.description.refusals import InvalidEntry, NotFound, Refused, problem
from schema.description.rubric import RubricName
from schema.description.validation import clean_value, note_errors
from schema.entries.entries import NOTE_LENGTH, Entry, LinkRelation
from schema.entries.links import EvidenceRecord, LinkRecord


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
    link = LinkRecord(competence, target, relation, text if isinstance(text, str) else None)
    links = [one for one in loaded.links if (one.competence, one.target) != (competence, target)]
    return _save(op, loaded, owner, links=(*links, link))


def unlink_competence(
    op: Operation, competence: str, version: int, target: str
) -> tuple[Booklet, str]:
    """Remove the link between a competence and an entry; both stay."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, competence, version, RubricName.COMPETENCE, "competence")
    left = [one for one in loaded.links if (one.competence, one.target) != (competence, target)]
    if len(left) == len(loaded.links):
        refuse_if_damaged(op, loaded.id, StoredKind.COMPETENCE_LINK, link_id(competence, target))
        raise Refused(NotFound(path="target"))
    return _save(op, loaded, owner, links=tuple(left))


def link_evidence(op: Operation, attachment: str, version: int, entry: str) -> tuple[Booklet, str]:
    """Link a paper document to an entry that it proves; a other time changes nothing."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    other = require_entry(op, loaded, entry, "entry")
    if other.rubric is RubricName.ATTACHMENT:
        message = "Une pièce jointe ne peut pas justifier une autre pièce jointe."
        raise Refused(InvalidEntry(problems=[problem("entry", "NOT_LINKABLE", message)]))
    record = EvidenceRecord(attachment, entry)
    others = [one for one in loaded.evidence if one != record]
    return _save(op, loaded, owner, evidence=(*others, record))


def unlink_evidence(
    op: Operation, attachment: str, version: int, entry: str
) -> tuple[Booklet, str]:
    """Remove the link between a paper document and an entry; both stay."""
    loaded = require_open(op)
    owner = _require_owner(op, loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    record = EvidenceRecord(attachment, entry)
    if record not in loaded.evidence:
        raise Refused(NotFound(path="entry"))
    left = tuple(one for one in loaded.evidence if one != record)
    return _save(op, loaded, owner, evidence=left)


def _require_owner(
    op: Operation, loaded: LoadedBooklet, id: str, version: int, rubric: RubricName, path: str
) -> Entry:
    if require_entry(op, loaded, id, path).rubric is not rubric:
        raise Refused(NotFound(path=path))
    return require_version(op, loaded, id, version)


def _note_of_link(loaded: LoadedBooklet, competence: str, target: str) -> str | None:
    ends = (competence, target)
    return next((one.note for one in loaded.links if (one.competence, one.target) == ends), None)


def _save(
    op: Operation, loaded: LoadedBooklet, owner: Entry, **links: tuple[Any, ...]
) -> tuple[Booklet, str]:
    """Save the links of the booklet, as those that the owner of one changed."""
    after = loaded.with_replaced([next_version(owner)]).changed(**links)
    return booklet_of(op, save(op, loaded, after)), owner.id

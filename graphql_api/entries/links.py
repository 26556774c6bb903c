"""The verbs of ties: competence ↔ entry, attachment ↔ entry.

A tie belongs to its competence or attachment, whose version it counts; both ends are entries of
the caller's own booklet.
"""

from strawberry import UNSET
from strawberry.types.unset import UnsetType

from graphql_api.booklets.booklets import bump_version, reload, require_open
from graphql_api.entries.entries import content_of, require_version, update
from graphql_api.storage.booklet_repository import LoadedBooklet, link_context
from graphql_api.storage.operation import Operation
from graphql_api.storage.tables import CompetenceLinkTable, EvidenceLinkTable
from schema.booklet import Booklet
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
    """Say that an entry supports a competence, or say it anew; a note not given stays.

    Refused with `NotFound`, `Conflict`, or `InvalidEntry` when the entry is of a rubric that
    supports no competence.
    """
    loaded = require_open(op)
    first = _end(loaded, competence, version, RubricName.COMPETENCE, "competence")
    second = _other(loaded, target, "target")
    text = _present_note(loaded, competence, target) if note is UNSET else clean_value(note)
    problems = []
    if not second.described_by.supports_competences:
        message = "Une compétence se relie à une formation ou à une expérience."
        problems.append(problem("target", "NOT_LINKABLE", message))
    problems += note_errors("note", text, NOTE_LENGTH)
    if problems:
        raise Refused(InvalidEntry(problems=problems))
    content = {"relation": relation.value, "note": text}
    op.store.run(_same_link(loaded, competence, target))
    op.store.run(
        CompetenceLinkTable.insert(
            booklet=loaded.id,
            competence=competence,
            target=target,
            sealed=loaded.sealer.seal(link_context(competence, target), content),
        )
    )
    return _written(op, loaded, first)


def unlink_competence(
    op: Operation, competence: str, version: int, target: str
) -> tuple[Booklet, str]:
    """Take back the link between a competence and an entry; both stay."""
    loaded = require_open(op)
    first = _end(loaded, competence, version, RubricName.COMPETENCE, "competence")
    if op.store.run(_same_link(loaded, competence, target)) == 0:
        raise Refused(NotFound(path="target"))
    return _written(op, loaded, first)


def link_evidence(op: Operation, attachment: str, version: int, entry: str) -> tuple[Booklet, str]:
    """Say that a paper document proves an entry; saying it twice is saying it once."""
    loaded = require_open(op)
    first = _end(loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    second = _other(loaded, entry, "entry")
    if second.rubric is RubricName.ATTACHMENT:
        message = "Une pièce jointe ne peut pas justifier une autre pièce jointe."
        raise Refused(InvalidEntry(problems=[problem("entry", "NOT_LINKABLE", message)]))
    op.store.run(_same_evidence(loaded, attachment, entry))
    op.store.run(EvidenceLinkTable.insert(booklet=loaded.id, attachment=attachment, entry=entry))
    return _written(op, loaded, first)


def unlink_evidence(
    op: Operation, attachment: str, version: int, entry: str
) -> tuple[Booklet, str]:
    """Take back the tie between a paper document and an entry; both stay."""
    loaded = require_open(op)
    first = _end(loaded, attachment, version, RubricName.ATTACHMENT, "attachment")
    if op.store.run(_same_evidence(loaded, attachment, entry)) == 0:
        raise Refused(NotFound(path="entry"))
    return _written(op, loaded, first)


def _end(loaded: LoadedBooklet, id: str, version: int, rubric: RubricName, path: str) -> Entry:
    found = loaded.entry(id)
    if found is None or found.rubric is not rubric:
        raise Refused(NotFound(path=path))
    return require_version(loaded, id, version)


def _other(loaded: LoadedBooklet, id: str, path: str) -> Entry:
    found = loaded.entry(id)
    if found is None:
        raise Refused(NotFound(path=path))
    return found


def _present_note(loaded: LoadedBooklet, competence: str, target: str) -> str | None:
    ends = (competence, target)
    return next((one.note for one in loaded.links if (one.competence, one.target) == ends), None)


def _same_link(loaded: LoadedBooklet, competence: str, target: str) -> object:
    return CompetenceLinkTable.delete().where(
        CompetenceLinkTable.booklet == loaded.id,
        CompetenceLinkTable.competence == competence,
        CompetenceLinkTable.target == target,
    )


def _same_evidence(loaded: LoadedBooklet, attachment: str, entry: str) -> object:
    return EvidenceLinkTable.delete().where(
        EvidenceLinkTable.booklet == loaded.id,
        EvidenceLinkTable.attachment == attachment,
        EvidenceLinkTable.entry == entry,
    )


def _written(op: Operation, loaded: LoadedBooklet, owner: Entry) -> tuple[Booklet, str]:
    update(op, loaded, owner, content_of(owner), at=owner.updated_at)
    bump_version(op, loaded)
    return reload(op, loaded), owner.id

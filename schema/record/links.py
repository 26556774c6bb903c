"""The links of a record: competence ↔ entry, attachment ↔ entry, between entries of the record."""

from collections.abc import Callable, Mapping

from schema.description.rubric import RubricName
from schema.description.validation import clean_value, note_errors
from schema.entries.entries import NOTE_LENGTH, LinkRelation
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.record.values import ValueReader
from schema.rubrics import rubric_named

Rubrics = Mapping[str, RubricName | None]


def read_links(reader: ValueReader, path: str, value: object, rubrics: Rubrics) -> list[LinkRecord]:
    """The links of competences; `rubrics` are those of the record's entries, by id."""
    links: dict[tuple[str, str], LinkRecord] = {}
    for at, item in reader.read_list(path, value):
        data = reader.read_object(at, item, "competence target relation", "note")
        if data is None:
            continue
        first = _read_end(
            reader, f"{at}.competence", data.get("competence"), rubrics, _is_competence
        )
        second = _read_end(reader, f"{at}.target", data.get("target"), rubrics, _supports)
        relation = _read_relation(reader, f"{at}.relation", data.get("relation"))
        note = _read_note(reader, f"{at}.note", data.get("note"))
        if first is None or second is None:
            continue
        if (first, second) in links:
            reader.add_error(at, "DUPLICATE", "Ce lien est répété.")
        link = LinkRecord(first, second, relation or LinkRelation.ACQUIRED, note)
        links[first, second] = link
    return list(links.values())


def read_evidence(
    reader: ValueReader, path: str, value: object, rubrics: Rubrics
) -> list[EvidenceRecord]:
    """The links of attachments to the entries that they prove."""
    evidence: dict[tuple[str, str], EvidenceRecord] = {}
    for at, item in reader.read_list(path, value):
        data = reader.read_object(at, item, "attachment entry")
        if data is None:
            continue
        first = _read_end(
            reader, f"{at}.attachment", data.get("attachment"), rubrics, _is_attachment
        )
        second = _read_end(reader, f"{at}.entry", data.get("entry"), rubrics, _can_be_proved)
        if first is None or second is None:
            continue
        if (first, second) in evidence:
            reader.add_error(at, "DUPLICATE", "Ce lien est répété.")
        evidence[first, second] = EvidenceRecord(first, second)
    return list(evidence.values())


def _read_end(
    reader: ValueReader,
    path: str,
    value: object,
    rubrics: Rubrics,
    fits: Callable[[RubricName], bool],
) -> str | None:
    id = reader.read_id(path, value)
    if id is None:
        return None
    if id not in rubrics:
        reader.add_error(path, "NOT_FOUND", "Aucun élément du livret exporté n’a cet identifiant.")
        return None
    rubric = rubrics[id]
    if rubric is not None and not fits(rubric):
        reader.add_error(path, "NOT_LINKABLE", "Un élément de cette rubrique ne se relie pas ici.")
    return id


def _is_competence(rubric: RubricName) -> bool:
    return rubric is RubricName.COMPETENCE


def _supports(rubric: RubricName) -> bool:
    return rubric_named(rubric).supports_competences


def _is_attachment(rubric: RubricName) -> bool:
    return rubric is RubricName.ATTACHMENT


def _can_be_proved(rubric: RubricName) -> bool:
    return rubric is not RubricName.ATTACHMENT


def _read_relation(reader: ValueReader, path: str, value: object) -> LinkRelation | None:
    name = None if value is None else reader.read_type(path, value, str)
    if name is None:
        return None
    if name not in LinkRelation.__members__:
        reader.add_error(path, "UNKNOWN_CODE", "Cette relation n’existe pas.")
        return None
    return LinkRelation[name]


def _read_note(reader: ValueReader, path: str, value: object) -> str | None:
    note = None if value is None else clean_value(reader.read_type(path, value, str))
    for error in note_errors(path, note, NOTE_LENGTH):
        reader.add_problem(error)
    return note if isinstance(note, str) else None

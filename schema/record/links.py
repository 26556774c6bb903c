"""The ties of a record: competence ↔ entry, attachment ↔ entry, between entries of the record."""

from collections.abc import Callable, Mapping

from schema.booklet import EvidenceRecord, LinkRecord
from schema.description.rubric import RubricName
from schema.description.validation import cleaned, note_faults
from schema.entries.entries import NOTE_LENGTH, LinkRelation
from schema.record.values import Values
from schema.rubrics import rubric_named

Rubrics = Mapping[str, RubricName | None]


def read_links(values: Values, path: str, value: object, rubrics: Rubrics) -> list[LinkRecord]:
    """The links of competences; `rubrics` are those of the record's entries, by id."""
    links: dict[tuple[str, str], LinkRecord] = {}
    for at, item in values.items(path, value):
        found = values.fields(at, item, "competence target relation", "note")
        if found is None:
            continue
        first = _end(values, f"{at}.competence", found.get("competence"), rubrics, _is_competence)
        second = _end(values, f"{at}.target", found.get("target"), rubrics, _supports)
        relation = _relation(values, f"{at}.relation", found.get("relation"))
        note = _note(values, f"{at}.note", found.get("note"))
        if first is None or second is None:
            continue
        if (first, second) in links:
            values.say(at, "DUPLICATE", "Ce lien est répété.")
        link = LinkRecord(first, second, relation or LinkRelation.ACQUIRED, note)
        links[first, second] = link
    return list(links.values())


def read_evidence(
    values: Values, path: str, value: object, rubrics: Rubrics
) -> list[EvidenceRecord]:
    """What attachments prove."""
    evidence: dict[tuple[str, str], EvidenceRecord] = {}
    for at, item in values.items(path, value):
        found = values.fields(at, item, "attachment entry")
        if found is None:
            continue
        first = _end(values, f"{at}.attachment", found.get("attachment"), rubrics, _is_attachment)
        second = _end(values, f"{at}.entry", found.get("entry"), rubrics, _can_be_proved)
        if first is None or second is None:
            continue
        if (first, second) in evidence:
            values.say(at, "DUPLICATE", "Ce lien est répété.")
        evidence[first, second] = EvidenceRecord(first, second)
    return list(evidence.values())


def _end(
    values: Values, path: str, value: object, rubrics: Rubrics, fits: Callable[[RubricName], bool]
) -> str | None:
    id = values.id(path, value)
    if id is None:
        return None
    if id not in rubrics:
        values.say(path, "NOT_FOUND", "Aucun élément du livret exporté n’a cet identifiant.")
        return None
    rubric = rubrics[id]
    if rubric is not None and not fits(rubric):
        values.say(path, "NOT_LINKABLE", "Un élément de cette rubrique ne se relie pas ici.")
    return id


def _is_competence(rubric: RubricName) -> bool:
    return rubric is RubricName.COMPETENCE


def _supports(rubric: RubricName) -> bool:
    return rubric_named(rubric).supports_competences


def _is_attachment(rubric: RubricName) -> bool:
    return rubric is RubricName.ATTACHMENT


def _can_be_proved(rubric: RubricName) -> bool:
    return rubric is not RubricName.ATTACHMENT


def _relation(values: Values, path: str, value: object) -> LinkRelation | None:
    name = None if value is None else values.typed(path, value, str)
    if name is None:
        return None
    if name not in LinkRelation.__members__:
        values.say(path, "UNKNOWN_CODE", "Cette relation n’existe pas.")
        return None
    return LinkRelation[name]


def _note(values: Values, path: str, value: object) -> str | None:
    note = None if value is None else cleaned(values.typed(path, value, str))
    for fault in note_faults(path, note, NOTE_LENGTH):
        values.add(fault)
    return note if isinstance(note, str) else None

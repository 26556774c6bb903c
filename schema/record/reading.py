"""Reading a record: from JSON values to what a booklet stores, or all errors at once.

Nothing is dropped in silence: a key that the format does not know is an error. The content of a
record is validated as if it had been typed, by the same rules and with the same codes.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from schema.description.bounds import MAX_ENTRIES
from schema.description.dates import PartialDate
from schema.description.refusals import InvalidEntry, Problem, Refused
from schema.description.rubric import ValidationContext
from schema.description.validation import field_errors, sort_by_field, submitted_fields
from schema.entries.identity import IdentityContent, identity_errors
from schema.entries.links import EvidenceRecord, LinkRecord
from schema.entries.shapes import fill_missing
from schema.entries.situation import SituationContent, situation_errors
from schema.record.dossiers import read_dossiers
from schema.record.entries import EntryReader, ReadEntry, assign_ranks
from schema.record.links import read_evidence, read_links
from schema.record.record import FORMAT, FORMAT_VERSION
from schema.record.text import member_path, too_deep_problem
from schema.record.values import ErrorLimitError, ValueReader

MAX_DEPTH = 8
SECTIONS = ("identity", "situation", "entries", "links", "evidence", "dossiers")
# Sections about the service that exported the record: known, and not imported.
INFORMATIONAL: dict[str, type] = {
    "exportedAt": str,
    "account": dict,
    "booklet": dict,
    "charter": list,
    "drafts": list,
    "reminder": dict,
    "consents": list,
    "accesses": list,
    "damaged": list,
}


@dataclass(slots=True)
class ReadRecord:
    """The content to restore, by Python name and without nulls.

    `identity` and `situation` are None when the record does not have them; an empty situation
    erases the present one.
    """

    identity: dict[str, Any] | None = None
    stats_consent_at: datetime | None = None
    situation: dict[str, Any] | None = None
    entries: list[ReadEntry] = field(default_factory=list)
    links: list[LinkRecord] = field(default_factory=list)
    evidence: list[EvidenceRecord] = field(default_factory=list)
    dossiers: dict[str, dict[str, Any]] = field(default_factory=dict)


def read_record(
    record: object, *, now: datetime, today: date, birth_date: date | None, at: str
) -> ReadRecord:
    """The content of a record. Raises `Refused` with an `InvalidEntry` of up to `MAX_RECORD_PROBLEMS`.

    `birth_date` is that of the present identity, for a record without one. `at` is the path of the
    record itself, with which all others begin: empty for a file.
    """
    reader = ValueReader(now)
    read: ReadRecord | None = None
    with suppress(ErrorLimitError):
        read = _read_sections(reader, at, record, ValidationContext(today, birth_date))
    if read is None or reader.errors:
        message = "Ce livret exporté comporte des erreurs : rien n’a été importé."
        raise Refused(InvalidEntry(problems=reader.errors, message=message))
    return read


def is_too_deep(value: object) -> bool:
    """Whether objects and lists stand within each other more than `MAX_DEPTH` deep."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(MAX_DEPTH):  # not recursive: the nesting is the caller's choice
        level = [
            inner
            for seen in level
            for inner in (seen.values() if isinstance(seen, dict) else seen)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _read_sections(
    reader: ValueReader, at: str, record: object, context: ValidationContext
) -> ReadRecord | None:
    """Read the record; None when its format is unknown."""
    if is_too_deep(record):
        reader.add_problem(too_deep_problem(at))
        return None
    optional = " ".join((*SECTIONS, *INFORMATIONAL))
    data = reader.read_object(at, record, "format formatVersion", optional)
    if data is None or not _has_known_format(reader, at, data):
        return None
    for key, kind in INFORMATIONAL.items():
        if key in data:
            reader.read_type(member_path(at, key), data[key], kind)
    path = {key: member_path(at, key) for key in SECTIONS}
    read = ReadRecord()
    if data.get("identity") is not None:
        context = _read_identity(reader, path["identity"], data["identity"], read, context)
    if "situation" in data:
        read.situation = _read_situation(reader, path["situation"], data["situation"], context)
    entry_reader = EntryReader(reader, context)
    for where, item in reader.read_list(path["entries"], data.get("entries"), MAX_ENTRIES):
        if (entry := entry_reader.read(where, item)) is not None:
            read.entries.append(entry)
    assign_ranks(read.entries)
    read.links = read_links(reader, path["links"], data.get("links"), entry_reader.rubrics)
    read.evidence = read_evidence(
        reader, path["evidence"], data.get("evidence"), entry_reader.rubrics
    )
    read.dossiers = read_dossiers(
        reader, path["dossiers"], data.get("dossiers"), context, entry_reader.rubrics
    )
    return read


def _has_known_format(reader: ValueReader, at: str, data: dict[str, Any]) -> bool:
    known = {"format": FORMAT, "formatVersion": FORMAT_VERSION}
    for key, expected in known.items():
        value = data.get(key)
        if value is not None and (value != expected or isinstance(value, bool)):
            message = f"« {key} » : « {expected} » est attendu, rien d’autre n’est lu."
            reader.add_error(member_path(at, key), "UNKNOWN_FORMAT", message)
    return all(data.get(key) == expected for key, expected in known.items())


def _read_identity(
    reader: ValueReader, path: str, value: object, read: ReadRecord, context: ValidationContext
) -> ValidationContext:
    """Read the identity into `read`; the context with its birth date."""
    data: dict[str, Any] | None = reader.read_type(path, value, dict)
    if data is None:
        return context
    filled, unreadable = reader.read_fields(path, data, IdentityContent, "statsConsentAt")
    sent = IdentityContent(**fill_missing(IdentityContent, filled))
    content = IdentityContent(**submitted_fields(sent))  # type: ignore[arg-type]  # by Python name
    born = PartialDate.parse(content.birth_date) if isinstance(content.birth_date, str) else None
    context = ValidationContext(context.today, born.earliest if born else None)
    _add_form_errors(
        reader, path, content, unreadable, context, lambda: identity_errors(content, context)
    )
    moment = member_path(path, "statsConsentAt")
    read.stats_consent_at = reader.read_time(moment, data.get("statsConsentAt"))
    read.identity = _filled(vars(content))
    return context


def _read_situation(
    reader: ValueReader, path: str, value: object, context: ValidationContext
) -> dict[str, Any]:
    data = {} if value is None else reader.read_type(path, value, dict) or {}
    filled, unreadable = reader.read_fields(path, data, SituationContent)
    content = SituationContent(**fill_missing(SituationContent, filled))
    _add_form_errors(reader, path, content, unreadable, context, lambda: situation_errors(content))
    return _filled(filled)


def _add_form_errors(
    reader: ValueReader,
    path: str,
    content: Any,
    unreadable: set[str],
    context: ValidationContext,
    rules: Callable[[], Iterable[Problem]],
) -> None:
    """Add the errors of a form, except in fields that could not even be read."""
    errors = list(field_errors(content, context.today))
    invalid_paths = {error.path for error in errors}
    if not unreadable:
        errors += [error for error in rules() if error.path not in invalid_paths]
    for error in sort_by_field(content, errors):
        if error.path not in unreadable:
            reader.add_problem(error, path)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

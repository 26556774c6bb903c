"""Reading a record: from JSON values to what a booklet stores, or all that is wrong, at once.

Nothing is dropped in silence: a key that the format does not know is a fault. What a record holds
is checked as if it had been typed, by the same rules and with the same codes.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from schema.booklet import MOST_ENTRIES, EvidenceRecord, LinkRecord
from schema.description.dates import PartialDate
from schema.description.refusals import InvalidEntry, Problem, Refused
from schema.description.rubric import ValidationContext
from schema.description.validation import field_faults, in_order
from schema.entries.identity import IdentityContent, identity_errors, identity_given
from schema.entries.shapes import complete
from schema.entries.situation import SituationContent, situation_errors
from schema.record.dossiers import read_dossiers
from schema.record.entries import EntryReading, ReadEntry, rank
from schema.record.links import read_evidence, read_links
from schema.record.record import FORMAT, FORMAT_VERSION
from schema.record.text import member, too_deep
from schema.record.values import Enough, Values

MOST_DEPTH = 8
SECTIONS = ("identity", "situation", "entries", "links", "evidence", "dossiers")
# What tells of the place where the record was exported: known, and not imported.
INFORMATIONAL: dict[str, type] = {
    "exportedAt": str,
    "account": dict,
    "booklet": dict,
    "charter": list,
    "consents": list,
    "accesses": list,
}


@dataclass(slots=True)
class ReadRecord:
    """All that is to be restored, by Python name and with nothing null.

    `identity` and `situation` are None when the record says nothing of them; an empty situation
    is to be erased.
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
    """What a record holds; `Refused` with an `InvalidEntry` that names up to 100 problems.

    `birth_date` is that of the present identity, for a record without one. `at` is the path of the
    record itself, with which all others begin: empty for a file.
    """
    values = Values(now)
    read: ReadRecord | None = None
    with suppress(Enough):
        read = _whole(values, at, record, ValidationContext(today, birth_date))
    if read is None or values.problems:
        message = "Ce livret exporté comporte des erreurs : rien n’a été importé."
        raise Refused(InvalidEntry(problems=values.problems, message=message))
    return read


def is_too_deep(value: object) -> bool:
    """Whether objects and lists stand within each other more than eight deep."""
    level: list[Any] = [value] if isinstance(value, dict | list) else []
    for _ in range(MOST_DEPTH):  # not recursive: the nesting is the caller's choice
        level = [
            inner
            for seen in level
            for inner in (seen.values() if isinstance(seen, dict) else seen)
            if isinstance(inner, dict | list)
        ]
    return bool(level)


def _whole(
    values: Values, at: str, record: object, context: ValidationContext
) -> ReadRecord | None:
    """The record; None when it is of no known format."""
    if is_too_deep(record):
        values.add(too_deep(at))
        return None
    optional = " ".join((*SECTIONS, *INFORMATIONAL))
    found = values.fields(at, record, "format formatVersion", optional)
    if found is None or not _is_known(values, at, found):
        return None
    for key, kind in INFORMATIONAL.items():
        if key in found:
            values.typed(member(at, key), found[key], kind)
    path = {key: member(at, key) for key in SECTIONS}
    read = ReadRecord()
    if found.get("identity") is not None:
        context = _identity(values, path["identity"], found["identity"], read, context)
    if "situation" in found:
        read.situation = _situation(values, path["situation"], found["situation"], context)
    reading = EntryReading(values, context)
    for where, item in values.items(path["entries"], found.get("entries"), MOST_ENTRIES):
        if (entry := reading.read(where, item)) is not None:
            read.entries.append(entry)
    rank(read.entries)
    read.links = read_links(values, path["links"], found.get("links"), reading.rubrics)
    read.evidence = read_evidence(values, path["evidence"], found.get("evidence"), reading.rubrics)
    read.dossiers = read_dossiers(
        values, path["dossiers"], found.get("dossiers"), context, reading.rubrics
    )
    return read


def _is_known(values: Values, at: str, found: dict[str, Any]) -> bool:
    known = {"format": FORMAT, "formatVersion": FORMAT_VERSION}
    for key, expected in known.items():
        value = found.get(key)
        if value is not None and (value != expected or isinstance(value, bool)):
            message = f"« {key} » : « {expected} » est attendu, rien d’autre n’est lu."
            values.say(member(at, key), "UNKNOWN_FORMAT", message)
    return all(found.get(key) == expected for key, expected in known.items())


def _identity(
    values: Values, path: str, value: object, read: ReadRecord, context: ValidationContext
) -> ValidationContext:
    """Read the identity; the context that follows from its birth date."""
    found: dict[str, Any] | None = values.typed(path, value, dict)
    if found is None:
        return context
    filled, wrong = values.content(path, found, IdentityContent, "statsConsentAt")
    sent = IdentityContent(**complete(IdentityContent, filled))
    content = IdentityContent(**identity_given(sent))  # type: ignore[arg-type]  # by Python name
    born = PartialDate.parse(content.birth_date) if isinstance(content.birth_date, str) else None
    context = ValidationContext(context.today, born.earliest if born else None)
    _check(values, path, content, wrong, context, lambda: identity_errors(content, context))
    moment = member(path, "statsConsentAt")
    read.stats_consent_at = values.moment(moment, found.get("statsConsentAt"))
    read.identity = _filled(vars(content))
    return context


def _situation(
    values: Values, path: str, value: object, context: ValidationContext
) -> dict[str, Any]:
    found = {} if value is None else values.typed(path, value, dict) or {}
    filled, wrong = values.content(path, found, SituationContent)
    content = SituationContent(**complete(SituationContent, filled))
    _check(values, path, content, wrong, context, lambda: situation_errors(content))
    return _filled(filled)


def _check(
    values: Values,
    path: str,
    content: Any,
    wrong: set[str],
    context: ValidationContext,
    rules: Callable[[], Iterable[Problem]],
) -> None:
    """Add what is wrong with a form, except in fields that could not even be read."""
    found = list(field_faults(content, context.today))
    faulty = {each.path for each in found}
    if not wrong:
        found += [each for each in rules() if each.path not in faulty]
    for each in in_order(content, found):
        if each.path not in wrong:
            values.add(each, path)


def _filled(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}

"""The entries of a record: each validated as if it had been typed, in the order of the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.description.bounds import MAX_ENTRIES
from schema.description.refusals import Problem
from schema.description.rubric import RubricName, ValidationContext
from schema.description.validation import content_errors, field_errors
from schema.entries.inputs import KIND_OF
from schema.record.text import member_path
from schema.record.values import ValueReader
from schema.rubrics import rubric_named

_BESIDE = ("comment", "shareable")
_OPTIONAL = "createdAt updatedAt shareable comment rank"


@dataclass(slots=True)
class ReadEntry:
    """An entry to restore; `content` is what is stored, by Python name, with nothing null."""

    id: str
    rubric: RubricName
    created_at: datetime
    updated_at: datetime
    content: dict[str, Any]
    place: int | None
    rank: int = 0


class EntryReader:
    """Reads one entry after another; `rubrics` has the rubric of each id read so far, None if unknown."""

    def __init__(self, reader: ValueReader, context: ValidationContext) -> None:
        self.rubrics: dict[str, RubricName | None] = {}
        self._reader = reader
        self._context = context
        self._contents: dict[RubricName, list[Any]] = {}
        self._places: set[tuple[RubricName, int]] = set()

    def read(self, path: str, value: object) -> ReadEntry | None:
        """The entry, or None when its id, rubric or content cannot be read."""
        reader = self._reader
        data = reader.read_object(path, value, "id rubric content", _OPTIONAL)
        if data is None:
            return None
        id = reader.read_id(f"{path}.id", data.get("id"))
        rubric = self._read_rubric(f"{path}.rubric", data.get("rubric"))
        if id is not None:
            if id in self.rubrics:
                reader.add_error(f"{path}.id", "DUPLICATE", "Cet identifiant a déjà servi.")
            self.rubrics[id] = rubric
        created = reader.read_time(f"{path}.createdAt", data.get("createdAt"))
        updated = reader.read_time(f"{path}.updatedAt", data.get("updatedAt"))
        if created and updated and updated < created:
            message = "Un élément n’est pas modifié avant d’être créé."
            reader.add_error(f"{path}.updatedAt", "DATES_OUT_OF_ORDER", message)
        if rubric is None:
            return None
        place = self._read_place(f"{path}.rank", data.get("rank"), rubric)
        content = self._read_content(path, data, rubric)
        if id is None or content is None:
            return None
        created = created or updated or reader.now
        return ReadEntry(id, rubric, created, updated or created, content, place)

    def _read_rubric(self, path: str, value: object) -> RubricName | None:
        name = None if value is None else self._reader.read_type(path, value, str)
        if name is None:
            return None
        if name not in RubricName.__members__:
            self._reader.add_error(path, "UNKNOWN_CODE", "Cette rubrique n’existe pas.")
            return None
        return RubricName[name]

    def _read_place(self, path: str, value: object, rubric: RubricName) -> int | None:
        place: int | None = None if value is None else self._reader.read_type(path, value, int)
        if place is None:
            return None
        if not rubric_named(rubric).owner_ordered:
            self._reader.add_error(path, "CHRONOLOGICAL", "Cette rubrique est classée par date.")
        elif not 1 <= place <= MAX_ENTRIES:
            self._reader.add_error(path, "OUT_OF_RANGE", f"Un rang va de 1 à {MAX_ENTRIES}.")
        elif (rubric, place) in self._places:
            self._reader.add_error(path, "DUPLICATE", "Ce rang est déjà pris dans la rubrique.")
        self._places.add((rubric, place))
        return place

    def _read_content(
        self, path: str, data: dict[str, Any], rubric: RubricName
    ) -> dict[str, Any] | None:
        reader, within = self._reader, member_path(path, "content")
        described, input_type = rubric_named(rubric), KIND_OF[rubric].input_type
        sent = data.get("content")
        if sent is None or (sent := reader.read_type(within, sent, dict)) is None:
            return None
        beside = {key: data[key] for key in _BESIDE if key in data}
        filled, unreadable = reader.read_fields(within, sent, described.content)
        filled_beside, unreadable_beside = reader.read_fields(path, beside, input_type)
        stored = {
            name: value for name, value in (filled | filled_beside).items() if value is not None
        }
        content = input_type(**stored)
        same = self._contents.setdefault(rubric, [])
        context = ValidationContext(self._context.today, self._context.birth_date, tuple(same))
        same.append(content)
        unreadable |= unreadable_beside
        # A rule has nothing to say of fields that could not even be read.
        errors: list[Problem] = (
            list(field_errors(content, context.today))
            if unreadable
            else content_errors(described, content, context)
        )
        for error in errors:
            key = error.path.split("[")[0]
            if key not in unreadable:
                reader.add_problem(error, path if key in _BESIDE else within)
        stored.setdefault("shareable", not described.hidden_by_default(content))
        return stored


def assign_ranks(entries: list[ReadEntry]) -> None:
    """Give every entry its rank in its rubric: first the entries with a place, in that order."""
    by_rubric: dict[RubricName, list[ReadEntry]] = {}
    for entry in entries:
        by_rubric.setdefault(entry.rubric, []).append(entry)
    for same in by_rubric.values():
        same.sort(key=lambda entry: (entry.place is None, entry.place or 0))
        for number, entry in enumerate(same, start=1):
            entry.rank = number

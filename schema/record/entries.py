"""The entries of a record: each checked as if it had been typed, in the order of the record."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from schema.booklet import MOST_ENTRIES
from schema.description.refusals import Problem
from schema.description.rubric import RubricName, ValidationContext
from schema.description.validation import faults, field_faults
from schema.entries.inputs import KIND_OF
from schema.record.text import member
from schema.record.values import Values
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


class EntryReading:
    """Reads one entry after another; `rubrics` are those of the ids met so far, None if unknown."""

    def __init__(self, values: Values, context: ValidationContext) -> None:
        self.rubrics: dict[str, RubricName | None] = {}
        self._values = values
        self._context = context
        self._contents: dict[RubricName, list[Any]] = {}
        self._places: set[tuple[RubricName, int]] = set()

    def read(self, path: str, value: object) -> ReadEntry | None:
        """The entry, or None when something that it cannot do without is wrong."""
        values = self._values
        found = values.fields(path, value, "id rubric content", _OPTIONAL)
        if found is None:
            return None
        id = values.id(f"{path}.id", found.get("id"))
        rubric = self._rubric(f"{path}.rubric", found.get("rubric"))
        if id is not None:
            if id in self.rubrics:
                values.say(f"{path}.id", "DUPLICATE", "Cet identifiant a déjà servi.")
            self.rubrics[id] = rubric
        created = values.moment(f"{path}.createdAt", found.get("createdAt"))
        updated = values.moment(f"{path}.updatedAt", found.get("updatedAt"))
        if created and updated and updated < created:
            message = "Un élément n’est pas modifié avant d’être créé."
            values.say(f"{path}.updatedAt", "DATES_OUT_OF_ORDER", message)
        if rubric is None:
            return None
        place = self._place(f"{path}.rank", found.get("rank"), rubric)
        content = self._content(path, found, rubric)
        if id is None or content is None:
            return None
        created = created or updated or values.now
        return ReadEntry(id, rubric, created, updated or created, content, place)

    def _rubric(self, path: str, value: object) -> RubricName | None:
        name = None if value is None else self._values.typed(path, value, str)
        if name is None:
            return None
        if name not in RubricName.__members__:
            self._values.say(path, "UNKNOWN_CODE", "Cette rubrique n’existe pas.")
            return None
        return RubricName[name]

    def _place(self, path: str, value: object, rubric: RubricName) -> int | None:
        place: int | None = None if value is None else self._values.typed(path, value, int)
        if place is None:
            return None
        if not rubric_named(rubric).owner_ordered:
            self._values.say(path, "CHRONOLOGICAL", "Cette rubrique est classée par date.")
        elif not 1 <= place <= MOST_ENTRIES:
            self._values.say(path, "OUT_OF_RANGE", f"Un rang va de 1 à {MOST_ENTRIES}.")
        elif (rubric, place) in self._places:
            self._values.say(path, "DUPLICATE", "Ce rang est déjà pris dans la rubrique.")
        self._places.add((rubric, place))
        return place

    def _content(
        self, path: str, found: dict[str, Any], rubric: RubricName
    ) -> dict[str, Any] | None:
        values, within = self._values, member(path, "content")
        described, input_type = rubric_named(rubric), KIND_OF[rubric].input_type
        sent = found.get("content")
        if sent is None or (sent := values.typed(within, sent, dict)) is None:
            return None
        beside = {key: found[key] for key in _BESIDE if key in found}
        filled, wrong = values.content(within, sent, described.content)
        filled_beside, wrong_beside = values.content(path, beside, input_type)
        stored = {
            name: value for name, value in (filled | filled_beside).items() if value is not None
        }
        content = input_type(**stored)
        same = self._contents.setdefault(rubric, [])
        context = ValidationContext(self._context.today, self._context.birth_date, tuple(same))
        same.append(content)
        wrong |= wrong_beside
        # What a rule would say of a field that could not even be read is not worth saying.
        told: list[Problem] = (
            list(field_faults(content, context.today))
            if wrong
            else faults(described, content, context)
        )
        for fault in told:
            key = fault.path.split("[")[0]
            if key not in wrong:
                values.add(fault, path if key in _BESIDE else within)
        stored.setdefault("shareable", not described.hidden_by_default(content))
        return stored


def rank(entries: list[ReadEntry]) -> None:
    """Give every entry its rank: the place that it says, else its place in the record, at the end."""
    by_rubric: dict[RubricName, list[ReadEntry]] = {}
    for entry in entries:
        by_rubric.setdefault(entry.rubric, []).append(entry)
    for same in by_rubric.values():
        same.sort(key=lambda entry: (entry.place is None, entry.place or 0))
        for number, entry in enumerate(same, start=1):
            entry.rank = number

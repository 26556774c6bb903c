"""The values of a record, one by one: objects with known keys, lists, ids, times, described fields."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from schema.description.fields import FieldKind, NamedField, fields_of
from schema.description.refusals import Problem, problem
from schema.description.validation import cleaned
from schema.record.text import MOST_PROBLEMS, member

CLOCKS_APART = timedelta(minutes=1)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)
_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?(Z|[+-]\d\d:\d\d)", re.ASCII | re.IGNORECASE
)
_EXPECTED = {
    str: "Un texte est attendu.",
    dict: "Un objet est attendu.",
    list: "Une liste est attendue.",
    bool: "« true » ou « false » est attendu.",
    int: "Un nombre entier est attendu.",
    float: "Un nombre est attendu.",
}
_TYPES = {FieldKind.WHOLE_NUMBER: int, FieldKind.NUMBER: float, FieldKind.YES_NO: bool}
_UNKNOWN_KEY = "Cette clé n’est pas prévue ici."
_LISTS = (FieldKind.TEXTS, FieldKind.CODES)


class Enough(Exception):  # noqa: N818 - says why reading stops
    """As many problems were found as are told at once."""


class Values:
    """Reads values and collects what is wrong with them; `Enough` is raised at 100 problems."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.problems: list[Problem] = []

    def say(self, path: str, code: str, message: str) -> None:
        """Add a problem."""
        self.add(problem(path, code, message))

    def add(self, found: Problem, within: str = "") -> None:
        """Add a problem of something whose path is `within`."""
        path = f"{within}.{found.path}" if within else found.path
        self.problems.append(problem(path, found.code, found.message))
        if len(self.problems) == MOST_PROBLEMS:
            raise Enough

    def typed(self, path: str, value: object, kind: type) -> Any:
        """The value if it is of that type, None otherwise; a whole number may be a number."""
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value) if abs(value) < 10**300 else float("inf")
        if kind is int and isinstance(value, float) and value.is_integer():
            return int(value)
        if not fits:
            self.say(path, "WRONG_TYPE", _EXPECTED[kind])
        return value if fits else None

    def fields(
        self, path: str, value: object, required: str, optional: str = ""
    ) -> dict[str, Any] | None:
        """An object with these keys; an unknown key is a fault, and so is a missing one."""
        found: dict[str, Any] | None = self.typed(path, value, dict)
        if found is None:
            return None
        known = (*required.split(), *optional.split())
        for key in found:
            if key not in known:
                self.say(member(path, key), "UNKNOWN_KEY", _UNKNOWN_KEY)
        for key in required.split():
            if found.get(key) is None:
                self.say(member(path, key), "REQUIRED", f"« {key} » est obligatoire.")
        return found

    def items(self, path: str, value: object, most: int | None = None) -> list[tuple[str, Any]]:
        """The items of a list with their paths; none when it is longer than `most`."""
        found: list[Any] = [] if value is None else self.typed(path, value, list) or []
        if most is not None and len(found) > most:
            self.say(path, "TOO_MANY", f"{most} éléments au plus.")
            return []
        return [(f"{path}[{number}]", item) for number, item in enumerate(found)]

    def id(self, path: str, value: object) -> str | None:
        """A UUID in its usual form, in lower case."""
        if value is None:
            return None
        found: str | None = self.typed(path, value, str)
        if found is not None and not _ID.fullmatch(found):
            self.say(path, "FORMAT", "Un identifiant est un UUID, en minuscules.")
            return None
        return found

    def moment(self, path: str, value: object) -> datetime | None:
        """A time with its zone, between 1970 and now; clocks may differ by a minute."""
        found = None if value is None else self.typed(path, value, str)
        if found is None:
            return None
        try:
            moment = datetime.fromisoformat(found).astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not _MOMENT.fullmatch(found):
            self.say(path, "INVALID_DATE", "Cet horodatage n’existe pas (ISO 8601, avec fuseau).")
        elif moment < _EARLIEST:
            self.say(path, "DATE_OUT_OF_RANGE", "Un horodatage ne précède pas 1970.")
        elif moment > self.now + CLOCKS_APART:
            self.say(path, "DATE_IN_FUTURE", "Un horodatage ne peut pas être dans le futur.")
        else:
            return moment
        return None

    def content(
        self, path: str, found: dict[str, Any], content_class: type, *besides: str
    ) -> tuple[dict[str, Any], set[str]]:
        """The described fields of an object, by Python name; the keys that are of a wrong type.

        The keys in `besides` are somebody else's to read.
        """
        fields = {field.key: field for field in fields_of(content_class)}
        values: dict[str, Any] = {}
        wrong: set[str] = set()
        for key, value in found.items():
            at = member(path, key)
            if key in fields and value is not None:
                told = len(self.problems)
                values[fields[key].name] = self._value(at, value, fields[key])
                if len(self.problems) > told:
                    wrong.add(key)
            elif key not in fields and key not in besides:
                self.say(at, "UNKNOWN_KEY", _UNKNOWN_KEY)
        return values, wrong

    def _value(self, path: str, value: object, field: NamedField) -> Any:
        kind = field.spec.kind
        if kind in _LISTS:
            return cleaned([self.typed(at, item, str) for at, item in self.items(path, value)])
        return cleaned(self.typed(path, value, _TYPES.get(kind, str)))

"""Reading the values of a record one by one: objects with known keys, lists, ids, times, fields."""

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from schema.description.fields import FieldKind, NamedField, fields_of
from schema.description.refusals import Problem, problem
from schema.description.validation import clean_value
from schema.record.text import MAX_RECORD_PROBLEMS, member_path

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


class ErrorLimitError(Exception):
    """As many errors were collected as one refusal names: reading stops."""


class ValueReader:
    """Reads values and collects their errors; raises `ErrorLimitError` at `MAX_RECORD_PROBLEMS`."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.errors: list[Problem] = []

    def add_error(self, path: str, code: str, message: str) -> None:
        """Add an error."""
        self.add_problem(problem(path, code, message))

    def add_problem(self, error: Problem, within: str = "") -> None:
        """Add a problem as an error; its path is relative to `within`."""
        path = f"{within}.{error.path}" if within else error.path
        self.errors.append(problem(path, error.code, error.message))
        if len(self.errors) == MAX_RECORD_PROBLEMS:
            raise ErrorLimitError

    def read_type(self, path: str, value: object, kind: type) -> Any:
        """The value if it is of that type, None otherwise; a whole number may be a number."""
        fits = isinstance(value, kind) and (kind is bool or not isinstance(value, bool))
        if kind is float and isinstance(value, int) and not isinstance(value, bool):
            return float(value) if abs(value) < 10**300 else float("inf")
        if kind is int and isinstance(value, float) and value.is_integer():
            return int(value)
        if not fits:
            self.add_error(path, "WRONG_TYPE", _EXPECTED[kind])
        return value if fits else None

    def read_object(
        self, path: str, value: object, required: str, optional: str = ""
    ) -> dict[str, Any] | None:
        """An object with these keys; an unknown key is an error, and so is a missing one."""
        data: dict[str, Any] | None = self.read_type(path, value, dict)
        if data is None:
            return None
        known = (*required.split(), *optional.split())
        for key in data:
            if key not in known:
                self.add_error(member_path(path, key), "UNKNOWN_KEY", _UNKNOWN_KEY)
        for key in required.split():
            if data.get(key) is None:
                self.add_error(member_path(path, key), "REQUIRED", f"« {key} » est obligatoire.")
        return data

    def read_list(self, path: str, value: object, most: int | None = None) -> list[tuple[str, Any]]:
        """The items of a list with their paths; none when it is longer than `most`."""
        items: list[Any] = [] if value is None else self.read_type(path, value, list) or []
        if most is not None and len(items) > most:
            self.add_error(path, "TOO_MANY", f"{most} éléments au plus.")
            return []
        return [(f"{path}[{number}]", item) for number, item in enumerate(items)]

    def read_id(self, path: str, value: object) -> str | None:
        """A UUID in its usual form, in lower case."""
        if value is None:
            return None
        data: str | None = self.read_type(path, value, str)
        if data is not None and not _ID.fullmatch(data):
            self.add_error(path, "FORMAT", "Un identifiant est un UUID, en minuscules.")
            return None
        return data

    def read_time(self, path: str, value: object) -> datetime | None:
        """A time with its zone, between 1970 and now; clocks may differ by a minute."""
        data = None if value is None else self.read_type(path, value, str)
        if data is None:
            return None
        try:
            moment = datetime.fromisoformat(data).astimezone(UTC)
        except (ValueError, OverflowError):
            moment = None
        if moment is None or not _MOMENT.fullmatch(data):
            self.add_error(
                path, "INVALID_DATE", "Cet horodatage n’existe pas (ISO 8601, avec fuseau)."
            )
        elif moment < _EARLIEST:
            self.add_error(path, "DATE_OUT_OF_RANGE", "Un horodatage ne précède pas 1970.")
        elif moment > self.now + CLOCKS_APART:
            self.add_error(path, "DATE_IN_FUTURE", "Un horodatage ne peut pas être dans le futur.")
        else:
            return moment
        return None

    def read_fields(
        self, path: str, data: dict[str, Any], content_class: type, *besides: str
    ) -> tuple[dict[str, Any], set[str]]:
        """The described fields of an object, by Python name; and the keys of unreadable values.

        The keys in `besides` are known and not read.
        """
        fields = {field.key: field for field in fields_of(content_class)}
        values: dict[str, Any] = {}
        unreadable: set[str] = set()
        for key, value in data.items():
            at = member_path(path, key)
            if key in fields and value is not None:
                known_errors = len(self.errors)
                values[fields[key].name] = self._value(at, value, fields[key])
                if len(self.errors) > known_errors:
                    unreadable.add(key)
            elif key not in fields and key not in besides:
                self.add_error(at, "UNKNOWN_KEY", _UNKNOWN_KEY)
        return values, unreadable

    def _value(self, path: str, value: object, field: NamedField) -> Any:
        kind = field.spec.kind
        if kind in _LISTS:
            return clean_value(
                [self.read_type(at, item, str) for at, item in self.read_list(path, value)],
                field.spec,
            )
        return clean_value(self.read_type(path, value, _TYPES.get(kind, str)), field.spec)

"""Reads fields of the API's JSON by type; a null where the schema has none is an error."""

from typing import Any

LONGEST_TITLE = 400


def string(data: dict[str, Any], key: str) -> str:
    """A text that must be there. Raises KeyError or TypeError."""
    value = data[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def title(data: dict[str, Any], key: str) -> str:
    """A text that names something, cut where it cannot be a name any more. Raises as above.

    Such texts are repeated wherever the thing is referred to, which no text without end may be.
    """
    value = string(data, key)
    return value if len(value) <= LONGEST_TITLE else f"{value[: LONGEST_TITLE - 1]}…"


def optional(data: dict[str, Any], key: str) -> str:
    """A text, or an empty one where it is null. Raises KeyError or TypeError."""
    return "" if data[key] is None else string(data, key)


def flag(data: dict[str, Any], key: str) -> bool:
    """A Boolean that must be there. Raises KeyError or TypeError."""
    value = data[key]
    if not isinstance(value, bool):
        raise TypeError(key)
    return value


def label(data: dict[str, Any], key: str) -> str:
    """The label of a code, or an empty text where there is no code. Raises as above."""
    return "" if data[key] is None else title(data[key], "label")

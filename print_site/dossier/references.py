"""References between places of a dossier: printed codes and anchors."""

import re
from dataclasses import dataclass


class Reference:
    """An entry as other places refer to it: printed code, class of its part, anchor and headline.

    Not a dataclass: msgspec would expect an object there, and the answer has the entry's id.
    """

    __slots__ = ("anchor", "code", "headline", "part")

    def __init__(self, code: str, part: str, headline: str) -> None:
        self.code = code
        self.part = part_anchor(part)
        self.anchor = slug(code)
        self.headline = headline


class References(tuple[Reference, ...]):
    """References to the entries of a list of ids, except those that are not in the dossier."""

    __slots__ = ()


class RubricReference:
    """A rubric as the panorama refers to it: name, printed code and class of its part."""

    __slots__ = ("code", "name", "part")

    def __init__(self, name: str, code: str, part: str) -> None:
        self.name = name
        self.code = code
        self.part = part_anchor(part)


@dataclass(frozen=True)
class Names:
    """What the answer refers to: entries by their id, rubrics by their name."""

    entries: dict[str, Reference]
    rubrics: dict[str, RubricReference]


def printed_code(rubric: str, rank: int) -> str:
    """Return the code of an entry: F1 and 3 → F1.3; P and 7 → P7."""
    return f"{rubric}.{rank}" if rubric[-1:].isdigit() else f"{rubric}{rank}"


def slug(code: str) -> str:
    """Return an anchor of ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower())


def part_anchor(name: str) -> str:
    """Return the anchor of a part, which is also the class of codes in its colour."""
    return f"volet-{slug(name)}"

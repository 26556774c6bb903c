"""How one place of the dossier names another."""

import re
from dataclasses import dataclass


class Reference:
    """The printed code of an entry, its part and place in the page, and its headline.

    It is no dataclass, since msgspec would read one from an object: the answer holds the entry's id.
    """

    __slots__ = ("anchor", "code", "headline", "part")

    def __init__(self, code: str, part: str, headline: str) -> None:
        self.code = code
        self.part = part_anchor(part)
        self.anchor = slug(code)
        self.headline = headline


class References(tuple[Reference, ...]):
    """The entries of a list of ids, without those that the dossier leaves out."""

    __slots__ = ()


class RubricReference:
    """The printed code of a rubric and the anchor of its part; the answer holds the rubric's name."""

    __slots__ = ("code", "part")

    def __init__(self, code: str, part: str) -> None:
        self.code = code
        self.part = part_anchor(part)


@dataclass(frozen=True)
class Names:
    """What the answer refers to: entries by their id, rubrics by their name."""

    entries: dict[str, Reference]
    rubrics: dict[str, RubricReference]


def printed_code(rubric: str, rank: int) -> str:
    """F1 and 3 → F1.3; P and 7 → P7."""
    return f"{rubric}.{rank}" if rubric[-1:].isdigit() else f"{rubric}{rank}"


def slug(code: str) -> str:
    """An anchor made of ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower())


def part_anchor(name: str) -> str:
    """Anchor of a part, and class of the codes that lead to it, which share its colour."""
    return f"volet-{slug(name)}"

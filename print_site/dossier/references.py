"""How one place of the dossier names another."""

import re
from dataclasses import dataclass


@dataclass(frozen=True)
class Reference:
    """The printed code of an entry, its part and place in the page, and what it is called."""

    code: str
    part: str
    anchor: str
    headline: str


References = dict[str, Reference]


def printed_code(rubric: str, rank: int) -> str:
    """F1 and 3 → F1.3; P and 7 → P7."""
    return f"{rubric}.{rank}" if rubric[-1:].isdigit() else f"{rubric}{rank}"


def slug(code: str) -> str:
    """An anchor made of ASCII letters, digits and hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", code.lower())


def part_anchor(name: str) -> str:
    """Anchor of a part, and class of the codes that lead to it, which share its colour."""
    return f"volet-{slug(name)}"

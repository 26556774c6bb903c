"""The selection of a dossier: whole parts, whole rubrics, and entries named one by one.

A named entry is always selected. A part or a rubric selects its entries, with those that are added
later, but never those that the owner keeps for themselves (`shareable` is false), nor those that are
sensitive by nature (a skills assessment, a recommendation, union or family life), even when they
may be shared: such entries are only selected by name.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from schema.description.rubric import Part, RubricName
from schema.entries.entries import Entry
from schema.rubrics import rubric_named


@dataclass(frozen=True, slots=True)
class Selection:
    """The choices of a dossier; `everything` is the built-in dossier's."""

    parts: frozenset[Part] = frozenset()
    rubrics: frozenset[RubricName] = frozenset()
    entries: frozenset[str] = frozenset()
    everything: bool = False

    def includes(self, entry: Entry) -> bool:
        """Whether the dossier communicates the entry."""
        if self.everything or entry.id in self.entries:
            return True
        whole = entry.rubric in self.rubrics or entry.described_by.part in self.parts
        return whole and selected_with_rubric(entry)

    def may_include(self, id: str, rubric: RubricName | None) -> bool:
        """Whether the dossier may communicate an entry of which no more is known."""
        if self.everything or id in self.entries or rubric is None:
            return True
        return rubric in self.rubrics or rubric_named(rubric).part in self.parts

    def may_include_of(self, part: Part) -> bool:
        """Whether the dossier chooses that part of the guide whole, or a rubric of it."""
        if self.everything or part in self.parts:
            return True
        return any(rubric_named(rubric).part is part for rubric in self.rubrics)

    def filter(self, entries: Iterable[Entry]) -> list[Entry]:
        """The entries that the dossier communicates, in their order."""
        return [entry for entry in entries if self.includes(entry)]


def selected_with_rubric(entry: Entry) -> bool:
    """Whether a rubric or part that is chosen whole selects the entry."""
    return not entry.is_named_only

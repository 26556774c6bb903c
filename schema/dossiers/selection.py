"""What a dossier takes of a booklet: whole parts, whole rubrics, and entries named one by one.

An entry that is named is taken, whatever it is. A part or a rubric is followed: it takes the
entries that it holds, and those that are added later. It never takes what the owner keeps for
themselves (`shareable` is false), nor what is sensitive by nature (a skills assessment, a
recommendation, union or family life), even when it may be shared: those are only ever named.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from schema.description.rubric import Part, RubricName
from schema.entries.entries import Entry


@dataclass(frozen=True, slots=True)
class Selection:
    """What was chosen of a booklet; `everything` is the built-in dossier's."""

    parts: frozenset[Part] = frozenset()
    rubrics: frozenset[RubricName] = frozenset()
    entries: frozenset[str] = frozenset()
    everything: bool = False

    def takes(self, entry: Entry) -> bool:
        """Whether the dossier communicates an entry."""
        if self.everything or entry.id in self.entries:
            return True
        followed = entry.rubric in self.rubrics or entry.described_by.part in self.parts
        return followed and follows_its_rubric(entry)

    def of(self, entries: Iterable[Entry]) -> list[Entry]:
        """Those of these entries that the dossier communicates, in their order."""
        return [entry for entry in entries if self.takes(entry)]


def follows_its_rubric(entry: Entry) -> bool:
    """Whether an entry is taken with its rubric, without being named."""
    return entry.shareable and not entry.described_by.hidden_by_default(entry)

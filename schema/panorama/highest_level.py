"""The highest level among the diplomas that were awarded."""

from schema.codes import code_table, label_of
from schema.codes.formations import LEVELS_OF_LEGACY
from schema.codes.table import CodeLabel
from schema.description.rubric import text_or_empty
from schema.entries.entries import Diploma, Entry


def highest_level_of(entries: list[Entry]) -> CodeLabel | None:
    """The highest known level of the diplomas that were awarded; the table goes upwards."""
    places = {code.code: place for place, code in enumerate(code_table("level").codes)}
    levels = [
        level
        for entry in entries
        if isinstance(entry, Diploma) and entry.outcome == "OBTENU"
        for level in _level(entry)
        if level in places
    ]
    highest = max(levels, key=places.__getitem__, default=None)
    return CodeLabel(code=highest, label=label_of("level", highest)) if highest else None


def _level(diploma: Diploma) -> tuple[str, ...]:
    """The present level; where only the old one is given, the lowest level that it can mean."""
    if level := text_or_empty(diploma.level):
        return (level,)
    return LEVELS_OF_LEGACY.get(text_or_empty(diploma.legacy_level), ())[:1]

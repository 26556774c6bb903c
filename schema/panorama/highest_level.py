"""The highest level among the diplomas that were awarded."""

from schema.codes import code_table, label_of
from schema.codes.table import CodeLabel
from schema.entries.entries import Diploma, Entry


def highest_level_of(entries: list[Entry]) -> CodeLabel | None:
    """The highest known level of the diplomas that were awarded; the table goes upwards."""
    places = {code.code: place for place, code in enumerate(code_table("level").codes)}
    levels = [
        entry.level
        for entry in entries
        if isinstance(entry, Diploma) and entry.outcome == "OBTENU" and entry.level in places
    ]
    highest = max(levels, key=lambda level: places[level or ""], default=None)
    return CodeLabel(code=highest, label=label_of("level", highest)) if highest else None

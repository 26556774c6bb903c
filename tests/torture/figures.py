"""Figures of the torture cases: what was counted or measured, and the goal that it must meet."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from typing import Any

SHORT = "TORTURE_SHORT"  # the environment variable of the short form
PROPERTY = "figure"  # under which a figure travels in the report of its test


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of one case on one database; `goal` is empty where a figure only tells a size."""

    case: str
    database: str
    what: str
    value: str
    goal: str
    met: bool

    def written(self) -> dict[str, Any]:
        """The figure as JSON has it."""
        return asdict(self)


def read(written: dict[str, Any]) -> Figure:
    """The figure that `written` made."""
    return Figure(**{each.name: written[each.name] for each in fields(Figure)})


class Figures:
    """Notes the figures of one test; one that misses its goal is noted, then fails the test."""

    def __init__(self, case: str, database: str, note: Callable[[Figure], None]) -> None:
        self._case, self._database, self._note = case, database, note

    def size(self, what: str, value: object) -> None:
        """A figure without a goal: how much was tried."""
        self._add(what, f"{value}", "", met=True)

    def exactly(self, what: str, value: object, goal: object) -> None:
        """A figure that must be the goal."""
        self._add(what, f"{value}", f"{goal}", met=value == goal)

    def under(self, what: str, value: float, bound: float, unit: str = "s") -> None:
        """A figure that must be under a bound."""
        self._add(what, f"{value:.2f} {unit}", f"< {bound:g} {unit}", met=value < bound)

    def at_least(self, what: str, value: int, bound: int) -> None:
        """A figure that must reach a bound: else the case has tried too little."""
        self._add(what, f"{value:,}", f"≥ {bound:,}", met=value >= bound)

    def _add(self, what: str, value: str, goal: str, *, met: bool) -> None:
        figure = Figure(self._case, self._database, what, value, goal, met)
        self._note(figure)
        print(f"{figure.case} · {figure.database} · {what}: {value} ({goal or 'no goal'})")
        assert met, f"{what}: {value}, where the goal is {goal}"

"""The timeline as a picture: a bar for each dated entry, on one scale of years.

Places are shares of the width, in hundredths, so that the picture fits any screen; names stay text
beside their bars, and lead to their entries.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

MOST_YEARS = 12
NARROWEST = 1.0
_BAR_BYTES = 260
_STEPS = (1, 2, 5, 10, 20, 50, 100, 1_000)


@dataclass(frozen=True, slots=True)
class Year:
    """A line of the scale; a narrow screen leaves out the label of a minor one."""

    year: int
    x: float
    is_minor: bool
    anchor: str


@dataclass(frozen=True, slots=True)
class Bar:
    """An entry from its first to its last day; `is_vague` when a bound is not known to the day."""

    path: str
    headline: str
    when: str
    x: float
    width: float
    is_vague: bool
    is_ongoing: bool

    @property
    def end(self) -> float:
        """Where it ends."""
        return self.x + self.width


@dataclass(frozen=True, slots=True)
class Lane:
    """The bars of a part, the oldest first."""

    part: str
    label: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Timeline:
    """The scale and the lanes; no lanes when nothing is dated."""

    years: tuple[Year, ...] = ()
    lanes: tuple[Lane, ...] = ()

    @property
    def bars(self) -> list[Bar]:
        """The bars of all lanes, in order."""
        return [bar for lane in self.lanes for bar in lane.bars]

    @property
    def weight(self) -> int:
        """About how many bytes its bars take in a page."""
        return sum(_BAR_BYTES + len(one.headline) + len(one.when) for one in self.bars)

    def only(self, bars: Iterable[Bar]) -> "Timeline":
        """The same picture, on the same scale, with these of its bars."""
        kept = {id(bar) for bar in bars}
        lanes = (
            replace(lane, bars=tuple(bar for bar in lane.bars if id(bar) in kept))
            for lane in self.lanes
        )
        return Timeline(self.years, tuple(lane for lane in lanes if lane.bars))


@dataclass(frozen=True, slots=True)
class _Scale:
    first: int
    after: int

    def x(self, day: date) -> float:
        start, end = date(self.first, 1, 1).toordinal(), date(self.after, 1, 1).toordinal()
        return 100 * (day.toordinal() - start) / (end - start)

    def years(self) -> tuple[Year, ...]:
        step = next(one for one in _STEPS if (self.after - self.first) / one <= MOST_YEARS)
        first = -(-self.first // step) * step
        shown = range(first, self.after + 1, step)
        return tuple(
            Year(year, round(self.x(date(year, 1, 1)), 1), place % 2 == 1, self._anchor(year))
            for place, year in enumerate(shown)
        )

    def _anchor(self, year: int) -> str:
        return {self.first: "start", self.after: "end"}.get(year, "middle")


def draw_timeline(
    spans: Iterable[Mapping[str, Any]], paths: Mapping[str, str], labels: Mapping[str, str]
) -> Timeline:
    """The picture of the spans of the panorama. `paths` are by entry, `labels` by part, in order."""
    found = [
        (one, date.fromisoformat(one["earliest"]), date.fromisoformat(one["latest"]))
        for one in spans
    ]
    if not found:
        return Timeline()
    last = max(latest for _, _, latest in found)
    scale = _Scale(min(earliest for _, earliest, _ in found).year, min(last.year, 9998) + 1)
    lanes = []
    for part, label in labels.items():
        bars = tuple(
            _bar(span, earliest, latest, scale, paths)
            for span, earliest, latest in found
            if span["part"] == part
        )
        if bars:
            lanes.append(Lane(part, label, bars))
    return Timeline(scale.years(), tuple(lanes))


def _bar(
    span: Mapping[str, Any], earliest: date, latest: date, scale: _Scale, paths: Mapping[str, str]
) -> Bar:
    x, end = scale.x(earliest), min(scale.x(latest), 100.0)
    width = max(end - x, NARROWEST)
    return Bar(
        path=paths[span["entry"]],
        headline=span["headline"],
        when=span["when"],
        x=round(min(x, 100 - width), 1),
        width=round(width, 1),
        is_vague=span["approximate"],
        is_ongoing=span["ongoing"],
    )

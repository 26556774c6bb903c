"""The timeline as a picture: a bar for each dated entry, on one scale of years.

Places are shares of the width, in hundredths, so that the picture fits any screen; names stay text
beside their bars, and lead to their entries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

MOST_YEARS = 9  # whose labels stand apart, those at the edges too
NARROWEST = 1.0
_BAR_BYTES = 260
Span = Mapping[str, Any]
_STEPS = (1, 2, 5, 10, 20, 50, 100, 1_000, 2_000)


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


def weight_of(spans: Iterable[Span]) -> int:
    """About how many bytes the bars of these spans take in a page."""
    return sum(_BAR_BYTES + len(one["headline"]) + len(one["when"]) for one in spans)


def in_lanes(spans: Sequence[Span], parts: Iterable[str]) -> list[Span]:
    """The spans in the order in which they are drawn: part after part."""
    return [span for part in parts for span in spans if span["part"] == part]


def draw_timeline(
    spans: Sequence[Span],
    paths: Mapping[str, str],
    labels: Mapping[str, str],
    shown: Sequence[Span] | None = None,
) -> Timeline:
    """The picture of the spans of the panorama, or of those that are shown, on the scale of all.

    `paths` are by entry, `labels` by part, in order.
    """
    if not spans:
        return Timeline()
    last = date.fromisoformat(max(one["latest"] for one in spans))
    first = date.fromisoformat(min(one["earliest"] for one in spans))
    scale = _Scale(first.year, min(last.year, 9998) + 1)
    drawn = spans if shown is None else shown
    lanes = (
        Lane(part, label, tuple(_bar(one, scale, paths) for one in drawn if one["part"] == part))
        for part, label in labels.items()
    )
    return Timeline(scale.years(), tuple(lane for lane in lanes if lane.bars))


def _bar(span: Span, scale: _Scale, paths: Mapping[str, str]) -> Bar:
    x = scale.x(date.fromisoformat(span["earliest"]))
    end = min(scale.x(date.fromisoformat(span["latest"])), 100.0)
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

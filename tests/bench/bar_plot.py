"""Labelled horizontal bars as an accessible SVG: groups of bars on one logarithmic axis."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

_WIDTH, _LEFT, _RIGHT = 760, 24, 96
_BAR, _GAP, _TITLE = 17, 3, 26
_COLOURS = ("#1b4f8f", "#5b9bd5", "#6b6b6b", "#a8a8a8", "#b5651d")
_NAMES = 150


@dataclass(frozen=True)
class Bars:
    """A group: its title, and its bars by name."""

    title: str
    bars: Sequence[tuple[str, float]]


def bar_plot(title: str, axis: str, groups: Sequence[Bars], names: Sequence[str]) -> str:
    """The plot; each bar has its name beside it and its figure at its end, so that no colour is needed."""
    colours = dict(zip(names, _COLOURS, strict=False))
    most = max(value for group in groups for _, value in group.bars)
    room = _WIDTH - _LEFT - _RIGHT - _NAMES
    y, drawn = 64, []
    for group in groups:
        drawn.append(f'<text x="{_LEFT}" y="{y}" font-weight="600">{escape(group.title)}</text>')
        y += 8
        for name, value in group.bars:
            length = max(2.0, room * math.log10(max(value, 1.0)) / math.log10(most))
            middle = y + _BAR - 4
            drawn.append(
                f'<text x="{_LEFT + _NAMES - 8}" y="{middle}" text-anchor="end" font-size="12">{escape(name)}</text>'
                f'<rect x="{_LEFT + _NAMES}" y="{y}" width="{length:.1f}" height="{_BAR}" fill="{colours[name]}"/>'
                f'<text x="{_LEFT + _NAMES + length + 6:.1f}" y="{middle}" font-size="12">{_figure(value)}</text>'
            )
            y += _BAR + _GAP
        y += _TITLE
    said = "; ".join(
        f"{group.title}: " + ", ".join(f"{name} {_figure(value)}" for name, value in group.bars)
        for group in groups
    )
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {y}" role="img"'
        ' aria-labelledby="title said" font-family="system-ui, sans-serif" font-size="14" fill="#1a1a1a">\n'
        f'<title id="title">{escape(title)}</title>\n<desc id="said">{escape(said)}</desc>\n'
        f'<rect width="{_WIDTH}" height="{y}" fill="#ffffff"/>\n'
        f'<text x="{_LEFT}" y="28" font-size="17" font-weight="600">{escape(title)}</text>'
        f'<text x="{_WIDTH - _LEFT}" y="28" text-anchor="end" font-size="12">{escape(axis)}</text>\n'
        + "\n".join(drawn)
        + "\n</svg>\n"
    )


def _figure(value: float) -> str:
    return f"{value:,.0f}" if value >= 20 else f"{value:.1f}"

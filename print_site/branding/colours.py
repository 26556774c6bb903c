"""Colours: those of the theme, read from its sheet; contrast as WCAG 2.2 measures it.

The theme's sheet stays the one place where a colour stands: checks and drawings follow it.
"""

import colorsys
import re
from collections.abc import Mapping, Sequence

from print_site.settings import STATIC

ROLES = ("accent", "formations", "experiences", "competences", "attachments")
# Where text in these colours stands: the sheet of paper, and what a wide screen shows around it.
BACKGROUNDS = ("paper", "desk")
# What is derived has some margin: text that only just passes is tiring on a dark screen.
COMFORTABLE = 7.0

_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z-]+):\s*#([0-9a-f]{6}|[0-9a-f]{3});", re.IGNORECASE)
_VARIABLE = re.compile(r"var\(--([a-z-]+)\)")
_STEP = 0.01
_MOST_SATURATION = 0.65  # beyond it a light colour glares on a dark screen


def theme_colours() -> tuple[dict[str, str], dict[str, str]]:
    """Every colour of base.css by its variable's name, in light mode and in dark."""
    blocks = _ROOT.findall((STATIC / "base.css").read_text(encoding="utf-8"))
    light, dark = (
        {name: _full(digits) for name, digits in _COLOUR.findall(block)} for block in blocks[:2]
    )
    return light, {**light, **dark}


def fill_in_variables(sheet: str, colours: Mapping[str, str]) -> str:
    """A sheet for an engine without variables: each `var(--name)` is the colour of that name.

    Raises KeyError for a name that has no colour.
    """
    return _VARIABLE.sub(lambda variable: colours[variable[1]], sheet)


def contrast(one: str, other: str) -> float:
    """The ratio between two `#rrggbb`, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lowest_contrast(colour: str, grounds: Sequence[str]) -> tuple[float, str]:
    """The lowest ratio of a colour with the grounds on which it may stand, and that ground."""
    return min((contrast(colour, ground), ground) for ground in grounds)


def lighten(colour: str, grounds: Sequence[str]) -> str:
    """The same hue, as much lighter as it takes to be read comfortably on dark grounds."""
    hue, lightness, saturation = colorsys.rgb_to_hls(*_channels(colour))
    saturation = min(saturation, _MOST_SATURATION)
    while lowest_contrast(colour, grounds)[0] < COMFORTABLE and lightness < 1:
        lightness = min(lightness + _STEP, 1.0)
        channels = colorsys.hls_to_rgb(hue, lightness, saturation)
        colour = "#" + "".join(f"{round(channel * 255):02x}" for channel in channels)
    return colour


def _luminance(colour: str) -> float:
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4
        for channel in _channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _channels(colour: str) -> tuple[float, float, float]:
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def _full(digits: str) -> str:
    digits = digits.lower()
    return f"#{digits}" if len(digits) == 6 else "#" + "".join(digit * 2 for digit in digits)

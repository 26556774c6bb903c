"""Colours: those of the theme, read from its sheet; contrast as WCAG 2.2 measures it.

Colours are written in the theme's sheet alone; checks and drawings read them from there.
"""

import colorsys
import re
from collections.abc import Sequence

from print_site.settings import STATIC

ROLES = ("accent", "formations", "experiences", "competences", "attachments")
# The backgrounds of text in these colours: the sheet of paper, and the screen around it.
BACKGROUNDS = ("paper", "desk")
# Derived colours get more contrast than the minimum, which is tiring on a dark screen.
COMFORTABLE = 7.0

_ROOT = re.compile(r":root\s*\{([^}]*)\}")
_COLOUR = re.compile(r"--([a-z-]+):\s*#([0-9a-f]{6}|[0-9a-f]{3});", re.IGNORECASE)
_STEP = 0.01
_MOST_SATURATION = 0.65  # beyond it a light colour glares on a dark screen


def theme_colours() -> tuple[dict[str, str], dict[str, str]]:
    """Return the colours of base.css by variable name: those of light mode, then of dark mode."""
    blocks = _ROOT.findall((STATIC / "base.css").read_text(encoding="utf-8"))
    light, dark = (
        {name: _full(digits) for name, digits in _COLOUR.findall(block)} for block in blocks[:2]
    )
    return light, {**light, **dark}


def contrast(one: str, other: str) -> float:
    """Return the contrast ratio of two colours `#rrggbb`, from 1 to 21."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def lowest_contrast(colour: str, grounds: Sequence[str]) -> tuple[float, str]:
    """Return the lowest contrast of a colour with these backgrounds, and that background."""
    return min((contrast(colour, ground), ground) for ground in grounds)


def lighten(colour: str, grounds: Sequence[str]) -> str:
    """Lighten a colour until it is comfortable to read on dark backgrounds; its hue stays."""
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

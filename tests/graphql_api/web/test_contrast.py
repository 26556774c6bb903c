"""What one must see of the pages to use them stands out from its ground, light and dark (RGAA 3.2, 3.3)."""

import re
from pathlib import Path

import pytest

from print_site.branding.colours import contrast

STYLE = Path("graphql_api/web/static/style.css").read_text("utf-8")
TOKEN = re.compile(r"--([a-z-]+): (#[0-9a-f]{3,6});")
GROUNDS = ("paper", "desk", "wash")
# Edges of fields and buttons, the ring of the focus, marks and drawings of the parts.
DRAWN = (
    "edge", "accent", "over", "good", "soon", "formations", "experiences", "competences",
    "attachments",
)  # fmt: skip
WRITTEN = ("ink", "soft", "accent", "over", "good", "soon")


def tokens(scheme: str) -> dict[str, str]:
    """The colours of a scheme; the dark ones stand after the light ones, and replace them."""
    light, dark = STYLE.split("@media (prefers-color-scheme: dark)", 2)[:2]
    found = dict(TOKEN.findall(light))
    if scheme == "dark":
        found |= dict(TOKEN.findall(dark.split("}\n}", 1)[0]))
    return {name: whole(colour) for name, colour in found.items()}


def whole(colour: str) -> str:
    return colour if len(colour) == 7 else "#" + "".join(2 * one for one in colour[1:])


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_controls_and_drawings_stand_out_three_to_one(scheme: str) -> None:
    colour = tokens(scheme)
    weak = [
        (name, ground)
        for name in DRAWN
        for ground in GROUNDS
        if contrast(colour[name], colour[ground]) < 3
    ]
    assert weak == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_words_stand_out_four_and_a_half_to_one(scheme: str) -> None:
    colour = tokens(scheme)
    pairs = [(name, ground) for name in WRITTEN for ground in GROUNDS]
    pairs += [("accent-ink", "accent"), ("over", "over-wash")]
    assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 4.5] == []


def test_the_two_schemes_differ() -> None:
    assert tokens("light")["paper"] != tokens("dark")["paper"]

"""The screens on which a dossier is looked at, and how a page is opened on one."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .chromium import Tab, Tabs

DARK = {"color_scheme": "dark"}


@dataclass(frozen=True)
class Screen:
    """A kind of screen: its width in CSS pixels and what the reader prefers."""

    width: int
    media: str = "screen"
    preferences: dict[str, str] = field(default_factory=dict)


SCREENS = {
    "wide": Screen(1280),
    "wide, dark": Screen(1280, preferences=DARK),
    "zoomed to 200 %": Screen(640),
    "telephone": Screen(390),
    "narrow": Screen(320),
    "narrow, dark": Screen(320, preferences=DARK),
    "forced colours": Screen(1280, preferences=DARK | {"forced_colors": "active"}),
    "paper": Screen(643, media="print"),
}


def look(tabs: Tabs, file: Path, screen: str, **options: Any) -> Tab:
    """Open a file on a screen, and wait until the page is whole and its fonts are there."""
    shown = SCREENS[screen]
    tab = tabs.open(
        viewport={"width": shown.width, "height": 800},
        is_mobile=shown.width < 640,
        **shown.preferences,
        **options,
    )
    tab.page.emulate_media(media=shown.media)
    tab.page.goto(file.as_uri())
    tab.page.evaluate("document.fonts.ready.then(() => true)")
    return tab

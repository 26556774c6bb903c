"""The screens on which a dossier is looked at, and how a page is opened on one."""

import json
from dataclasses import dataclass
from pathlib import Path

from .chromium import Tab

DARK = ("prefers-color-scheme", "dark")


@dataclass(frozen=True)
class Screen:
    """A kind of screen: its width in CSS pixels and what the reader prefers."""

    width: int
    media: str = "screen"
    features: tuple[tuple[str, str], ...] = ()


SCREENS = {
    "wide": Screen(1280),
    "wide, dark": Screen(1280, features=(DARK,)),
    "zoomed to 200 %": Screen(640),
    "telephone": Screen(390),
    "narrow": Screen(320),
    "narrow, dark": Screen(320, features=(DARK,)),
    "forced colours": Screen(1280, features=(("forced-colors", "active"), DARK)),
    "paper": Screen(643, media="print"),
}


def look(tab: Tab, page: Path, screen: Screen) -> None:
    """Open a page on a screen, and wait until it is whole and its fonts are there."""
    tab.send("Emulation.setEmulatedMedia", media=screen.media, features=[
        {"name": name, "value": value} for name, value in screen.features
    ])  # fmt: skip
    tab.send(
        "Emulation.setDeviceMetricsOverride",
        width=screen.width,
        height=800,
        deviceScaleFactor=1,
        mobile=screen.width < 640,
    )
    tab.open("about:blank")
    tab.until("location.href == 'about:blank'")
    tab.open(page.as_uri())
    tab.until(f"location.href == {json.dumps(page.as_uri())} && document.readyState == 'complete'")
    tab.run("document.fonts.ready.then(() => true)")

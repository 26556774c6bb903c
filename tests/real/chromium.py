"""Chromium, driven by Playwright. It is the one that Debian installs: Playwright downloads none here."""

import shutil
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from tests.patience import PATIENCE_SECONDS

try:
    from playwright.sync_api import (
        Browser,
        CDPSession,
        ConsoleMessage,
        Dialog,
        Page,
        Request,
        expect,
        sync_playwright,
    )
    from playwright.sync_api import Download as Download
    from playwright.sync_api import FrameLocator as FrameLocator
    from playwright.sync_api import Locator as Locator
    from playwright.sync_api import Response as Response
except ModuleNotFoundError:
    pytest.skip("the extra `real` is not installed", allow_module_level=True)

PATIENCE_MILLISECONDS = 1_000 * PATIENCE_SECONDS
# Root, as which CI runs, may start Chromium only without its sandbox.
FLAGS = (
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync"),
    *("--disable-background-networking", "--disable-component-update"),
)
QUIET = ("log", "info", "debug")

expect.set_options(timeout=PATIENCE_MILLISECONDS)


@dataclass
class Tab:
    """A page. `requests` are the addresses that it asked for, `complaints` what went wrong in it."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("requestfailed", self._note_failure)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", self._note_message)
        self.page.on("dialog", self._note_dialog)

    def _note_failure(self, request: Request) -> None:
        self.complaints.append(f"{request.url}: {request.failure}")

    def _note_message(self, message: ConsoleMessage) -> None:
        # What the browser itself says counts at any level; what a script logs, as a warning only.
        if message.args == [] or message.type not in QUIET:
            self.complaints.append(f"{message.type}: {message.text} {message.location['url']}")

    def _note_dialog(self, dialog: Dialog) -> None:
        self.complaints.append(f"a dialog: {dialog.message}")
        dialog.dismiss()

    @cached_property
    def devtools(self) -> CDPSession:
        """The DevTools protocol, for what Playwright does not ask of the browser."""
        return self.page.context.new_cdp_session(self.page)


class Tabs:
    """Opens pages in a browser, each as in a fresh profile, and closes them at the end."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._opened = ExitStack()

    def __enter__(self) -> "Tabs":
        return self

    def __exit__(self, *_: object) -> None:
        self._opened.close()

    def open(self, **options: Any) -> Tab:
        """Open a blank page; the options are those of Playwright's `new_context`."""
        options = {"color_scheme": "null", **options}  # else a frame's own scheme has no effect
        context = self._opened.enter_context(self._browser.new_context(**options))
        context.set_default_timeout(PATIENCE_MILLISECONDS)
        return Tab(context.new_page())


@contextmanager
def launched() -> Iterator[Browser]:
    """Start Chromium until the block ends; skip where it is not installed."""
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium,
            args=FLAGS,
            ignore_default_args=["--hide-scrollbars"],  # they make a page narrower
            timeout=PATIENCE_MILLISECONDS,
        )
        try:
            yield browser
        finally:
            browser.close()

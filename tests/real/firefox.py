"""Firefox, driven by Marionette: Mozilla's driver takes Debian's firefox-esr as it is installed."""

import base64
import json
import os
import shutil
import subprocess
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.patience import PATIENCE_SECONDS
from tests.processes import wait_until

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # one of its packages calls an old function
    try:
        from marionette_driver import By as By
        from marionette_driver import Wait
        from marionette_driver.geckoinstance import DesktopInstance
        from marionette_driver.marionette import Marionette
    except ModuleNotFoundError:
        pytest.skip("the extra `real` is not installed", allow_module_level=True)

# Beside what Marionette sets for every test: any free port, no address that Firefox asks by itself.
PREFERENCES = {
    **DesktopInstance.required_prefs,
    **DesktopInstance.desktop_prefs,
    "marionette.port": 0,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
}
# What went wrong in pages, and not in Firefox itself: scripts, policies, style sheets.
COMPLAINTS = """return Services.console.getMessageArray()
  .filter(one => one instanceof Ci.nsIScriptError && /^(file|http):/.test(one.sourceName))
  .map(one => one.message)"""


class Firefox:
    """A window of Firefox."""

    def __init__(self, port: int) -> None:
        self.marionette = Marionette(port=port, socket_timeout=5 * PATIENCE_SECONDS)
        self.marionette.start_session()
        self.marionette.timeout.implicit = PATIENCE_SECONDS
        self.marionette.timeout.page_load = PATIENCE_SECONDS

    def open(self, url: str) -> None:
        """Go to an address and wait until the page is loaded; forget what went wrong before."""
        with self.marionette.using_context("chrome"):
            self.marionette.execute_script("Services.console.reset()")
        self.marionette.navigate(url)

    def element(self, selector: str) -> Any:
        """The first element that the selector finds, once it is there."""
        return self.marionette.find_element(By.CSS_SELECTOR, selector)

    def wait_for_text(self, text: str) -> None:
        """Wait until a page shows this text."""
        shown = "return document.body?.innerText.includes(arguments[0])"
        Wait(self.marionette, timeout=PATIENCE_SECONDS).until(
            lambda marionette: marionette.execute_script(shown, script_args=[text])
        )

    def complaints(self) -> list[str]:
        """What went wrong in the page since it was asked for."""
        with self.marionette.using_context("chrome"):
            return list(self.marionette.execute_script(COMPLAINTS))

    def print_to(self, target: Path) -> None:
        """Print the page to PDF, as somebody would who changes nothing."""
        told = self.marionette._send_message("WebDriver:Print", {}, key="value")
        target.write_bytes(base64.b64decode(told))


@contextmanager
def launched(folder: Path) -> Iterator[Firefox]:
    """Start Firefox, with a profile in a folder, until the block ends; skip where it is missing."""
    program = shutil.which("firefox-esr") or shutil.which("firefox")
    if program is None:
        pytest.skip("Firefox is not installed")
    lines = (
        f"user_pref({json.dumps(name)}, {json.dumps(PREFERENCES[name])});" for name in PREFERENCES
    )
    (folder / "user.js").write_text("\n".join(lines), "utf-8")
    port = folder / "MarionetteActivePort"
    with subprocess.Popen(
        [program, "--headless", "--marionette", "--no-remote", "--profile", folder],
        env=os.environ | {"HOME": str(folder), "MOZ_REMOTE_ALLOW_SYSTEM_ACCESS": "1"},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    ) as process:
        try:
            wait_until(process, lambda: port.is_file() and port.read_text().strip() != "")
            firefox = Firefox(int(port.read_text()))
            yield firefox
            firefox.marionette.cleanup()
        finally:
            process.terminate()

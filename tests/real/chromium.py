"""A real browser, driven over the DevTools protocol through two pipes: no driver, no library.

https://chromedevtools.github.io/devtools-protocol/ — messages are JSON, each ended by a NUL.
"""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from selectors import EVENT_READ, DefaultSelector
from typing import Any

CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
SECONDS = 30.0
# The browser listens at 3 and speaks at 4.
_AT_3_AND_4 = (
    "import os, sys; os.dup2(os.dup(int(sys.argv[1])), 100); os.dup2(int(sys.argv[2]), 4);"
    " os.dup2(100, 3); os.close(100); os.execv(sys.argv[3], sys.argv[3:])"
)


@dataclass
class Tab:
    """A page. `requests` are the addresses it asked for; `complaints` is what went wrong in it.

    `patience` is how long, in seconds, the browser may say nothing.
    """

    to_browser: int
    from_browser: int
    session: str = ""
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    patience: float = SECONDS
    _last: int = 0
    _read: bytes = b""

    def open(self, url: str) -> None:
        self.send("Page.navigate", url=url)

    def run(self, script: str) -> Any:
        """The value of a JavaScript expression; a promise is awaited."""
        answer = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def until(self, script: str) -> Any:
        """Wait until the expression is true; its value, or true for an element."""
        script = f"(value => value instanceof Node || value)({script})"
        deadline = time.monotonic() + SECONDS
        while not (value := self.run(script)):
            assert time.monotonic() < deadline, (script, self.complaints)
            time.sleep(0.05)
        return value

    def click(self, selector: str) -> None:
        """Press and release the mouse in the middle of the element, once nothing moves it any more."""
        self.until("document.readyState == 'complete'")
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = self.run(f"(b => [b.x + b.width / 2, b.y + b.height / 2])({box})")
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def press_control(self, key: str, code: int) -> None:
        """Press and release a key while Control is held; `code` is its virtual key code."""
        self.press(key, code, modifiers=2)

    def press(self, key: str, code: int, *, modifiers: int = 0, text: str = "") -> None:
        """Press and release a key; `text` is what it types, "\\r" for Enter."""
        for kind in ("rawKeyDown", "keyUp"):
            self.send(
                "Input.dispatchKeyEvent",
                type="keyDown" if text and kind == "rawKeyDown" else kind,
                modifiers=modifiers,
                key=key,
                windowsVirtualKeyCode=code,
                **({"text": text} if text else {}),
            )

    def send(self, method: str, **params: object) -> Any:
        """The result of a command."""
        self._last += 1
        message: dict[str, object] = {"id": self._last, "method": method, "params": params}
        if self.session:
            message["sessionId"] = self.session
        os.write(self.to_browser, json.dumps(message).encode() + b"\0")
        while True:
            heard = self._heard()
            if heard.get("id") == self._last:
                assert "error" not in heard, heard
                return heard["result"]

    def _heard(self) -> Any:
        with DefaultSelector() as selector:
            selector.register(self.from_browser, EVENT_READ)
            while b"\0" not in self._read:
                assert selector.select(self.patience), "the browser says nothing"
                read = os.read(self.from_browser, 1 << 16)
                assert read, "the browser is gone"
                self._read += read
        text, _, self._read = self._read.partition(b"\0")
        heard = json.loads(text)
        self._note(heard.get("method", ""), heard.get("params", {}))
        return heard

    def _note(self, event: str, params: Any) -> None:
        if event == "Network.requestWillBeSent":
            self.requests.append(params["request"]["url"])
        elif event in ("Network.loadingFailed", "Runtime.exceptionThrown", "Log.entryAdded"):
            self.complaints.append(json.dumps(params, ensure_ascii=False))
        elif event == "Runtime.consoleAPICalled" and params["type"] in ("error", "warning"):
            self.complaints.append(json.dumps(params["args"], ensure_ascii=False))
        elif event == "Page.javascriptDialogOpening":
            self.complaints.append(f"a dialog: {params['message']}")


@contextmanager
def browser(folder: Path, patience: float = SECONDS) -> Iterator[Tab]:
    """A tab of a fresh browser, which ends with the block; its profile is in the folder."""
    its_ears, to_browser = os.pipe()
    from_browser, its_mouth = os.pipe()
    command = [
        *(sys.executable, "-c", _AT_3_AND_4, str(its_ears), str(its_mouth), str(CHROMIUM)),
        *("--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"),
        *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
        *("--remote-debugging-pipe", f"--user-data-dir={folder / 'user'}", "about:blank"),
    ]
    process = subprocess.Popen(
        command, pass_fds=(its_ears, its_mouth), stderr=subprocess.DEVNULL, cwd=folder
    )
    os.close(its_ears)
    os.close(its_mouth)
    tab = Tab(to_browser, from_browser, patience=patience)
    try:
        target = tab.send("Target.createTarget", url="about:blank")["targetId"]
        tab.session = tab.send("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            tab.send(f"{domain}.enable")
        yield tab
    finally:
        process.terminate()
        process.wait(10)
        os.close(to_browser)
        os.close(from_browser)

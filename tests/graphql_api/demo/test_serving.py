"""What the demo serves to who tries queries, as README tells them to."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import httpx2
import pytest

from graphql_api.commands.cli import main
from tests.processes import interrupt, interruptible, wait_until

ROOT = Path(__file__).parents[3]
LIVRET = Path(sys.executable).with_name("livret")
MINE = "{ booklet { state } }"


class Demo:
    """A demo in a folder, started and stopped."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def start(self, **environment: str) -> None:
        """Start it, on a free port, and wait until it says who may sign in."""
        self.out, self.errors = (self.folder / name for name in ("out", "errors"))
        with self.out.open("wb") as out, self.errors.open("wb") as errors:
            self.process = subprocess.Popen(
                interruptible(LIVRET, "demo"),
                cwd=self.folder,
                env={**os.environ, "LIVRET_PORT": "0", **environment},
                stdout=out,
                stderr=errors,
            )
        wait_until(self.process, lambda: "Ctrl+C" in self.out.read_text("utf-8"))
        (self.url,) = re.findall(r"(http://\S+)/graphql  ", self.out.read_text("utf-8"))

    def stored(self, text: str, **headers: str) -> httpx2.Response:
        """Ask for a stored query by its address, as the agent."""
        asked = [LIVRET, "token", "agent"]
        token = subprocess.run(
            asked, cwd=self.folder, capture_output=True, check=True, text=True
        ).stdout.strip()
        hash = sha256(text.encode()).hexdigest()
        return httpx2.get(
            f"{self.url}/q/{hash}", headers={"authorization": f"Bearer {token}", **headers}
        )


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Demo]:
    """A demo that is not started yet."""
    made = Demo(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()


def test_the_demo_serves_stored_queries_and_tells_each_request(demo: Demo) -> None:
    demo.start()
    ((_, named),) = re.findall(r"(sha256sum) (\S+\.graphql)", (ROOT / "README.md").read_text())
    text = (ROOT / named).read_text("utf-8")
    answer = demo.stored(text)
    assert answer.json()["data"]["booklet"]["state"] == "OPEN"
    again = demo.stored(text, **{"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert demo.stored(MINE).status_code == 404
    assert interrupt(demo.process) == 0
    lines = [
        line for line in demo.errors.read_text("utf-8").splitlines() if "GET /q/{hash} " in line
    ]
    assert [line.split("GET")[1].split(",")[0] for line in lines] == [
        f" /q/{{hash}} {status}" for status in (200, 304, 404)
    ]
    assert answer.headers["x-request-id"] in lines[0]
    assert "127.0.0.1:" not in demo.errors.read_text("utf-8")  # whose connection it was

    (demo.folder / "mine").mkdir()
    (demo.folder / "mine" / "mine.graphql").write_text(MINE)
    demo.start(LIVRET_QUERIES="mine")
    assert demo.stored(MINE).json() == {"data": {"booklet": {"state": "OPEN"}}}
    assert demo.stored(text).status_code == 404


@pytest.mark.parametrize(
    ("variable", "value"), [("LIVRET_QUERIES", "nowhere"), ("LIVRET_PORT", "8000a")]
)
def test_a_setting_of_the_demo_that_cannot_be_read_is_named(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variable: str,
    value: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(variable, value)
    assert main(["demo", "--once"]) == 2
    assert variable in capsys.readouterr().err

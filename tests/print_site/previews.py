"""Runs the preview in a process, on a copy of the package that a test may change."""

import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from tests.patience import PATIENCE_SECONDS
from tests.processes import interrupt, interruptible

PACKAGE = Path(__file__).parents[2] / "print_site"


@dataclass
class Preview:
    """A running preview: the folder of its theme, and an HTTP client."""

    theme: Path
    url: str
    client: httpx2.Client

    def page(self, name: str = "full") -> str:
        """Return a rendered dossier."""
        answer = self.client.get(f"/dossier/{name}.html")
        assert answer.status_code == 200, answer.text
        return answer.text

    def fault(self, name: str = "full.html") -> str:
        """Return the page of an error."""
        answer = self.client.get(f"/dossier/{name}")
        assert answer.status_code == 500
        return answer.text

    def stamp(self) -> str:
        """Return the stamp, which changes with the theme."""
        return self.client.get("/stamp").text


@contextmanager
def previewing(root: Path, *options: str) -> Iterator[Preview]:
    """Run the preview of a copy in this folder, until the block ends."""
    shutil.copytree(PACKAGE, root / "print_site", ignore=shutil.ignore_patterns("__pycache__"))
    command = (sys.executable, "-W", "error", "-m", "print_site", "preview", "--port", "0")
    process = subprocess.Popen(
        interruptible(*command, *options),
        cwd=root,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    try:
        said = process.stdout.readline()
        address = re.search(r"http://127\.0\.0\.1:\d+", said)
        assert address, said
        with httpx2.Client(
            base_url=address[0], timeout=PATIENCE_SECONDS, trust_env=False
        ) as client:
            yield Preview(root / "print_site" / "theme", address[0], client)
    finally:
        code = interrupt(process)
        process.stdout.close()
    assert code == 0


def changed(file: Path, old: str, new: str) -> None:
    """Replace a text in a file, once."""
    text = file.read_text(encoding="utf-8")
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")

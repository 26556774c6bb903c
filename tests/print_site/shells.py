"""Runs the command line in a process."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def shell(
    *arguments: str, given: str = "", token: str | None = None
) -> subprocess.CompletedProcess[str]:
    environment = {name: value for name, value in os.environ.items() if name != "LIVRET_TOKEN"}
    environment["NO_PROXY"] = "127.0.0.1"
    if token is not None:
        environment["LIVRET_TOKEN"] = token
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "print_site", *arguments],
        cwd=ROOT,
        env=environment,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )

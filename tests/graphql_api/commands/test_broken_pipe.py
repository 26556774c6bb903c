"""`livret … | head`: whoever reads what a command says may stop reading."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_SECONDS

LIVRET = str(Path(sys.executable).parent / "livret")


@pytest.mark.parametrize("command", ["sdl", "settings"])
def test_a_command_that_nobody_reads_any_more_ends_quietly(command: str) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as broken:
        done = subprocess.run(
            [LIVRET, command],
            stdout=broken,
            stderr=subprocess.PIPE,
            timeout=PATIENCE_SECONDS,
            check=False,
        )
    assert (done.returncode, done.stderr) == (1, b"")

"""Child processes that a test waits for and interrupts."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.patience import PATIENCE_SECONDS, until

_WITH_DEFAULT_SIGINT = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL);"
    " os.execv(sys.argv[1], sys.argv[1:])"
)


def interruptible(*command: str | Path) -> list[str]:
    """Return the command, to be run with SIGINT's default effect.

    A shell starts its background jobs with SIGINT ignored, and every process inherits that from
    its parent: without this, a child of tests that run in the background cannot be interrupted.
    """
    program, *words = (str(word) for word in command)
    return [sys.executable, "-I", "-c", _WITH_DEFAULT_SIGINT, program, *words]


def wait_until(process: subprocess.Popen[Any], is_ready: Callable[[], bool]) -> None:
    """Wait until a process is ready. One that ends before is a failure."""
    until(lambda: process.poll() is not None or is_ready())
    assert process.poll() is None, f"ended with {process.returncode}: {process.args}"


def interrupt(process: subprocess.Popen[Any]) -> int:
    """Interrupt a process and return its exit code. A process that stays is killed."""
    process.send_signal(signal.SIGINT)
    try:
        return process.wait(PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        return process.wait()


def bytes_of_database(file: Path) -> bytes:
    """The bytes of a file of a SQLite database that this process has open, read by another process.

    Whoever opens and closes such a file gives up the locks that SQLite holds on it for the whole
    process (SQLite, « How To Corrupt An SQLite Database File », 2.2): the next command that uses the
    database would take itself for alone, and delete the log under the other's feet.
    """
    return subprocess.run(["cat", str(file)], capture_output=True, check=True).stdout

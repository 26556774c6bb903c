"""A print process: started by command, one job at a time, stopped when a job takes too long.

Pelican changes its whole process (locale, logging, signals), so it never runs in this one.
"""

import contextlib
import json
import logging
import os
import re
import select
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from threading import Thread
from typing import IO, Any

from graphql_api.scratch import ScratchFolder, make_scratch_folder

# -P: no module comes from the folder where the service happens to be started.
_COMMAND = (sys.executable, "-P", "-m", "print_site", "worker")
# No LIVRET_ setting is passed on: the worker knows what its jobs tell it.
_PASSED_ON = frozenset({"PATH", "HOME", "LANG", "SSL_CERT_FILE", "PYTHONPATH", "TZ"})
# A worker says itself that a job took too long: by the time of the processor, or ten times that by the
# clock. Only one that hangs is silent longer.
_PATIENCE = 10
_GRACE_SECONDS = 5.0
_END_SECONDS = 2.0
_TOO_LONG = "TOO_LONG"
# What a worker says of itself, and how a traceback ends: anything else may hold what a booklet says.
_OF_ITSELF = re.compile(r"print_site: (.+)")
_RAISED = re.compile(r"([A-Za-z_][\w.]*(?:Error|Exception|Interrupt|Exit))(?::.*)?", re.ASCII)
_log = logging.getLogger(__name__)


class PrintProcess:
    """A worker process with a scratch folder; one thread at a time may use it."""

    def __init__(self, seconds: int, *options: str) -> None:
        """A job takes at most `seconds` of the processor; `options` are those of `print_site worker`."""
        self.seconds = seconds
        self.longest_silence = _PATIENCE * seconds + _GRACE_SECONDS
        self._options = options
        self._folder = tempfile.gettempdir()
        self._process: subprocess.Popen[bytes] | None = None
        self._listener: Thread | None = None
        self._scratch: ScratchFolder | None = None

    @property
    def pid(self) -> int | None:
        """The id of the process; None when it does not run."""
        running = self._process is not None and self._process.poll() is None
        return self._process.pid if self._process and running else None

    def start(self) -> None:
        """Start a process for the next job, unless one runs."""
        if self.pid is None:
            self.stop()  # it died between two jobs: its pipes are still to be closed
            self._scratch = make_scratch_folder(self._folder)
            self._process = subprocess.Popen(  # noqa: S603, our own program, and numbers
                [*_COMMAND, "--seconds", str(self.seconds), *self._options],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                env=self._environment(self._scratch.path),
            )
            said = _pipe(self._process.stderr)
            self._listener = Thread(target=_log_lines, args=(said,), name="print log", daemon=True)
            self._listener.start()

    def run(self, job: Mapping[str, str]) -> dict[str, Any]:
        """Run a job and return the answer; empty when the process died or was silent too long.

        A process that did not finish, or that retires, is replaced.
        """
        self.start()
        try:
            answer = self._answer(json.dumps(job).encode() + b"\n")
        except (OSError, ValueError):
            answer = {}
        if not answer or answer.get("last") or answer.get("code") == _TOO_LONG:
            self.stop(at_once=not answer)
            self.start()
        return answer

    def stop(self, *, at_once: bool = False) -> None:
        """Stop the process, by force if it does not leave, and remove its scratch folder."""
        process, self._process = self._process, None
        if process is not None:
            with contextlib.suppress(OSError):
                _pipe(process.stdin).close()
            if at_once:
                process.kill()
            try:
                process.wait(timeout=_END_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
            _pipe(process.stdout).close()
        if self._listener is not None:
            self._listener.join(_END_SECONDS)  # the process ended, and so does what it said
            self._listener = None
        if self._scratch is not None:
            self._scratch.remove()
            self._scratch = None

    def _answer(self, job: bytes) -> dict[str, Any]:
        worker = self._process
        if worker is None:
            return {}
        _pipe(worker.stdin).write(job)
        _pipe(worker.stdin).flush()
        ready, _, _ = select.select([_pipe(worker.stdout)], [], [], self.longest_silence)
        line = _pipe(worker.stdout).readline() if ready else b""
        return dict(json.loads(line)) if line else {}

    @staticmethod
    def _environment(scratch: Path) -> dict[str, str]:
        inherited = {name: value for name, value in os.environ.items() if name in _PASSED_ON}
        return inherited | {"TMPDIR": str(scratch)}


def _log_lines(said: IO[bytes]) -> None:
    """Log the faults that a process writes on its standard error, until it ends."""
    with said:
        for line in said:
            text = line.decode("utf-8", "replace").strip()
            if found := _OF_ITSELF.fullmatch(text) or _RAISED.fullmatch(text):
                _log.error("a print process: %s", found[1], extra={"event": "print-fault"})


def _pipe(pipe: IO[bytes] | None) -> IO[bytes]:
    if pipe is None:
        raise OSError("the worker has no pipe")
    return pipe

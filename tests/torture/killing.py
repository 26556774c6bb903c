"""Processes that kill themselves (SIGKILL) just before their n-th statement to a database.

A child imports the service once, and forks for each run: so a kill costs what the command costs,
and always falls at the same place. BEGIN and COMMIT are statements too.
"""

import json
import os
import runpy
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

import peewee

from graphql_api.storage.pipeline import Pipeline

ROOT = Path(__file__).parents[2]
NEVER = 0


@dataclass(frozen=True)
class Ended:
    """How a run ended: after how many statements, and whether it was killed or failed."""

    statements: int
    killed: bool
    failed: bool


@dataclass(frozen=True)
class Runner:
    """Runs modules in forks of one process."""

    process: "subprocess.Popen[str]"

    def run(
        self, module: str, *words: str, environment: Mapping[str, str], before: int = NEVER
    ) -> Ended:
        """Run `python -m module words…`, killed before a statement of that number."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        asked = {"module": module, "words": words, "environment": {**environment}, "before": before}
        self.process.stdin.write(json.dumps(asked) + "\n")
        self.process.stdin.flush()
        return Ended(**json.loads(self.process.stdout.readline()))


@contextmanager
def runner() -> Iterator[Runner]:
    """A process that runs what is asked for, until the block ends."""
    command = [sys.executable, "-m", "tests.torture.killing"]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        yield Runner(process)
        assert process.stdin is not None
        process.stdin.close()


def spread(statements: int, kills: int) -> list[int]:
    """So many numbers of statements, evenly from the first to the last."""
    return sorted({1 + round(at * (statements - 1) / max(1, kills - 1)) for at in range(kills)})


def _fork(asked: dict[str, Any]) -> dict[str, Any]:
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        os._exit(_run_in_fork(asked, writing))
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        statements = len(pipe.read())
    _, status = os.waitpid(child, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"statements": statements, "killed": killed, "failed": not killed and status != 0}


def _run_in_fork(asked: dict[str, Any], pipe: int) -> int:
    """Run the module; each statement writes a byte into the pipe."""
    os.dup2(2, 1)  # what a command prints is no answer of ours
    os.environ.update(asked["environment"])
    numbers = count(1)

    def counted(run: Any) -> Any:
        def counting(*args: Any, **options: Any) -> Any:
            if next(numbers) == asked["before"]:
                os.kill(os.getpid(), signal.SIGKILL)
            os.write(pipe, b".")
            return run(*args, **options)

        return counting

    peewee.Database.cursor = counted(peewee.Database.cursor)
    Pipeline._dumped = counted(Pipeline._dumped)  # type: ignore[method-assign]  # each statement on its way to PostgreSQL
    sys.argv = [asked["module"], *asked["words"]]
    try:
        runpy.run_module(asked["module"], run_name="__main__", alter_sys=False)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else bool(ended.code)
    except BaseException:  # noqa: BLE001 - whatever it was, the run has failed
        sys.excepthook(*sys.exc_info())
        return 1
    return 0


if __name__ == "__main__":
    import graphql_api.commands.cli  # noqa: F401 - imported once, for all forks

    for line in sys.stdin:
        print(json.dumps(_fork(json.loads(line))), flush=True)

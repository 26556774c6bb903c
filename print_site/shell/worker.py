"""A long-lived process that prints: one JSON job per line on stdin, one JSON answer on stdout.

A job is {"id", "url", "token", "dossier"} and one absolute path under "html", "pdf", "zip" or
"folder"; or {"id", "verify", "expected"}, the absolute path of a printed dossier and a fingerprint
that its holder gave, which may be empty. The answer is {"id", "ok": true, "path", "fingerprint"},
for a verification {"id", "ok": true, "fingerprint", "compared", "isAnother", "asOf",
"verifyAt", "sentences"}, or {"id", "ok": false, "code", "message"}; the last one before the worker retires also holds "last": true.
Answers come in the order of the jobs. Only stdin carries tokens, and nothing of a job is ever logged.

It warms up before its first job, so that no caller waits for templates to be compiled.

The exit code is 0 at the end of the input, and 75 when the worker has done its number of jobs or
holds too much memory. No job takes more than its time; `__main__` bounds the memory of the process.
"""

import json
import os
import signal
import sys
from pathlib import Path
from typing import Any, BinaryIO, NoReturn

from print_site.branding.branding import Branding
from print_site.build import BUILDERS, warm_up
from print_site.dossier import client
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.limits import GROWTH_BYTES, JOB_SECONDS, memory_in_use, time_limit
from print_site.verifying.verification import verify

RETIRED = 75
JOBS_BEFORE_RETIRING = 500
LONGEST_JOB_BYTES = 64 * 1024


def run_worker(
    jobs: int = JOBS_BEFORE_RETIRING,
    seconds: float = JOB_SECONDS,
    branding: Branding | None = None,
    *,
    pdf: bool = False,
) -> int:
    """Answer jobs until the input ends or it is time to retire, and return the exit code.

    With `pdf` it warms up for PDF too.
    """
    signal.signal(signal.SIGTERM, _exit)
    signal.signal(signal.SIGINT, _exit)
    with _reserve_stdout() as answers:
        warm_up(pdf=pdf)
        first_held = memory_in_use()
        for done in range(1, jobs + 1):
            line = _next_job(sys.stdin.buffer)
            if line is None:
                return 0
            answer = answer_job(line, seconds, branding)
            grown = memory_in_use() - first_held > GROWTH_BYTES
            if grown or done == jobs:
                answer["last"] = True
            answers.write(json.dumps(answer).encode("ascii") + b"\n")
            answers.flush()
            if grown:
                break
    return RETIRED


def answer_job(
    line: bytes, seconds: float = JOB_SECONDS, branding: Branding | None = None
) -> dict[str, Any]:
    """Do one job within its time, and return an answer in every case."""
    identifier: str | int | None = None
    try:
        job = _read_job(line)
        given = job.get("id")
        identifier = given if isinstance(given, str | int) else None
        with time_limit(seconds):
            do = _verify if "verify" in job else _print
            return {"id": identifier, "ok": True, **do(job, branding)}
    except PrintError as error:
        if error.detail:
            sys.stderr.write(f"print_site: {error.detail}\n")
        failure = error
    except Exception as error:  # noqa: BLE001, a worker outlives its jobs
        # The type only: the message and the traceback may hold what the booklet says.
        sys.stderr.write(f"print_site: {type(error).__name__}\n")
        failure = PrintError(Reason.FAULT, "La mise en page du dossier a échoué.")
    return {"id": identifier, "ok": False, "code": failure.reason, "message": failure.message}


def _verify(job: dict[str, Any], branding: Branding | None) -> dict[str, Any]:
    expected = job.get("expected", "")
    if not isinstance(expected, str):
        raise _bad_job_error()
    found = verify(_path(job, "verify"), expected, branding)
    return {
        "fingerprint": found.fingerprint,
        "compared": found.pages_compared,
        "isAnother": found.is_another,
        "asOf": found.as_of,
        "verifyAt": found.verify_at,
        "sentences": list(found.sentences),
    }


def _print(job: dict[str, Any], branding: Branding | None) -> dict[str, Any]:
    kinds = [kind for kind in BUILDERS if kind in job]
    if len(kinds) != 1:
        raise _bad_job_error()
    url, token, identifier = (_text(job, name) for name in ("url", "token", "dossier"))
    target = _path(job, kinds[0])
    dossier = parse_dossier(client.fetch_dossier(url, token, identifier))
    BUILDERS[kinds[0]](dossier, target, branding)
    return {"path": str(target), "fingerprint": dossier.fingerprint}


def _read_job(line: bytes) -> dict[str, Any]:
    try:
        job = json.loads(line)
    except (ValueError, RecursionError):
        raise _bad_job_error() from None
    if not isinstance(job, dict):
        raise _bad_job_error()
    return job


def _text(job: dict[str, Any], name: str) -> str:
    value = job.get(name)
    if not isinstance(value, str) or not value or "\0" in value:
        raise _bad_job_error()
    return value


def _path(job: dict[str, Any], name: str) -> Path:
    path = Path(_text(job, name))
    if not path.is_absolute():
        raise _bad_job_error()
    return path


def _bad_job_error() -> PrintError:
    return PrintError(Reason.BAD_JOB, "La demande d’impression est mal formée.")


def _next_job(source: BinaryIO) -> bytes | None:
    """Return the next line that is not blank, None at the end, b"" for a line that is too long."""
    while line := source.readline(LONGEST_JOB_BYTES):
        whole = line.endswith(b"\n") or len(line) < LONGEST_JOB_BYTES
        if not whole:
            while (rest := source.readline(LONGEST_JOB_BYTES)) and not rest.endswith(b"\n"):
                pass
            return b""
        if line.strip():
            return line
    return None


def _reserve_stdout() -> BinaryIO:
    """Return the real stdout for answers; other output then goes to stderr, even from C."""
    sys.stdout.flush()
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    sys.stdout = sys.stderr
    return answers


def _exit(_signal: int, _frame: object) -> NoReturn:
    # An exception removes the unfinished folder; the default action would leave it.
    sys.exit(0)

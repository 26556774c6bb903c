"""Many dossiers at once, on two processes.

A dossier that fails does not stop the others. File names are ranks, never data.
"""

import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from print_site.branding.branding import Branding
from print_site.build import BUILDERS
from print_site.dossier import client
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from print_site.limits import JOB_SECONDS, time_limit

PROCESSES = 2
CHUNK = 1_000
SUFFIXES = {"html": ".html", "pdf": ".pdf", "zip": ".zip", "folder": ""}


@dataclass(frozen=True)
class ApiSource:
    """The API from which dossiers are read, and the token for it."""

    url: str
    token: str


@dataclass(frozen=True)
class BuildOutcome:
    """The outcome of one dossier: the name of its file, and a fingerprint or an error."""

    name: str
    dossier: str
    fingerprint: str = ""
    reason: Reason | None = None
    message: str = ""


def build_many(
    source: ApiSource,
    dossiers: Sequence[str],
    form: str,
    folder: Path,
    branding: Branding | None = None,
) -> Iterator[BuildOutcome]:
    """Build every dossier into `folder`, named by its rank, and yield the outcomes in order."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise PrintError(
            Reason.TARGET, "La destination n’est pas accessible en écriture."
        ) from None
    width = max(4, len(str(len(dossiers))))
    names = [f"{rank:0{width}}{SUFFIXES[form]}" for rank in range(1, len(dossiers) + 1)]
    # Fresh processes for each chunk: a pool of Python 3.11 that replaces its own may wait for ever.
    for start in range(0, len(dossiers), CHUNK):
        chunk = list(zip(names, dossiers, strict=True))[start : start + CHUNK]
        yield from _build_chunk(source, chunk, form, folder, branding)


def _build_chunk(
    source: ApiSource,
    chunk: list[tuple[str, str]],
    form: str,
    folder: Path,
    branding: Branding | None,
) -> Iterator[BuildOutcome]:
    with ProcessPoolExecutor(min(PROCESSES, len(chunk)), mp_context=get_context("spawn")) as pool:
        jobs = [
            pool.submit(_build, source, dossier, form, folder / name, branding)
            for name, dossier in chunk
        ]
        try:
            for job, (name, dossier) in zip(jobs, chunk, strict=True):
                yield _outcome(job, name, dossier)
        finally:
            # After an interruption, dossiers that have not started are dropped.
            pool.shutdown(wait=False, cancel_futures=True)


def _build(
    source: ApiSource, dossier: str, form: str, target: Path, branding: Branding | None
) -> str:
    with time_limit(JOB_SECONDS):
        data = client.fetch_dossier(source.url, source.token, dossier, through_proxies=True)
        view = parse_dossier(data)
        BUILDERS[form](view, target, branding)
        return view.fingerprint


def _outcome(job: Future[str], name: str, dossier: str) -> BuildOutcome:
    try:
        return BuildOutcome(name, dossier, fingerprint=job.result())
    except PrintError as error:
        return BuildOutcome(name, dossier, reason=error.reason, message=error.message)
    except BrokenProcessPool:
        said = "Le processus d’impression s’est arrêté."
        return BuildOutcome(name, dossier, reason=Reason.FAULT, message=said)
    except Exception as error:  # noqa: BLE001, a dossier that fails stops none of the others
        # The type only: the message may hold what the booklet says.
        sys.stderr.write(f"print_site: {type(error).__name__}\n")
        said = "La mise en page du dossier a échoué."
        return BuildOutcome(name, dossier, reason=Reason.FAULT, message=said)

"""Limits of time and memory for one job, and of growth for a long-lived process.

Time is that of the processor, so that a loaded machine is not blamed on the dossier.
"""

import resource
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from print_site.errors import PrintError, Reason

JOB_SECONDS = 120.0
MOST_BYTES = 2 * 1024**3
LARGEST_FILE_BYTES = 64 * 1024**2
GROWTH_BYTES = 400 * 1024**2
# The signal comes again: a library that catches everything may swallow the first error.
AGAIN_SECONDS = 5.0
# How much longer a job may last than it works: it waits for the service, and shares the machine.
PATIENCE = 10
_OURS = Path("/proc/self/statm")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise PrintError in the block once this process has worked so long, or lasted ten times that.

    Works in the main thread only. The work of other threads counts.
    """
    over = False

    def too_long(_signal: int, _frame: object) -> None:
        if not over:
            raise PrintError(Reason.TOO_LONG, "La mise en page de ce dossier prend trop de temps.")

    timers = (
        (signal.SIGPROF, signal.ITIMER_PROF, 1),
        (signal.SIGALRM, signal.ITIMER_REAL, PATIENCE),
    )
    former = [signal.signal(kind, too_long) for kind, _, _ in timers]
    # A signal may come between any two lines: the timers end with the block all the same.
    try:
        for _, timer, times in timers:
            signal.setitimer(timer, seconds * times, AGAIN_SECONDS)
        yield
        over = True
    except MemoryError:
        raise PrintError(
            Reason.TOO_LONG, "Ce dossier est trop gros pour être mis en page."
        ) from None
    finally:
        over = True
        for (kind, timer, _), handler in zip(timers, former, strict=True):
            signal.setitimer(timer, 0)
            signal.signal(kind, handler)


def limit_memory(most: int = MOST_BYTES) -> None:
    """Limit the memory of this process, and of each process that it starts.

    Beyond the limit they get a MemoryError instead of swapping.
    """
    if sys.platform != "linux":
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory_in_use() -> int:
    """Return the bytes that this process holds, or 0 where the system does not tell."""
    try:
        pages = int(_OURS.read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()

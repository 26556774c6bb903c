"""How much time and memory one job may take, and when a long-lived process has grown too much."""

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
# A library that catches everything may swallow the first error.
AGAIN_SECONDS = 5.0
_OURS = Path("/proc/self/statm")


@contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raises PrintError within once the time is over. In the main thread only."""
    former = signal.signal(signal.SIGALRM, _too_long)
    signal.setitimer(signal.ITIMER_REAL, seconds, AGAIN_SECONDS)
    try:
        yield
    except MemoryError:
        raise PrintError(
            Reason.TOO_LONG, "Ce dossier est trop gros pour être mis en page."
        ) from None
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, former)


def limit_memory(most: int = MOST_BYTES) -> None:
    """From now on this process, and those it starts, get no more memory than that each.

    What asks for more meets a MemoryError rather than a swap.
    """
    if sys.platform != "linux":
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    soft = most if hard == resource.RLIM_INFINITY else min(most, hard)
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def memory_in_use() -> int:
    """Bytes that this process holds now; 0 where the system does not say."""
    try:
        pages = int(_OURS.read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _too_long(_signal: int, _frame: object) -> None:
    raise PrintError(Reason.TOO_LONG, "La mise en page de ce dossier prend trop de temps.")

"""How long a test waits for what must happen: so long that no loaded machine is too slow for it."""

import time
from collections.abc import Callable

PATIENCE_SECONDS = 120.0


def until(holds: Callable[[], object]) -> None:
    """Wait until it holds; fail when it never does."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.005)

"""The clock: everything that decides by time or writes a date asks the one that the service was given.

Tests move it, so nothing else in `graphql_api/` asks what time it is. What only measures how long
something took, or bounds a wait, uses `time.monotonic`, which no change of the clock disturbs.
"""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The present time, in UTC."""
    return datetime.now(UTC)

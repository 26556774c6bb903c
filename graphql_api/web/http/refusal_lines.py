"""Lines in the log for connections that are refused or cut: they reach no route, and no access line.

Whoever attacks must not fill the log: of a reason the first is told at once, those of the next
minute in one line with their number. No line says whose connection it was.
"""

import asyncio
import logging
from dataclasses import dataclass, field

PERIOD_SECONDS = 60
NOT_READ = 0  # stands for a status: a client did not read its answer
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class RefusalLines:
    """The refusals of a process, by status, that no line has told yet."""

    _untold: dict[int, int] = field(default_factory=dict)

    def note(self, loop: asyncio.AbstractEventLoop, status: int) -> None:
        """Tell a refusal now, or with those of this minute."""
        if status in self._untold:
            self._untold[status] += 1
        else:
            self._tell(loop, status, 1)

    def _tell(self, loop: asyncio.AbstractEventLoop, status: int, times: int) -> None:
        level = logging.WARNING if status in (429, 503) else logging.INFO
        facts = {"status": status, "times": times}
        extra = {"event": "connection-refused", "facts": facts}
        _log.log(level, "connections refused: %d, %d times", status, times, extra=extra)
        self._untold[status] = 0
        loop.call_later(PERIOD_SECONDS, self._end_period, loop, status)

    def _end_period(self, loop: asyncio.AbstractEventLoop, status: int) -> None:
        untold = self._untold.pop(status)
        if untold:
            self._tell(loop, status, untold)

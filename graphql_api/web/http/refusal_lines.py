"""Lines in the log for connections that are refused or cut: they reach no route, and no access line.

Whoever attacks must not fill the log: of a reason the first is told at once, those of the next
minute in one line with their number. No line says whose connection it was. A line has an id, as those
of requests have, and the answers of which it tells have it too: those of one minute share one.
"""

import asyncio
import logging
from dataclasses import dataclass, field

from graphql_api.web.http.request_ids import NO_REQUEST, current_request_id, new_id, request_named

PERIOD_SECONDS = 60
NOT_READ = 0  # stands for a status: a client did not read its answer
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Untold:
    """The refusals of a minute with one status, and the id of the line that will tell them."""

    id: str
    times: int = 0


@dataclass(slots=True)
class RefusalLines:
    """The refusals of a process, by status, that no line has told yet."""

    _untold: dict[int, _Untold] = field(default_factory=dict)

    def note(self, loop: asyncio.AbstractEventLoop, status: int) -> str:
        """Tell a refusal now, or with those of this minute; return the id of the line."""
        untold = self._untold.get(status)
        if untold is not None:
            untold.times += 1
            return untold.id
        id = current_request_id() if status == NOT_READ else new_id()
        self._tell(loop, status, 1, id)
        return id

    def _tell(self, loop: asyncio.AbstractEventLoop, status: int, times: int, id: str) -> None:
        level = logging.WARNING if status in (429, 503) else logging.INFO
        facts = {"status": status, "times": times}
        extra = {"event": "connection-refused", "facts": facts}
        with request_named(id):
            _log.log(level, "connections refused: %d, %d times", status, times, extra=extra)
        self._untold[status] = _Untold(NO_REQUEST if status == NOT_READ else new_id())
        loop.call_later(PERIOD_SECONDS, self._end_period, loop, status)

    def _end_period(self, loop: asyncio.AbstractEventLoop, status: int) -> None:
        untold = self._untold.pop(status)
        if untold.times:
            self._tell(loop, status, untold.times, untold.id)

"""Prints that are made while a page waits, and held for a few minutes until they are fetched.

They are in memory only, and are forgotten when they are fetched or when their time is over.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass, field

from graphql_api.engine.workers import BusyError

HELD_SECONDS = 600
MOST_HELD = 50  # of all people; a print of a dossier has some hundred kB
PATIENCE_SECONDS = 1.5  # how long a page waits for a quick one


@dataclass(slots=True)
class HeldPrint:
    """A print under way or done, since `began`, by a clock that measures durations."""

    task: "asyncio.Task[bytes]"
    began: float

    @property
    def is_done(self) -> bool:
        """Whether the file is there."""
        return self.task.done()

    @property
    def seconds(self) -> int:
        """How long it has been under way, in seconds."""
        return round(time.monotonic() - self.began)


@dataclass(slots=True)
class HeldPrints:
    """The prints by what they are of: whoever has the key was let in by the caller."""

    seconds: float = HELD_SECONDS
    patience: float = PATIENCE_SECONDS
    prints: dict[Hashable, HeldPrint] = field(default_factory=dict)

    async def wait(self, key: Hashable, make: Callable[[], Awaitable[bytes]]) -> HeldPrint:
        """The print of that key, begun if there is none, after a little while.

        Raises what making it raised, once; then it begins anew. Raises `BusyError` when too many
        are held.
        """
        if key not in self.prints:
            if len(self.prints) >= MOST_HELD:
                raise BusyError
            self.prints[key] = HeldPrint(asyncio.ensure_future(_made(make)), time.monotonic())
            asyncio.get_running_loop().call_later(self.seconds, self._forget, key, self.prints[key])
        held = self.prints[key]
        await asyncio.wait([held.task], timeout=self.patience)
        if held.is_done and (held.task.cancelled() or held.task.exception() is not None):
            self._forget(key, held)
            held.task.result()
        return held

    def take(self, key: Hashable) -> bytes | None:
        """The file of that key, which is no longer held; None when there is none."""
        held = self.prints.get(key)
        if held is None or not held.is_done or held.task.cancelled() or held.task.exception():
            return None
        self._forget(key, held)
        return held.task.result()

    def _forget(self, key: Hashable, held: HeldPrint) -> None:
        if self.prints.get(key) is held:
            del self.prints[key]
            held.task.cancel()  # nobody asks for it any more


async def _made(make: Callable[[], Awaitable[bytes]]) -> bytes:
    return await make()

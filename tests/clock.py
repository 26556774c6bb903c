"""The time of a service under test."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from graphql_api.storage.operation import PARIS


@dataclass
class Clock:
    """The time of the service, which a test may move on, set or stop."""

    moved: timedelta = timedelta()
    stopped_at: datetime | None = None

    def __call__(self) -> datetime:
        return (self.stopped_at or datetime.now(UTC)) + self.moved

    @property
    def seconds(self) -> int:
        """The whole seconds since 1970, as tokens count them."""
        return int(self().timestamp())

    @property
    def today(self) -> date:
        """The day in France."""
        return self().astimezone(PARIS).date()

    def set(self, instant: datetime) -> None:
        """Go on from this instant."""
        self.reset()
        self.moved = instant - datetime.now(UTC)

    def stop(self, instant: datetime) -> None:
        """Stay at this instant, until moved."""
        self.reset()
        self.stopped_at = instant

    def reset(self) -> None:
        """Go with the real time again."""
        self.moved, self.stopped_at = timedelta(), None

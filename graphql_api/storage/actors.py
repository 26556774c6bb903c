"""The kinds of callers: one frozen value a request, decided before anything is done."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from schema.closing import RECENT_SIGN_IN

_CLOCKS_APART = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Anonymous:
    """A caller who did not sign in: may read what is public, such as help and code tables."""


@dataclass(frozen=True, slots=True)
class Agent:
    """A person who signed in. `scopes` are a ceiling: ownership decides what they may read.

    `signed_in_at` is when they last proved their identity, in seconds since 1970, if known.
    """

    issuer: str
    subject: str
    scopes: frozenset[str]
    signed_in_at: int | None = None

    def signed_in_recently(self, now: datetime) -> bool:
        """Whether they proved their identity within `RECENT_SIGN_IN`, which closing asks for."""
        if self.signed_in_at is None:
            return False
        since, until = now - RECENT_SIGN_IN, now + _CLOCKS_APART
        return since.timestamp() <= self.signed_in_at <= until.timestamp()


@dataclass(frozen=True, slots=True)
class Machine:
    """A program that calls on its own behalf, such as a regional site's, for no person."""

    client: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The print workshop, with a token for one dossier of one booklet.

    `for_owner` says that the owner asked for the file.
    """

    booklet: str
    dossier: str
    for_owner: bool = False


Actor = Anonymous | Agent | Machine | PrintJob

"""Who is calling: one frozen value a request, decided before anything is done."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Anonymous:
    """Nobody in particular: may read what is public, such as help and code tables."""


@dataclass(frozen=True, slots=True)
class Agent:
    """Someone who signed in. `scopes` are a ceiling: ownership decides what is theirs.

    `signed_in_at` is when they last proved who they are, in seconds since 1970, if known.
    """

    issuer: str
    subject: str
    scopes: frozenset[str]
    signed_in_at: int | None = None


@dataclass(frozen=True, slots=True)
class Machine:
    """A program that calls for itself, such as a regional site's; no person stands behind it."""

    client: str
    scopes: frozenset[str]


@dataclass(frozen=True, slots=True)
class PrintJob:
    """The print workshop, for one dossier of one booklet and nothing else."""

    booklet: str
    dossier: str


Actor = Anonymous | Agent | Machine | PrintJob

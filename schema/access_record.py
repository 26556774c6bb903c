"""The journal as the owner reads it: who else read the booklet, or was refused it.

It names the kind of caller and nothing more of them: whoever asked is a person too.
"""

from datetime import datetime
from enum import Enum
from zoneinfo import ZoneInfo

import strawberry

from schema.dates import MONTHS
from schema.described import member

_PARIS = ZoneInfo("Europe/Paris")


@strawberry.enum(description="What became of an access.")
class AccessOutcome(Enum):
    """Read, or refused."""

    READ = member("READ", "It was read.")
    REFUSED = member("REFUSED", "It was refused: nothing was shown.")


class Accessor(Enum):
    """The kinds of callers who are not the owner, as people read them."""

    PRINT_WORKSHOP = "l’atelier d’impression"
    SOMEBODY_ELSE = "quelqu’un qui n’est pas titulaire de ce livret"
    NOT_SIGNED_IN = "quelqu’un qui ne s’était pas identifié"


class Accessed(Enum):
    """The kinds of things that can be asked for, as people read them."""

    BOOKLET = "votre livret"
    DOSSIER = "votre dossier"


@strawberry.type(
    description="That somebody other than the owner read something of the booklet, or was refused it."
)
class AccessRecord:
    """A line of the journal."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    at: datetime = strawberry.field(description="When (UTC).")
    who: str = strawberry.field(description="The kind of caller, in French.")
    what: str = strawberry.field(description="What was asked for, in French.")
    outcome: AccessOutcome = strawberry.field(description="What became of it.")
    sentence: str = strawberry.field(description="All of it as a French sentence.")


@strawberry.type(description="A page of the journal.")
class AccessRecordConnection:
    """The newest first."""

    nodes: list[AccessRecord] = strawberry.field(description="The records; at most 100.")
    end_cursor: str | None = strawberry.field(
        description="Give it as `after` for the next page; null when there is none."
    )


def access_record(
    id: str,
    at: datetime,
    who: Accessor,
    what: Accessed,
    outcome: AccessOutcome,
    title: str | None = None,
) -> AccessRecord:
    """A record in French; `title` is that of the dossier, when it is one that was asked for."""
    thing = f"{what.value} « {title} »" if title else what.value
    asked = (
        f"a lu {thing}." if outcome is AccessOutcome.READ else f"a demandé à lire {thing} : refusé."
    )
    return AccessRecord(
        id=strawberry.ID(id),
        at=at,
        who=_capitalised(who.value),
        what=_capitalised(thing),
        outcome=outcome,
        sentence=f"Le {_in_french(at)}, {who.value} {asked}",
    )


def _in_french(at: datetime) -> str:
    """A moment as people write it in France: 22 novembre 2026 à 14:05."""
    here = at.astimezone(_PARIS)
    day = "1er" if here.day == 1 else str(here.day)
    return f"{day} {MONTHS[here.month - 1]} {here.year} à {here:%H:%M}"


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]

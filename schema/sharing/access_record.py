"""The log of accesses as the owner reads it: who else read the booklet, or was refused it.

A record names the kind of caller and nothing more, since a caller is a person too. A regional site
is not a person, and is named.
"""

from datetime import UTC, datetime, timedelta
from enum import Enum
from zoneinfo import ZoneInfo

import strawberry

from schema.description.dates import MONTHS, time_of_day
from schema.description.enums import member
from schema.sharing.site import SITES, SiteKind
from schema.typography import quoted, typeset

REFUSALS_OF_AN_HOUR = 20  # of a booklet, that have a record each; one record counts the others
MAX_REFUSAL_RECORDS = 1_000  # of a booklet
ACCESS_RECORD_MONTHS = 12  # how long they are kept
_PARIS = ZoneInfo("Europe/Paris")


@strawberry.enum(description="What became of an access.")
class AccessOutcome(Enum):
    """What became of an access."""

    OPENED = member(
        "OPENED", "By a share link: whose dossier it is and its title may be shown for a while."
    )
    READ = member("READ", "It was read.")
    REFUSED = member("REFUSED", "It was refused: nothing was shown.")


@strawberry.enum(description="Why somebody who followed a share link was refused.")
class RefusalReason(Enum):
    """Why a share link did not serve; those of its state have the names of `ShareLinkState`."""

    WRONG_ADDRESS = member("WRONG_ADDRESS", "The end of its address, which is secret, was wrong.")
    WRONG_PIN = member("WRONG_PIN", "The PIN was wrong.")
    USED_UP = member("USED_UP", "It had been opened as often as it may be.")
    LOCKED = member("LOCKED", "It was locked after wrong PINs.")
    EXPIRED = member("EXPIRED", "Its last day was past.")
    REVOKED = member("REVOKED", "Its owner had revoked it.")


REASONS = {
    RefusalReason.WRONG_ADDRESS: "l’adresse n’était pas la bonne",
    RefusalReason.WRONG_PIN: "le code était erroné",
    RefusalReason.USED_UP: "toutes ses ouvertures étaient faites",
    RefusalReason.LOCKED: "il était bloqué après trop de codes erronés",
    RefusalReason.EXPIRED: "son dernier jour était passé",
    RefusalReason.REVOKED: "il était retiré",
}

_ASKED = {
    AccessOutcome.OPENED: "a ouvert {thing}.",
    AccessOutcome.READ: "a lu {thing}.",
    AccessOutcome.REFUSED: typeset("a demandé à lire {thing} : refusé{reason}."),
}


# What the service lays out for the reader of a share link, who has a record of their own.
_LAID_OUT = "a mis en page {thing} pour un lien de partage."


class Accessor(Enum):
    """The kinds of callers who are not the owner, as people read them."""

    PRINT_WORKSHOP = "le service"
    REGIONAL_SITE = "un site régional"
    SHARE_LINK = "quelqu’un qui a suivi un lien de partage"
    SOMEBODY_ELSE = "quelqu’un qui n’est pas titulaire de ce livret"
    NOT_SIGNED_IN = "quelqu’un qui ne s’était pas identifié"


class Accessed(Enum):
    """The kinds of things that can be asked for, as people read them."""

    BOOKLET = "votre livret"
    DOSSIER = "votre dossier"
    SUMMARY = "le résumé de votre livret"


@strawberry.type(
    description="That somebody other than the owner read something of the booklet, or was refused it."
)
class AccessRecord:
    """A record of the log of accesses."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    at: datetime = strawberry.field(description="When (UTC).")
    who: str = strawberry.field(description="The kind of caller, in French.")
    what: str = strawberry.field(description="What was asked for, in French.")
    outcome: AccessOutcome = strawberry.field(description="What became of it.")
    sentence: str = strawberry.field(description="All of it as a French sentence.")
    times: int = strawberry.field(
        default=1,
        description=f"How many accesses it stands for: above {REFUSALS_OF_AN_HOUR} refusals in an hour, the others are counted by one record.",
    )
    share_link: strawberry.ID | None = strawberry.field(
        default=None,
        description="The share link that was followed, which may be gone; null when none was.",
    )
    refusal: RefusalReason | None = strawberry.field(
        default=None,
        description="Why the share link did not serve; null when it did, when none was followed, and in records from before reasons were kept.",
    )


def access_record(
    id: str,
    at: datetime,
    who: Accessor,
    what: Accessed,
    outcome: AccessOutcome,
    title: str | None = None,
    site: str | None = None,
    link: str | None = None,
    link_id: str | None = None,
    refusal: RefusalReason | None = None,
) -> AccessRecord:
    """A record in French; `title` is that of the dossier that was asked for, `site` who asked.

    `link` is the name of the share link that was followed, `link_id` its id, `refusal` why it did
    not serve.
    """
    caller = site_in_a_sentence(site) if site in SITES else who.value
    if link is not None:
        caller = f"quelqu’un qui a suivi le lien de partage {quoted(link)}"
    thing = f"{what.value} {quoted(title)}" if title else what.value
    is_laid_out = who is Accessor.PRINT_WORKSHOP and outcome is AccessOutcome.READ
    reason = "" if refusal is None else f", car {REASONS[refusal]}"
    asked = (_LAID_OUT if is_laid_out else _ASKED[outcome]).format(thing=thing, reason=reason)
    return AccessRecord(
        id=strawberry.ID(id),
        at=at,
        who=_capitalised(caller),
        what=_capitalised(thing),
        outcome=outcome,
        sentence=f"Le {_in_french(at)}, {caller} {asked}",
        share_link=None if link_id is None else strawberry.ID(link_id),
        refusal=refusal,
    )


def counted_refusals(id: str, at: datetime, times: int) -> AccessRecord:
    """The record that counts the refusals of an hour beyond the first; `at` is that of the first."""
    began = at.astimezone(UTC).replace(minute=0)
    ended = (began + timedelta(hours=1)).astimezone(_PARIS)
    began = began.astimezone(_PARIS)
    words = "1 autre refus" if times == 1 else f"{_grouped(times)} autres refus"
    hours = f"entre {_hour(began)} et {_hour(ended)}"
    return AccessRecord(
        id=strawberry.ID(id),
        at=at,
        who="D’autres demandes",
        what="Votre livret, ou l’un de vos dossiers",
        outcome=AccessOutcome.REFUSED,
        sentence=f"Le {_day(began)}, {words} {hours}.",
        times=times,
    )


def _hour(at: datetime) -> str:
    return f"{at.hour}\N{NO-BREAK SPACE}h"


def _grouped(number: int) -> str:
    return f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


def site_in_a_sentence(code: str) -> str:
    """A regional site with its article: « la délégation Bretagne du CNFPT », « l’INET de… »."""
    name = SITES[code].name
    if SITES[code].kind is SiteKind.INSTITUTE:
        return f"l’{name}"
    return f"la {name[:1].lower()}{name[1:]}"


def _in_french(at: datetime) -> str:
    """A moment as people write it in France: 22 novembre 2026 à 14 h 05."""
    here = at.astimezone(_PARIS)
    return f"{_day(here)} à {time_of_day(here)}"


def _day(here: datetime) -> str:
    day = "1er" if here.day == 1 else str(here.day)
    return f"{day} {MONTHS[here.month - 1]} {here.year}"


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]

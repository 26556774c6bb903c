"""Share links: somebody without an account reads one dossier, until a day, a number of times."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import Enum

import strawberry

from schema.description.bounds import in_words
from schema.description.dates import PartialDate
from schema.description.enums import member
from schema.description.fields import day, text, whole_number, yes_no
from schema.description.refusals import Problem, problem
from schema.description.validation import clean_value, note_errors

SHARE_LINK_NAME_LENGTH = 100
MAX_VIEWS = 100
MAX_LIVE_LINKS = 20
MAX_LISTED_LINKS = 2 * MAX_LIVE_LINKS
ENDED_LINK_MONTHS = 12  # how long an ended link is listed
USUAL_LINK_DAYS = 7
MAX_LINK_DAYS = 30
MAX_WRONG_PINS = 5


@dataclass(kw_only=True)
class ShareLinkContent:
    """The fields of the form; their keys are the arguments of `shareLinkIssue`."""

    name: str | None = text(
        "Nom du lien",
        "To recognise the link by.",
        max_length=SHARE_LINK_NAME_LENGTH,
        required=True,
        hint="Pour le reconnaître ensuite. Qui ouvre le lien ne le voit pas.",
        example="DRH de Bordeaux",
    )
    expires_on: str | None = day(
        "Dernier jour",
        "The last day on which it opens the dossier.",
        future=True,
        hint=f"Dans {MAX_LINK_DAYS} jours au plus ; sans date, dans {USUAL_LINK_DAYS} jours.",
        example="31/12/2027",
    )
    views: int | None = whole_number(
        "Nombre d’ouvertures",
        "How often it may be opened.",
        minimum=1,
        maximum=MAX_VIEWS,
        hint=f"De 1 à {MAX_VIEWS}. Laissez vide pour ne pas les compter.",
        example="5",
    )
    with_pin: bool | None = yes_no(
        "Demander un code",
        "Whether a PIN is to be asked for.",
        hint=f"Six chiffres, à transmettre par un autre moyen que le lien. Le lien est bloqué après {MAX_WRONG_PINS} codes erronés.",
    )


@strawberry.enum(description="Whether a link still opens its dossier; if not, why.")
class ShareLinkState(Enum):
    """The state of a link; of several that apply, the last in this order counts."""

    LIVE = member("LIVE", "It opens the dossier.")
    USED_UP = member("USED_UP", "It was opened as often as it may be.")
    LOCKED = member(
        "LOCKED", f"Wrong PINs were typed {in_words(MAX_WRONG_PINS)} times; issue another link."
    )
    EXPIRED = member("EXPIRED", "Its last day is past.")
    REVOKED = member("REVOKED", "Its owner revoked it.")


@strawberry.type(
    description="A link by which whoever has it reads a dossier. Its address is told once, by shareLinkIssue."
)
class ShareLink:
    """A link as its owner sees it."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    name: str = strawberry.field(description="What its owner calls it.")
    state: ShareLinkState = strawberry.field(description="Whether it still opens the dossier.")
    issued_at: datetime = strawberry.field(description="When it was issued (UTC).")
    expires_at: datetime = strawberry.field(description="When it ends by itself (UTC).")
    views_left: int | None = strawberry.field(
        description="How many openings are left; null when they are not counted."
    )
    has_pin: bool = strawberry.field(description="Whether a PIN is asked for.")
    wrong_pins: int = strawberry.field(
        description=f"How many wrong PINs were typed by somebody who had the link; {in_words(MAX_WRONG_PINS)} lock it."
    )
    last_opened_at: datetime | None = strawberry.field(
        description="When it was last opened (UTC); null if it never was."
    )
    revoked_at: datetime | None = strawberry.field(
        description="When its owner revoked it (UTC); null if they did not."
    )


@dataclass(frozen=True, slots=True)
class ShareLinkTerms:
    """The terms of a link, cleaned; `views` is None when openings are not counted."""

    name: str
    expires_on: date
    views: int | None
    has_pin: bool


def share_link_terms(
    name: str, expires_on: date | None, views: int | None, today: date, *, has_pin: bool
) -> ShareLinkTerms:
    """The terms of a link, cleaned; without a last day, it lasts the usual number of days."""
    cleaned = clean_value(name)
    one_line = " ".join(cleaned.split()) if isinstance(cleaned, str) else ""
    last_day = today + timedelta(days=USUAL_LINK_DAYS) if expires_on is None else expires_on
    return ShareLinkTerms(one_line, last_day, views, has_pin)


def share_link_errors(terms: ShareLinkTerms, today: date) -> Iterator[Problem]:
    """Everything that refuses the terms."""
    if not terms.name:
        yield problem("name", "REQUIRED", "Donnez un nom à ce lien, pour le reconnaître ensuite.")
    yield from note_errors("name", terms.name, SHARE_LINK_NAME_LENGTH, "Nom du lien")
    latest = today + timedelta(days=MAX_LINK_DAYS)
    if not today <= terms.expires_on <= latest:
        until = PartialDate.from_date(latest).in_french()
        message = f"Choisissez un dernier jour entre aujourd’hui et le {until}."
        yield problem("expiresOn", "DATE_OUT_OF_RANGE", message)
    if terms.views is not None and not 1 <= terms.views <= MAX_VIEWS:
        message = f"Un lien s’ouvre de 1 à {MAX_VIEWS} fois."
        yield problem("views", "OUT_OF_RANGE", message)


def state_of(
    *,
    is_revoked: bool,
    is_expired: bool,
    wrong_pins: int,
    views_left: int | None,
) -> ShareLinkState:
    """Whether a link still opens its dossier."""
    if is_revoked:
        return ShareLinkState.REVOKED
    if is_expired:
        return ShareLinkState.EXPIRED
    if wrong_pins >= MAX_WRONG_PINS:
        return ShareLinkState.LOCKED
    return ShareLinkState.USED_UP if views_left == 0 else ShareLinkState.LIVE

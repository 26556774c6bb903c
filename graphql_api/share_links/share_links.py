"""The verbs of share links: issue, revoke. Only the owner of the booklet may.

The secret and the PIN are told once. What is stored is a hash of 256 random bits, and a mark of the
PIN that only the booklet's key makes; the answer that an idempotency key keeps is without both.
"""

import secrets
import uuid
from dataclasses import dataclass
from datetime import timedelta

from graphql_api.booklets.booklets import check_charter, require_open_row
from graphql_api.callers.access_log import lock_booklet
from graphql_api.operations.problems import refuse_if_any
from graphql_api.storage.communicated import share_link_repository
from graphql_api.storage.communicated.share_link_repository import ShareLinkRow
from graphql_api.storage.content.damage import UNREADABLE, refuse_if_damaged, set_aside
from graphql_api.storage.operation import AnswerSlot, Operation, digest, end_of_day, to_microseconds
from graphql_api.storage.tables import DossierIndexTable
from schema.damage import StoredKind
from schema.description.refusals import (
    LimitReached,
    NotFound,
    Refused,
)
from schema.sharing.share_link import (
    MAX_LINK_DAYS,
    MAX_LISTED_LINKS,
    MAX_LIVE_LINKS,
    ShareLink,
    ShareLinkState,
    ShareLinkTerms,
    share_link_errors,
)

_TOO_MANY = f"Un dossier compte au plus {MAX_LIVE_LINKS} liens de partage : révoquez-en un."
_NO_DOSSIER = "Dossier introuvable dans votre livret."
_NO_LINK = "Lien de partage introuvable dans votre livret."


@dataclass(frozen=True, slots=True)
class IssuedShareLink:
    """A link just issued; `url` and `pin` can be read this once."""

    link: ShareLink
    url: str
    pin: str | None


def issue(op: Operation, dossier: str, terms: ShareLinkTerms) -> IssuedShareLink:
    """Issue a link to a dossier of the caller's booklet.

    Refused with `InvalidEntry`, `NotFound`, `LimitReached` at `MAX_LIVE_LINKS` of the
    dossier, `OutdatedCharter` or `WrongState`.
    """
    row, sealer = require_open_row(op)
    check_charter(row)
    refuse_if_any(share_link_errors(terms, op.today))
    known = DossierIndexTable.select(DossierIndexTable.id).where(
        DossierIndexTable.booklet == row.id, DossierIndexTable.id == dossier
    )
    if op.store.row(known.tuples()) is None:
        raise Refused(NotFound(path="dossier", message=_NO_DOSSIER))
    _make_room(op, row.id, dossier)
    id, secret = str(uuid.uuid4()), secrets.token_urlsafe(32)
    pin = f"{secrets.randbelow(1_000_000):06}" if terms.has_pin else None
    longest = op.now_us + timedelta(days=MAX_LINK_DAYS) // timedelta(microseconds=1)
    link = share_link_repository.insert(
        op,
        sealer,
        terms.name,
        id=id,
        booklet=row.id,
        dossier=dossier,
        secret_hash=digest(secret),
        pin_mark=None if pin is None else share_link_repository.pin_blind_index(sealer, id, pin),
        views_left=terms.views,
        expires_at=min(to_microseconds(end_of_day(terms.expires_on)), longest),
    )
    url = f"{op.public_url}/s/{id}#{secret}"
    one_time_secrets = frozenset({url} if pin is None else {url, pin})
    op.answer_slot = AnswerSlot(row.id, sealer, one_time_secrets)
    return IssuedShareLink(link.to_graphql(sealer, op.now_us), url, pin)


def revoke(op: Operation, id: str) -> ShareLink:
    """Revoke a link, from the next request on; a revoked one is answered as it is.

    Refused with `NotFound` or `WrongState`.
    """
    row, sealer = require_open_row(op)
    lock_booklet(op, row.id)  # as whoever opens it does: both write its MAC
    found = share_link_repository.find(op, id)
    if found is None or found.booklet != row.id:
        raise Refused(NotFound(path="id", message=_NO_LINK))
    if found.revoked_at is None:
        found = share_link_repository.update(op, found, revoked_at=op.now_us)
    try:
        return found.to_graphql(sealer, op.now_us)
    except UNREADABLE:  # what was written is undone: the owner removes the link instead
        set_aside(op, row.id, StoredKind.SHARE_LINK, id)
        refuse_if_damaged(op, row.id, StoredKind.SHARE_LINK, id)
        raise


def _make_room(op: Operation, booklet: str, dossier: str) -> None:
    """Refuse one link too many, and delete the oldest ended links beyond what is listed."""
    mine = [one for one in share_link_repository.of_booklet(op, booklet) if one.dossier == dossier]
    ended = [one for one in mine if not _is_live(op, one)]
    live = len(mine) - len(ended)
    if live >= MAX_LIVE_LINKS:
        raise Refused(LimitReached(limit=MAX_LIVE_LINKS, message=_TOO_MANY))
    if beyond := ended[MAX_LISTED_LINKS - 1 - live :]:
        share_link_repository.delete(op, booklet, [one.id for one in beyond])


def _is_live(op: Operation, link: ShareLinkRow) -> bool:
    return link.state(op.now_us) is ShareLinkState.LIVE

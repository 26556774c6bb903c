"""Opening a share link, and reading by it in a session: who may, and what the owner learns.

A link is opened once, by its secret and, if it has one, its PIN; that is what counts as a view.
The browser then has a session, under which each request looks at the link again: to reload a page
is not to open it anew, and a revoked link shows nothing more. A link that does not serve is
answered alike whatever the reason, and whether it exists or not, after the same statements; who has
the secret of one that serves is told that a PIN is asked for, and how many tries are left. A session
opens the pages under `/s/` and nothing else: it is no credential of the API.
"""

import re
import secrets
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum, auto

from graphql_api.callers.access_log import NO_BOOKLET, NO_SEALER, lock_booklet
from graphql_api.storage.communicated import access_record_repository, share_link_repository
from graphql_api.storage.communicated.share_link_repository import ShareLinkRow
from graphql_api.storage.content.booklet_rows import row_by_id, sealer_of
from graphql_api.storage.content.damage import UNREADABLE, DamagedKeyError, set_aside
from graphql_api.storage.content.dossier_names import DossierNames, dossier_names
from graphql_api.storage.keys.authenticated_rows import SHARE_SESSIONS
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.tables import ShareSessionTable
from graphql_api.web.http.cookies import is_secret
from schema.damage import StoredKind
from schema.description.refusals import BookletState
from schema.sharing.access_record import Accessed, Accessor, AccessOutcome, RefusalReason
from schema.sharing.share_link import MAX_WRONG_PINS, ShareLinkState

PIN = re.compile(r"\d{6}", re.ASCII)
SESSION_MINUTES = 30
SESSION = timedelta(minutes=SESSION_MINUTES)
_SESSION_MICROSECONDS = SESSION // timedelta(microseconds=1)
_NO_LINK = share_link_repository.no_link(NO_BOOKLET, NO_SEALER)
_OPENED = (
    ShareSessionTable.select(*SHARE_SESSIONS.columns)
    .where(ShareSessionTable.secret_hash == "hash")  # noqa: S105 - the name of a parameter
    .tuples()
)


@dataclass(frozen=True, slots=True)
class ReadableDossier:
    """The dossier that a session may read."""

    booklet: str
    dossier: str


class PinProblem(Enum):
    """Why what was typed for a PIN is not the PIN of the link."""

    NO_PIN = auto()  # not six digits, or nothing: no guess
    WRONG = auto()


@dataclass(frozen=True, slots=True)
class PinAsked:
    """The secret is right, and the PIN is still to be given; the problem with the one that was, if any."""

    tries_left: int
    problem: PinProblem | None


def open_link(op: Operation, id: str, secret: str, pin: str | None) -> str | PinAsked | None:
    """Open a link; return the secret of a new session, or None when it does not serve.

    To somebody who has its secret, a link with a PIN that was not given, or not well, answers
    `PinAsked`; `pin` is None until it was asked for. Call it in a write transaction: it counts a view
    or a wrong PIN, and logs the access.
    """
    link, sealer = _locked_link(op, id) or (_NO_LINK, NO_SEALER)
    if not link.has_secret(secret):
        if is_secret(
            secret
        ):  # anything else is an address that was cut or mistyped, not an attempt
            _record_refusal(op, link, sealer, RefusalReason.WRONG_ADDRESS)
        return None
    state = link.state(op.now_us)
    if state is not ShareLinkState.LIVE:
        _record_refusal(op, link, sealer, RefusalReason[state.name])
        return None
    if not link.has_pin(sealer, pin or ""):
        return _ask_pin(op, link, sealer, pin)
    left = None if link.views_left is None else link.views_left - 1
    share_link_repository.update(op, link, views_left=left, opened_at=op.now_us)
    op.store.run(ShareSessionTable.delete().where(ShareSessionTable.expires_at <= op.now_us))
    begun = secrets.token_urlsafe(32)
    session = {
        "secret_hash": digest(begun),
        "booklet": link.booklet,
        "link": link.id,
        "expires_at": min(op.now_us + _SESSION_MICROSECONDS, link.expires_at),
    }
    op.store.run(ShareSessionTable.insert(SHARE_SESSIONS.signed(op.store, session)))
    _record_access(op, link, sealer, AccessOutcome.OPENED)
    return begun


def _ask_pin(op: Operation, link: ShareLinkRow, sealer: Sealer, pin: str | None) -> PinAsked:
    """Ask for the PIN, and count a wrong one: what no PIN can be is no guess, and no refusal."""
    left = MAX_WRONG_PINS - link.failures
    if pin is None:
        return PinAsked(left, None)
    if not PIN.fullmatch(pin):
        return PinAsked(left, PinProblem.NO_PIN)
    share_link_repository.update(op, link, failures=link.failures + 1)
    _record_refusal(op, link, sealer, RefusalReason.WRONG_PIN)
    return PinAsked(left - 1, PinProblem.WRONG)


def readable_dossier(op: Operation, id: str, secret: str | None) -> ReadableDossier | None:
    """The dossier that a session of the link of that id may read; None unless both still serve."""
    link = _link_of_session(op, id, secret)
    if link is None or not link.allows_reading(op.now_us):
        return None
    return ReadableDossier(link.booklet, link.dossier)


def record_reading(op: Operation, id: str, secret: str | None) -> DossierNames | None:
    """Log that the dossier is read, or refused when the link ended meanwhile: None then.

    Call it in a write transaction, once there is something to answer.
    """
    found = _locked_link(op, id) if _link_of_session(op, id, secret) is not None else None
    if found is None:
        return None
    link, sealer = found
    if not link.allows_reading(op.now_us):
        _record_refusal(op, link, sealer, RefusalReason[link.state(op.now_us).name])
        return None
    return _record_access(op, link, sealer, AccessOutcome.READ) or DossierNames("", "")


def _link_of_session(op: Operation, id: str, secret: str | None) -> ShareLinkRow | None:
    """The link of that id, if the secret is that of a live session which opened it."""
    if secret is None or not is_secret(secret):
        return None
    rows = op.store.rows_of("share session", _OPENED, digest(secret))
    found = SHARE_SESSIONS.genuine(op.store, rows)
    if not found or found[0]["link"] != id or found[0]["expires_at"] <= op.now_us:
        return None
    return share_link_repository.find(op, id)


def _locked_link(op: Operation, id: str) -> tuple[ShareLinkRow, Sealer] | None:
    """The link of that id, with its open booklet locked; None when either does not exist.

    The statements are the same in any case.
    """
    known = share_link_repository.find(op, id) or _NO_LINK
    lock_booklet(op, known.booklet)
    link, row = share_link_repository.find(op, id), row_by_id(op, known.booklet)
    try:
        sealer = sealer_of(op, known.booklet)
    except DamagedKeyError:
        return None
    if link is None or sealer is None or row is None or row.state is not BookletState.OPEN:
        return None
    try:
        link.name(sealer)
    except UNREADABLE:  # a link that was altered opens nothing
        set_aside(op, link.booklet, StoredKind.SHARE_LINK, id)
        return None
    return link, sealer


def _record_refusal(
    op: Operation, link: ShareLinkRow, sealer: Sealer, reason: RefusalReason
) -> None:
    """Log for the owner that the link did not serve, and why, which nobody else is told."""
    _record_access(op, link, sealer, AccessOutcome.REFUSED, reason)


def _record_access(
    op: Operation,
    link: ShareLinkRow,
    sealer: Sealer,
    outcome: AccessOutcome,
    refusal: RefusalReason | None = None,
) -> DossierNames | None:
    """Log an access for the owner, with the names of the link and of the dossier.

    The names of the dossier; None when it is gone.
    """
    names = dossier_names(op, sealer, link.booklet, link.dossier)
    access_record_repository.insert(
        op,
        sealer,
        link.booklet,
        Accessor.SHARE_LINK,
        Accessed.DOSSIER,
        outcome,
        names.title if names else None,
        (link.id, link.name(sealer)),
        refusal,
    )
    access_record_repository.prune(op, [link.booklet])
    return names

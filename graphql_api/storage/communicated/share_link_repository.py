"""The rows of share links: whether each opens its dossier now, and how their owner sees them."""

import hmac
import secrets
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any

from strawberry import ID

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.content.damage import UNREADABLE, set_aside
from graphql_api.storage.keys.authenticated_rows import SHARE_LINKS
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, digest, from_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ShareLinkTable, ShareSessionTable
from schema.damage import StoredKind
from schema.sharing.share_link import ShareLink, ShareLinkState, state_of

RETENTION = timedelta(days=365)  # as the access log, which names them
_COLUMNS = (ShareLinkTable.sealed, *SHARE_LINKS.columns)
_BY_ID = ShareLinkTable.select(*_COLUMNS).where(ShareLinkTable.id == "id").tuples()
SHARE_LINKS_OF = BookletList(
    "share links",
    ShareLinkTable.select(*_COLUMNS).where(ShareLinkTable.booklet == "booklet").tuples(),
)


@dataclass(frozen=True, slots=True)
class ShareLinkRow:
    """A stored share link; times are in microseconds."""

    id: str
    booklet: str
    dossier: str
    secret_hash: str
    pin_mark: str | None
    failures: int
    views_left: int | None
    issued_at: int
    expires_at: int
    opened_at: int | None
    revoked_at: int | None
    sealed: bytes

    def state(self, now_us: int) -> ShareLinkState:
        """Whether the link opens its dossier at that time."""
        return state_of(
            is_revoked=self.revoked_at is not None,
            is_expired=self.expires_at <= now_us,
            wrong_pins=self.failures,
            views_left=self.views_left,
        )

    def allows_reading(self, now_us: int) -> bool:
        """Whether a reader who opened the link may go on: it was not revoked and has not expired."""
        return self.state(now_us) not in (ShareLinkState.REVOKED, ShareLinkState.EXPIRED)

    def has_secret(self, secret: str) -> bool:
        """Whether that is the secret of the link."""
        return hmac.compare_digest(self.secret_hash, digest(secret))

    def has_pin(self, sealer: Sealer, pin: str) -> bool:
        """Whether that is the PIN of the link; a link without a PIN accepts anything."""
        typed = pin_blind_index(sealer, self.id, pin)
        return self.pin_mark is None or hmac.compare_digest(self.pin_mark, typed)

    def name(self, sealer: Sealer) -> str:
        """The name that its owner gave it."""
        name: str = sealer.open(_seal_context(self.id), self.sealed)["name"]
        return name

    def to_graphql(self, sealer: Sealer, now_us: int) -> ShareLink:
        """The link as its owner sees it."""
        return ShareLink(
            id=ID(self.id),
            name=self.name(sealer),
            state=self.state(now_us),
            issued_at=from_microseconds(self.issued_at),
            expires_at=from_microseconds(self.expires_at),
            views_left=self.views_left,
            has_pin=self.pin_mark is not None,
            wrong_pins=self.failures,
            last_opened_at=None if self.opened_at is None else from_microseconds(self.opened_at),
            revoked_at=None if self.revoked_at is None else from_microseconds(self.revoked_at),
        )


def pin_blind_index(sealer: Sealer, id: str, pin: str) -> str:
    """The stored form of a PIN (column `pin_mark`): its million values cannot be tried without the key."""
    return sealer.blind_index(f"share pin|{id}|{pin}")


def find(op: Operation, id: str) -> ShareLinkRow | None:
    """The link of that id, of any booklet, or None."""
    rows = op.store.rows_of("share link", _BY_ID, id)
    return next(_genuine(op, rows), None)


def no_link(booklet: str, sealer: Sealer) -> ShareLinkRow:
    """A link that nobody has the secret of, for the same work on an id that nothing has."""
    return ShareLinkRow(
        id=booklet,
        booklet=booklet,
        dossier=booklet,
        secret_hash=digest(secrets.token_urlsafe(32)),
        pin_mark=None,
        failures=0,
        views_left=None,
        issued_at=0,
        expires_at=0,
        opened_at=None,
        revoked_at=None,
        sealed=sealer.seal(_seal_context(booklet), {"name": ""}),
    )


def update(op: Operation, link: ShareLinkRow, **changes: Any) -> ShareLinkRow:
    """Change a link, whose booklet is locked, and return it as it is now."""
    changed = replace(link, **changes)
    signed = SHARE_LINKS.signed(op.store, asdict(changed))
    mine = (ShareLinkTable.booklet == link.booklet, ShareLinkTable.id == link.id)
    op.store.write(ShareLinkTable.update(mac=signed["mac"], **changes).where(*mine))
    return changed


def _genuine(op: Operation, rows: list[tuple[Any, ...]]) -> Iterator[ShareLinkRow]:
    for sealed, *row in rows:
        if SHARE_LINKS.is_genuine(op.store, row):
            values: dict[str, Any] = dict(zip(SHARE_LINKS.fields, row, strict=False))
            yield ShareLinkRow(**values, sealed=sealed)


def of_booklet(op: Operation, booklet: str) -> list[ShareLinkRow]:
    """The links of a booklet, the newest first, without those that expired a year ago."""
    found = list(_genuine(op, op.lists.rows(op.store, booklet, SHARE_LINKS_OF)))
    since = op.now_us - RETENTION // timedelta(microseconds=1)
    found = [one for one in found if one.expires_at > since]
    return sorted(found, key=lambda one: (one.issued_at, one.id), reverse=True)


def list_by_dossier(op: Operation, sealer: Sealer, booklet: str) -> dict[str, list[ShareLink]]:
    """The links of a booklet as its owner sees them, by dossier, the newest first."""
    found: dict[str, list[ShareLink]] = {}
    for one in of_booklet(op, booklet):
        try:
            found.setdefault(one.dossier, []).append(one.to_graphql(sealer, op.now_us))
        except UNREADABLE:
            set_aside(op, booklet, StoredKind.SHARE_LINK, one.id)
    return found


def insert(op: Operation, sealer: Sealer, name: str, **columns: Any) -> ShareLinkRow:
    """Insert a share link and return its row."""
    sealed = sealer.seal(_seal_context(columns["id"]), {"name": name})
    kept = ShareLinkRow(
        **columns,
        failures=0,
        issued_at=op.now_us,
        opened_at=None,
        revoked_at=None,
        sealed=sealed,
    )
    op.store.write(ShareLinkTable.insert(SHARE_LINKS.signed(op.store, asdict(kept))))
    return kept


def delete(op: Operation, booklet: str, ids: list[str]) -> None:
    """Delete links of a booklet."""
    op.store.write(
        ShareLinkTable.delete().where(ShareLinkTable.booklet == booklet, ShareLinkTable.id.in_(ids))
    )


def delete_of_dossier(op: Operation, booklet: str, dossier: str) -> None:
    """Delete the links of a dossier that is being removed; readers are refused from then on."""
    op.store.write(
        ShareLinkTable.delete().where(
            ShareLinkTable.booklet == booklet, ShareLinkTable.dossier == dossier
        )
    )


def delete_expired(store: Store, now_us: int) -> int:
    """Delete the links that expired a year ago; return how many."""
    since = now_us - RETENTION // timedelta(microseconds=1)
    return delete_in_batches(store, ShareLinkTable, ShareLinkTable.expires_at <= since)


def delete_expired_sessions(store: Store, now_us: int) -> int:
    """Delete the sessions of readers that are over; return how many."""
    return delete_in_batches(store, ShareSessionTable, ShareSessionTable.expires_at <= now_us)


def _seal_context(id: str) -> SealContext:
    return SealContext("share_link", id, 0)

"""The rows of share links: what each lets through now, and how their owner sees them."""

import hmac
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any

from strawberry import ID

from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, digest, from_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ShareLinkTable, ShareSessionTable
from schema.sharing.share_link import MOST_LIVE, ShareLink, ShareLinkState, state_of

KEPT = timedelta(days=365)  # as the journal, which names them
MOST_LISTED = 2 * MOST_LIVE
_LINK = (
    ShareLinkTable.id, ShareLinkTable.booklet, ShareLinkTable.dossier, ShareLinkTable.secret_hash, ShareLinkTable.pin_mark,
    ShareLinkTable.failures, ShareLinkTable.views_left, ShareLinkTable.issued_at, ShareLinkTable.expires_at, ShareLinkTable.opened_at,
    ShareLinkTable.revoked_at, ShareLinkTable.sealed,
)  # fmt: skip
_BY_ID = ShareLinkTable.select(*_LINK).where(ShareLinkTable.id == "id").tuples()
_OF_BOOKLET = ShareLinkTable.select(*_LINK).where(ShareLinkTable.booklet == "booklet").tuples()


@dataclass(frozen=True, slots=True)
class Kept:
    """A link as it is kept; times in microseconds."""

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

    def state(self, moment: int) -> ShareLinkState:
        """Whether it opens its dossier at that time."""
        return state_of(
            is_revoked=self.revoked_at is not None,
            is_expired=self.expires_at <= moment,
            wrong_pins=self.failures,
            views_left=self.views_left,
        )

    def lets_in(self, moment: int) -> bool:
        """Whether those who opened it may go on reading: it was neither revoked nor has it expired."""
        return self.state(moment) not in (ShareLinkState.REVOKED, ShareLinkState.EXPIRED)

    def has_secret(self, secret: str) -> bool:
        """Whether that is its secret."""
        return hmac.compare_digest(self.secret_hash, digest(secret))

    def has_pin(self, sealer: Sealer, pin: str) -> bool:
        """Whether that is its PIN; whatever is typed, when it has none."""
        mark = pin_blind_index(sealer, self.id, pin)
        return self.pin_mark is None or hmac.compare_digest(self.pin_mark, mark)

    def name(self, sealer: Sealer) -> str:
        """What its owner calls it."""
        name: str = sealer.open(_seal_context(self.id), self.sealed)["name"]
        return name

    def shown(self, sealer: Sealer, moment: int) -> ShareLink:
        """The link as its owner sees it."""
        return ShareLink(
            id=ID(self.id),
            name=self.name(sealer),
            state=self.state(moment),
            issued_at=from_microseconds(self.issued_at),
            expires_at=from_microseconds(self.expires_at),
            views_left=self.views_left,
            has_pin=self.pin_mark is not None,
            wrong_pins=self.failures,
            last_opened_at=None if self.opened_at is None else from_microseconds(self.opened_at),
            revoked_at=None if self.revoked_at is None else from_microseconds(self.revoked_at),
        )


def pin_blind_index(sealer: Sealer, id: str, pin: str) -> str:
    """What is stored of a PIN: only who holds the booklet's key can try the million there are."""
    return sealer.blind_index(f"share pin|{id}|{pin}")


def find(op: Operation, id: str) -> Kept | None:
    """The link of that id, whosever it is."""
    rows = op.store.rows_of("share link", _BY_ID, id)
    return Kept(*rows[0]) if rows else None


def kept_of(op: Operation, booklet: str) -> list[Kept]:
    """The links of a booklet, the newest first; those that ended a year ago are as if forgotten."""
    found = [Kept(*row) for row in op.store.rows_of("share links", _OF_BOOKLET, booklet)]
    since = op.moment - KEPT // timedelta(microseconds=1)
    found = [one for one in found if one.expires_at > since]
    return sorted(found, key=lambda one: (one.issued_at, one.id), reverse=True)


def listed(op: Operation, sealer: Sealer, booklet: str) -> dict[str, list[ShareLink]]:
    """The links of a booklet as its owner sees them, by dossier, the newest first."""
    found: dict[str, list[ShareLink]] = {}
    for one in kept_of(op, booklet):
        found.setdefault(one.dossier, []).append(one.shown(sealer, op.moment))
    return found


def insert(op: Operation, sealer: Sealer, name: str, **columns: Any) -> Kept:
    """Write a new link; it as it is kept."""
    sealed = sealer.seal(_seal_context(columns["id"]), {"name": name})
    kept = Kept(
        **columns,
        failures=0,
        issued_at=op.moment,
        opened_at=None,
        revoked_at=None,
        sealed=sealed,
    )
    op.store.run(ShareLinkTable.insert(**asdict(kept)))
    return kept


def forget(op: Operation, booklet: str, ids: list[str]) -> None:
    """Drop links that ended; nothing was to be opened by them."""
    op.store.run(
        ShareLinkTable.delete().where(ShareLinkTable.booklet == booklet, ShareLinkTable.id.in_(ids))
    )


def end_of_dossier(op: Operation, booklet: str, dossier: str) -> None:
    """End the links of a dossier that is being removed; the next request of who reads by one is refused."""
    op.store.run(
        ShareLinkTable.delete().where(
            ShareLinkTable.booklet == booklet, ShareLinkTable.dossier == dossier
        )
    )


def sweep(store: Store, moment: int) -> int:
    """Forget links that ended a year ago and sessions that are over; how many links."""
    since = moment - KEPT // timedelta(microseconds=1)
    with store.writing():
        store.run(ShareSessionTable.delete().where(ShareSessionTable.expires_at <= moment))
        return store.run(ShareLinkTable.delete().where(ShareLinkTable.expires_at <= since))


def _seal_context(id: str) -> SealContext:
    return SealContext("share_link", id, 0)

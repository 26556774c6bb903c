"""The rows of consents: written with their event, ended with a stone for the site, listed.

A consent that ends leaves the table from which sites read, at once. Its owner keeps it among those
of the past for thirteen months, as long as the site is told to forget it.
"""

import secrets
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

import orjson
from peewee import Value
from strawberry import ID

from graphql_api.storage import consent_events
from graphql_api.storage.consent_events import EventKind
from graphql_api.storage.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, digest, from_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ConsentTable, PastConsentTable, SummaryTombstoneTable
from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.sharing.consent import Consent, ConsentEnd, SummarySection
from schema.sharing.site import SITES

KEPT = timedelta(days=396)  # thirteen months
MOST_LISTED = 100
_BATCH = 500
_EVENT_OF = {
    ConsentEnd.WITHDRAWN: EventKind.REVOKED,
    ConsentEnd.EXPIRED: EventKind.EXPIRED,
    ConsentEnd.CLOSED: EventKind.CLOSED,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A consent as it is kept; times in microseconds. `ended_by` is None while it is live."""

    id: str
    version: int
    site: str
    sections: tuple[SummarySection, ...]
    notice_version: str
    notice_hash: str
    given_at: int
    expires_at: int
    purpose: str
    purpose_text: str | None
    salt: str
    digest: str = ""
    event: int = 0
    ended_at: int | None = None
    ended_by: ConsentEnd | None = None

    @property
    def terms(self) -> dict[str, Any]:
        """All that was consented to, in the form that is hashed and that a receipt shows."""
        return {
            "id": self.id,
            "version": self.version,
            "site": self.site,
            "sections": [one.value for one in self.sections],
            "purpose": self.purpose,
            "purposeText": self.purpose_text,
            "noticeVersion": self.notice_version,
            "noticeSha256": self.notice_hash,
            "givenAt": from_microseconds(self.given_at).isoformat(),
            "expiresAt": from_microseconds(self.expires_at).isoformat(),
        }


def new_id() -> str:
    """The id of a new consent, which names its receipt and its summary."""
    return str(uuid.uuid4())


def new_salt() -> str:
    """What keeps the digest of a consent's terms from being guessed: 256 random bits."""
    return secrets.token_hex(32)


def terms_digest(salt: str, terms: dict[str, Any]) -> str:
    """The salted digest of terms."""
    return digest(f"{salt}|{orjson.dumps(terms, option=orjson.OPT_SORT_KEYS).decode()}")


def write(op: Operation, sealer: Sealer, booklet: str, kept: Kept, kind: EventKind) -> Kept:
    """Write a consent that is given (version 1) or changed, and its event."""
    terms = terms_digest(kept.salt, kept.terms)
    (link,) = consent_events.append(op.store, op.moment, [(kind, terms)])
    content = {"purpose": kept.purpose, "purpose_text": kept.purpose_text, "salt": kept.salt}
    columns = {
        "version": kept.version,
        "site": kept.site,
        "sections": " ".join(one.value for one in kept.sections),
        "notice_version": kept.notice_version,
        "notice_hash": kept.notice_hash,
        "given_at": kept.given_at,
        "expires_at": kept.expires_at,
        "changed_at": op.moment,
        "digest": terms,
        "event": link.number,
        "sealed": sealer.seal(_seal_context(kept.id, kept.version), content),
    }
    if kept.version == 1:
        op.store.run(ConsentTable.insert(booklet=booklet, id=kept.id, **columns))
    else:
        mine = (ConsentTable.booklet == booklet, ConsentTable.id == kept.id)
        op.store.run(ConsentTable.update(**columns).where(*mine))
    return replace(kept, digest=terms, event=link.number)


def kept_of(op: Operation, sealer: Sealer, booklet: str) -> list[Kept]:
    """The consents of a booklet, those of the past included, the newest first; at most 100."""
    present = ConsentTable.select(*_columns(ConsentTable)).where(ConsentTable.booklet == booklet)
    found = [
        _ended_by_itself(_opened(sealer, row), op.moment) for row in op.store.rows(present.tuples())
    ]
    past = PastConsentTable.select(
        *_columns(PastConsentTable), PastConsentTable.ended_at, PastConsentTable.reason
    )
    for *row, ended_at, reason in op.store.rows(
        past.where(PastConsentTable.booklet == booklet).tuples()
    ):
        ended = {"ended_at": ended_at, "ended_by": ConsentEnd(reason)}
        found.append(replace(_opened(sealer, row), **ended))
    found.sort(key=lambda one: (one.given_at, one.id), reverse=True)
    return found


def listed(op: Operation, sealer: Sealer, booklet: str) -> list[Consent]:
    """The same, as their owner sees them."""
    return [shown(one) for one in kept_of(op, sealer, booklet)]


def shown(kept: Kept) -> Consent:
    """A consent as its owner sees it."""
    label = label_of("consentPurpose", kept.purpose)
    return Consent(
        id=ID(kept.id),
        version=kept.version,
        site=SITES[kept.site],
        sections=list(kept.sections),
        purpose=CodeLabel(code=kept.purpose, label=label),
        purpose_text=kept.purpose_text,
        notice_version=kept.notice_version,
        notice_sha256=kept.notice_hash,
        given_at=from_microseconds(kept.given_at),
        expires_at=from_microseconds(kept.expires_at),
        ended_at=None if kept.ended_at is None else from_microseconds(kept.ended_at),
        ended_by=kept.ended_by,
    )


def end(op: Operation, booklet: str, id: str, by: ConsentEnd) -> None:
    """End a consent: no site reads by it any more. The caller holds the chain of events."""
    _end(op.store, op.moment, (ConsentTable.booklet == booklet) & (ConsentTable.id == id), by)


def end_all(op: Operation, booklet: str) -> None:
    """End every consent of a booklet that is being closed; sites are told, nothing else stays.

    To be called before anything of the booklet is deleted: whoever reads a summary holds the
    consent first, and then what it is made of.
    """
    if op.store.row(_one_of(booklet)) is None:
        return
    consent_events.hold(op.store)
    while _end_some(op.store, op.moment, ConsentTable.booklet == booklet, ConsentEnd.CLOSED):
        pass


def expire(store: Store, moment: int) -> int:
    """End the consents whose last day is past; how many. They were read by nobody since."""
    ended = 0
    while True:
        with store.writing():
            consent_events.hold(store)
            past = ConsentTable.site.in_(list(SITES)) & (ConsentTable.expires_at <= moment)
            some = _end_some(store, moment, past, ConsentEnd.EXPIRED)
        ended += some
        if some < _BATCH:
            return ended


def forget(store: Store, moment: int) -> int:
    """Forget what ended more than thirteen months ago; how many stones are gone."""
    before = moment - KEPT // timedelta(microseconds=1)
    with store.writing():
        store.run(PastConsentTable.delete().where(PastConsentTable.ended_at <= before))
        return store.run(SummaryTombstoneTable.delete().where(SummaryTombstoneTable.at <= before))


def _end_some(store: Store, moment: int, which: Any, by: ConsentEnd) -> int:
    query = ConsentTable.select(ConsentTable.site, ConsentTable.id).where(which)
    found = store.rows(query.limit(_BATCH).tuples())
    if found:
        of_sites, ids = zip(*found, strict=True)
        these = ConsentTable.site.in_(sorted(set(of_sites))) & ConsentTable.id.in_(ids)
        _end(store, moment, these, by)
    return len(found)


def _end(store: Store, moment: int, these: Any, by: ConsentEnd) -> None:
    """In the order: kept for the owner, told to the site, in the chain, gone."""
    at: Any = ConsentTable.expires_at if by is ConsentEnd.EXPIRED else Value(moment)
    stone = (ConsentTable.site, ConsentTable.id, at, Value(by.value))
    if by is not ConsentEnd.CLOSED:
        names = [name for name in PastConsentTable._meta.sorted_field_names if name in _SAME]
        copied = [getattr(ConsentTable, name) for name in names]
        into = [*(getattr(PastConsentTable, name) for name in names), *_ENDED]
        query = ConsentTable.select(*copied, at, Value(by.value)).where(these)
        store.run(PastConsentTable.insert_from(query, into))
    told = ConsentTable.select(*stone).where(these)
    store.run(SummaryTombstoneTable.insert_from(told, list(_STONE)))
    digests = store.rows(ConsentTable.select(ConsentTable.digest).where(these).tuples())
    consent_events.append(store, moment, [(_EVENT_OF[by], terms) for (terms,) in digests])
    store.run(ConsentTable.delete().where(these))


_SAME = set(ConsentTable._meta.sorted_field_names) & set(PastConsentTable._meta.sorted_field_names)
_ENDED = (PastConsentTable.ended_at, PastConsentTable.reason)
_STONE = (
    SummaryTombstoneTable.site,
    SummaryTombstoneTable.id,
    SummaryTombstoneTable.at,
    SummaryTombstoneTable.reason,
)
_READ = (
    "id", "version", "site", "sections", "notice_version", "notice_hash", "given_at", "expires_at",
    "digest", "event", "sealed",
)  # fmt: skip


def _columns(table: type[ConsentTable | PastConsentTable]) -> list[Any]:
    return [getattr(table, name) for name in _READ]


def _one_of(booklet: str) -> Any:
    return (
        ConsentTable.select(ConsentTable.id)
        .where(ConsentTable.booklet == booklet)
        .limit(1)
        .tuples()
    )


def _opened(sealer: Sealer, row: Any) -> Kept:
    values = dict(zip(_READ, row, strict=True))
    content = sealer.open(_seal_context(values["id"], values["version"]), values.pop("sealed"))
    sections = tuple(SummarySection(code) for code in values.pop("sections").split())
    return Kept(**values, **content, sections=sections)


def _ended_by_itself(kept: Kept, moment: int) -> Kept:
    """The consent, ended if its last day is past and the sweep has not been there yet."""
    if kept.expires_at > moment:
        return kept
    return replace(kept, ended_at=kept.expires_at, ended_by=ConsentEnd.EXPIRED)


def _seal_context(id: str, version: int) -> SealContext:
    return SealContext("consent", id, version)

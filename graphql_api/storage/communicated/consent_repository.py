"""The rows of consents: saved with their event, ended with a tombstone for the site, listed.

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

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.booklet_lists import BookletList
from graphql_api.storage.communicated import consent_events
from graphql_api.storage.communicated.consent_events import EventKind
from graphql_api.storage.content.damage import UNREADABLE, set_aside
from graphql_api.storage.keys.authenticated_rows import CONSENTS
from graphql_api.storage.keys.encryption import SealContext, Sealer
from graphql_api.storage.operation import Operation, digest, from_microseconds
from graphql_api.storage.store import Store, parameter
from graphql_api.storage.tables import (
    ConsentTable,
    KeptSummaryTable,
    PastConsentTable,
    SummaryTombstoneTable,
)
from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.damage import StoredKind
from schema.sharing.consent import Consent, ConsentEnd, SummarySection
from schema.sharing.site import SITES

RETENTION = timedelta(days=396)  # thirteen months
_BATCH = 500
_EVENT_OF = {
    ConsentEnd.WITHDRAWN: EventKind.REVOKED,
    ConsentEnd.EXPIRED: EventKind.EXPIRED,
    ConsentEnd.CLOSED: EventKind.CLOSED,
}


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """A stored consent; times are in microseconds. `ended_by` is None while it is live."""

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
        """The terms of the consent, in the form that is hashed and that a receipt shows."""
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
    """Make the id of a new consent, which names its receipt and its summary."""
    return str(uuid.uuid4())


def new_salt() -> str:
    """Make the 256 random bits that keep the digest of a consent's terms from being guessed."""
    return secrets.token_hex(32)


def terms_digest(salt: str, terms: dict[str, Any]) -> str:
    """The salted digest of terms."""
    return digest(f"{salt}|{orjson.dumps(terms, option=orjson.OPT_SORT_KEYS).decode()}")


def save(
    op: Operation, sealer: Sealer, booklet: str, consent: ConsentRow, kind: EventKind
) -> ConsentRow:
    """Insert a new consent (version 1) or update a changed one, and append its event."""
    terms = terms_digest(consent.salt, consent.terms)
    (link,) = consent_events.append(op.store, op.now_us, [(kind, terms)])
    content = {
        "purpose": consent.purpose,
        "purpose_text": consent.purpose_text,
        "salt": consent.salt,
    }
    columns = {
        "version": consent.version,
        "site": consent.site,
        "sections": " ".join(one.value for one in consent.sections),
        "notice_version": consent.notice_version,
        "notice_hash": consent.notice_hash,
        "given_at": consent.given_at,
        "expires_at": consent.expires_at,
        "changed_at": op.now_us,
        "digest": terms,
        "event": link.number,
        "sealed": sealer.seal(_seal_context(consent.id, consent.version), content),
    }
    row = CONSENTS.signed(op.store, columns | {"booklet": booklet, "id": consent.id})
    if consent.version == 1:
        op.store.write(ConsentTable.insert(row))
    else:
        mine = (ConsentTable.booklet == booklet, ConsentTable.id == consent.id)
        op.store.write(ConsentTable.update(row).where(*mine))
        forget_summaries(op.store, booklet)
    return replace(consent, digest=terms, event=link.number)


def of_booklet(op: Operation, sealer: Sealer, booklet: str) -> list[ConsentRow]:
    """The consents of a booklet that open, past ones included, the newest first."""
    present, past = op.lists.rows_of_each(op.store, booklet, PRESENT_CONSENTS, PAST_CONSENTS)
    covered = len(CONSENTS.columns)
    found = [
        _marked_expired(one, op.now_us)
        for row in present
        if CONSENTS.is_genuine(op.store, row[:covered])
        and (one := _opened(op, sealer, booklet, row[covered:]))
    ]
    for *row, ended_at, reason in past:
        if past_one := _opened(op, sealer, booklet, row):
            found.append(replace(past_one, ended_at=ended_at, ended_by=ConsentEnd(reason)))
    found.sort(key=lambda one: (one.given_at, one.id), reverse=True)
    return found


def list_for_owner(op: Operation, sealer: Sealer, booklet: str) -> list[Consent]:
    """The consents of a booklet as their owner sees them, the newest first."""
    return [to_graphql(one) for one in of_booklet(op, sealer, booklet)]


def to_graphql(consent: ConsentRow) -> Consent:
    """A consent as its owner sees it."""
    label = label_of("consentPurpose", consent.purpose)
    return Consent(
        id=ID(consent.id),
        version=consent.version,
        site=SITES[consent.site],
        sections=list(consent.sections),
        purpose=CodeLabel(code=consent.purpose, label=label),
        purpose_text=consent.purpose_text,
        notice_version=consent.notice_version,
        notice_sha256=consent.notice_hash,
        given_at=from_microseconds(consent.given_at),
        expires_at=from_microseconds(consent.expires_at),
        ended_at=None if consent.ended_at is None else from_microseconds(consent.ended_at),
        ended_by=consent.ended_by,
    )


def end(op: Operation, booklet: str, id: str, terms: str, by: ConsentEnd) -> None:
    """End a consent with that digest of its terms, so that no site reads by it any more.

    The caller holds the chain's lock.
    """
    this = (ConsentTable.booklet == booklet) & (ConsentTable.id == id)
    _end(op.store, op.now_us, this, [(booklet, id, terms)], by)


def end_all(op: Operation, booklet: str) -> None:
    """End every consent of a booklet that is being closed; only tombstones for the sites stay.

    Call it before anything else of the booklet is deleted: an operation that reads a summary locks
    the consent first, and then the booklet.
    """
    if op.store.row(_any_of(booklet)) is None:
        return
    consent_events.lock_chain(op.store)
    while _end_some(op.store, op.now_us, ConsentTable.booklet == booklet, ConsentEnd.CLOSED):
        pass


def end_expired(store: Store, now_us: int) -> int:
    """End the consents whose last day is past, and return how many; no site reads by them since."""
    ended = 0
    while True:
        with store.writing():
            consent_events.lock_chain(store)
            past = ConsentTable.site.in_(list(SITES)) & (ConsentTable.expires_at <= now_us)
            some = _end_some(store, now_us, past, ConsentEnd.EXPIRED)
        ended += some
        if some < _BATCH:
            return ended


def delete_old(store: Store, now_us: int) -> int:
    """Delete what ended more than thirteen months ago, and return how many rows."""
    before = now_us - RETENTION // timedelta(microseconds=1)
    return delete_in_batches(
        store, PastConsentTable, PastConsentTable.ended_at <= before
    ) + delete_in_batches(store, SummaryTombstoneTable, SummaryTombstoneTable.at <= before)


def forget_summaries(store: Store, booklet: str) -> None:
    """Delete the summaries that are kept of a booklet, once its consents are locked."""
    store.write_of("kept summaries forgotten", _FORGOTTEN, booklet=booklet)


def _end_some(store: Store, now_us: int, which: Any, by: ConsentEnd) -> int:
    query = ConsentTable.select(
        ConsentTable.site, ConsentTable.booklet, ConsentTable.id, ConsentTable.digest
    ).where(which)
    found = store.rows(query.limit(_BATCH).tuples())
    if found:
        of_sites, ids = {site for site, *_ in found}, [id for _, _, id, _ in found]
        these = ConsentTable.site.in_(sorted(of_sites)) & ConsentTable.id.in_(ids)
        _end(store, now_us, these, [(booklet, id, terms) for _, booklet, id, terms in found], by)
    return len(found)


def _end(
    store: Store, now_us: int, these: Any, consents: list[tuple[str, str, str]], by: ConsentEnd
) -> None:
    """Copy the consents for their owner, tell the sites, append the events, delete the rows.

    `consents` are their booklets, their ids and the digests of their terms.
    """
    at: Any = ConsentTable.expires_at if by is ConsentEnd.EXPIRED else Value(now_us)
    tombstone = (ConsentTable.site, ConsentTable.id, at, Value(by.value))
    if by is not ConsentEnd.CLOSED:
        names = [name for name in PastConsentTable._meta.sorted_field_names if name in _SAME]
        copied = [getattr(ConsentTable, name) for name in names]
        into = [*(getattr(PastConsentTable, name) for name in names), *_ENDED]
        query = ConsentTable.select(*copied, at, Value(by.value)).where(these)
        store.write(PastConsentTable.insert_from(query, into))
    told = ConsentTable.select(*tombstone).where(these)
    store.write(SummaryTombstoneTable.insert_from(told, list(_TOMBSTONE)))
    consent_events.append(store, now_us, [(_EVENT_OF[by], terms) for *_, terms in consents])
    store.write(ConsentTable.delete().where(these))
    # Last: who keeps a summary holds its consent until then.
    store.write(
        KeptSummaryTable.delete().where(
            KeptSummaryTable.booklet.in_(sorted({booklet for booklet, *_ in consents})),
            KeptSummaryTable.consent.in_([id for _, id, _ in consents]),
        )
    )


_FORGOTTEN = KeptSummaryTable.delete().where(KeptSummaryTable.booklet == parameter("booklet"))
_SAME = set(ConsentTable._meta.sorted_field_names) & set(PastConsentTable._meta.sorted_field_names)
_ENDED = (PastConsentTable.ended_at, PastConsentTable.reason)
_TOMBSTONE = (
    SummaryTombstoneTable.site,
    SummaryTombstoneTable.id,
    SummaryTombstoneTable.at,
    SummaryTombstoneTable.reason,
)
_COLUMNS = (
    "id", "version", "site", "sections", "notice_version", "notice_hash", "given_at", "expires_at",
    "digest", "event", "sealed",
)  # fmt: skip


def _columns_of(table: type[ConsentTable | PastConsentTable]) -> list[Any]:
    return [getattr(table, name) for name in _COLUMNS]


PRESENT_CONSENTS = BookletList(
    "present consents",
    ConsentTable.select(*CONSENTS.columns, *_columns_of(ConsentTable))
    .where(ConsentTable.booklet == "booklet")
    .tuples(),
)
PAST_CONSENTS = BookletList(
    "past consents",
    PastConsentTable.select(
        *_columns_of(PastConsentTable), PastConsentTable.ended_at, PastConsentTable.reason
    )
    .where(PastConsentTable.booklet == "booklet")
    .tuples(),
)


def _any_of(booklet: str) -> Any:
    return (
        ConsentTable.select(ConsentTable.id)
        .where(ConsentTable.booklet == booklet)
        .limit(1)
        .tuples()
    )


def _opened(op: Operation, sealer: Sealer, booklet: str, row: Any) -> ConsentRow | None:
    """The consent of a row; None, and set aside, when it does not open."""
    try:
        return _from_columns(sealer, row)
    except UNREADABLE:
        set_aside(op, booklet, StoredKind.CONSENT, row[0])
        return None


def _from_columns(sealer: Sealer, row: Any) -> ConsentRow:
    values = dict(zip(_COLUMNS, row, strict=True))
    content = sealer.open(_seal_context(values["id"], values["version"]), values.pop("sealed"))
    sections = tuple(SummarySection(code) for code in values.pop("sections").split())
    return ConsentRow(**values, **content, sections=sections)


def _marked_expired(consent: ConsentRow, now_us: int) -> ConsentRow:
    """The consent, ended if its last day is past and no clean-up has ended it yet."""
    if consent.expires_at > now_us:
        return consent
    return replace(consent, ended_at=consent.expires_at, ended_by=ConsentEnd.EXPIRED)


def _seal_context(id: str, version: int) -> SealContext:
    return SealContext("consent", id, version)

"""The summaries that a regional site may read: whole, then what has changed.

A site reads every live consent for it once, in the order of ids, then asks again and again for
what changed since `asOf`. A page is read without holding up those who write; each reading of a
booklet is confirmed and logged for its owner in a short transaction, before the answer leaves.
"""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

from strawberry import ID
from strawberry.relay import PageInfo

from graphql_api.callers import sites
from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Machine
from graphql_api.storage.cleanup import LONGEST_OPERATION_SECONDS
from graphql_api.storage.communicated import access_record_repository
from graphql_api.storage.content.damage import UNREADABLE, parts_of
from graphql_api.storage.content.documents import Document, entries_of, identity_of, situation_of
from graphql_api.storage.content.sections import ENTRY_SECTIONS, Section, sections_of
from graphql_api.storage.content.stored_sections import StoredSections, read_many
from graphql_api.storage.keys.service_keys import SUMMARY_CURSORS
from graphql_api.storage.operation import (
    Operation,
    SummaryRead,
    from_microseconds,
    to_microseconds,
)
from graphql_api.summaries import cursor, statements
from schema.description.bounds import MAX_PAGE
from schema.description.connection import Edge
from schema.description.rubric import ValidationContext
from schema.entries.entries import Entry
from schema.entries.sorting import ORDER, sort_entries
from schema.sharing.consent import ConsentEnd, SummarySection
from schema.summaries.build import SummaryConsent, build_summary, rubrics_for
from schema.summaries.summary import BookletSummary, BookletSummaryConnection, SummaryTombstone

# A change has the time at which its operation began, and is seen once the operation has ended. Four
# times the longest operation leaves room for clocks that differ between processes.
BEHIND = timedelta(seconds=4 * LONGEST_OPERATION_SECONDS)
# No consent lasts longer, so an older copy holds nothing that may still be kept. Tombstones are
# served for a month more.
OLDEST = timedelta(days=366)
_FORBIDDEN = "Vous ne pouvez pas faire cela."


def page(
    op: Operation, first: int, after: str | None, changed_since: datetime | None
) -> BookletSummaryConnection:
    """A page of the summaries that the calling site may read, and of those that it must forget.

    Raises `PublicError`: FORBIDDEN unless a site calls; BAD_USER_INPUT for bad arguments;
    INVALID_CURSOR; RESYNCHRONISATION_REQUIRED when `changed_since` is too long ago.
    """
    site = _site(op)
    if not 1 <= first <= MAX_PAGE:
        raise PublicError(f"« first » va de 1 à {MAX_PAGE}.", "BAD_USER_INPUT")
    since = None if changed_since is None else _since(op, changed_since)
    place = cursor.CursorPosition(since or 0, "", op.now_us - BEHIND // timedelta(microseconds=1))
    if after is not None:
        found = cursor.decode(op.service_keys(SUMMARY_CURSORS), site, since, after)
        if found is None:
            raise PublicError("Ce curseur n’est pas de cette lecture.", "INVALID_CURSOR")
        place = found
    if since is None:
        keys = statements.consents_after(op, site, place.id, first + 1)
    else:
        keys = statements.changes_after(op, site, place.at, place.id, first + 1)
    shown, more = keys[:first], len(keys) > first
    cursors = {
        id: cursor.encode(
            op.service_keys(SUMMARY_CURSORS),
            site,
            since,
            cursor.CursorPosition(at, id, place.as_of),
        )
        for at, id, _ in shown
    }
    summaries, withheld = _summaries(op, site, [id for _, id, end in shown if not end])
    return BookletSummaryConnection(
        edges=[Edge(cursor=cursors[one.id], node=one) for one in summaries],
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=cursors[shown[0][1]] if shown else None,
            end_cursor=cursors[shown[-1][1]] if shown else None,
        ),
        gone=[
            SummaryTombstone(id=ID(id), at=from_microseconds(at), reason=ConsentEnd[end])
            for at, id, end in shown
            if end
        ],
        withheld=[ID(id) for id in withheld],
        as_of=from_microseconds(place.as_of),
        count=partial(statements.count, op, site),
    )


def confirm(op: Operation) -> bool:
    """Log what the site read for the owners, in the present write transaction.

    False, and nothing is logged, when one of them has withdrawn or narrowed their consent since it
    was read: the answer must not leave.
    """
    read = op.summaries_read
    if not read:
        return True
    site = read[0].site
    live = statements.lock_sections(op, site, [one.consent for one in read])
    if any(live.get(one.consent) != one.sections for one in read):
        return False
    access_record_repository.insert_site_reads(op, read, site)
    access_record_repository.prune(op, {one.booklet for one in read})
    return True


def _site(op: Operation) -> str:
    """The code of the calling site. Raises `PublicError` for any other caller."""
    actor = op.actor
    site = sites.site_of(op, actor.client) if isinstance(actor, Machine) else None
    if site is None:
        raise PublicError(_FORBIDDEN, "FORBIDDEN")
    return site


def _since(op: Operation, moment: datetime) -> int:
    if moment.tzinfo is None:
        raise PublicError("« changedSince » porte son fuseau.", "BAD_USER_INPUT")
    since = to_microseconds(moment)
    if since > op.now_us:
        raise PublicError("« changedSince » est à venir.", "BAD_USER_INPUT")
    if since < op.now_us - OLDEST // timedelta(microseconds=1):
        raise PublicError(
            "« changedSince » est trop ancien : oubliez tout et relisez depuis le début.",
            "RESYNCHRONISATION_REQUIRED",
        )
    return since


def _summaries(op: Operation, site: str, ids: list[str]) -> tuple[list[BookletSummary], list[str]]:
    """The summaries of these consents, in their order; and the ids of those that would need what
    does not open, of which nothing is read. What was read is still to be confirmed.
    """
    if not ids:
        return [], []
    rows = {row[0]: row for row in statements.live_consents(op, site, ids)}
    sealers = statements.sealers_of(op, [row[4] for row in rows.values()])
    opening = [row for id in ids if (row := rows.get(id)) and row[4] in sealers]
    needed = {row[4]: (sealers[row[4]], _sections(_consent(row))) for row in opening}
    stored = read_many(op, needed)
    found = {row[0]: _summary(op, stored[row[4]], row) for row in opening}
    summaries = {id: one for id, one in found.items() if one is not None}
    op.summaries_read += [
        SummaryRead(site, row[0], row[1], row[4], sealers[row[4]])
        for row in opening
        if row[0] in summaries
    ]
    return list(summaries.values()), [id for id in ids if id in rows and id not in summaries]


def _sections(consent: SummaryConsent) -> frozenset[Section]:
    """The sections of a booklet of which the summary is made; counts stand in the head."""
    needed = set(sections_of(rubrics_for(consent.sections)))
    if SummarySection.HOLDER in consent.sections:
        needed.add(Section.IDENTITY)
    if SummarySection.CURRENT_POST in consent.sections:
        needed.add(Section.SITUATION)
    return frozenset(needed)


def _summary(op: Operation, stored: StoredSections, row: tuple[Any, ...]) -> BookletSummary | None:
    """The summary of a consent; None, and set aside, when something of it does not open."""
    consent, booklet, context = _consent(row), row[4], ValidationContext(op.today)
    head = stored.head
    documents: dict[Section, Document] = {}
    entries: list[Entry] = []
    identity = situation = None
    for section in sorted(_sections(consent), key=lambda one: one.value):
        if (document := stored.document(section)) is not None:
            documents[section] = document
        elif section is Section.IDENTITY:
            stored.set_section_aside(section)
    try:
        if Section.IDENTITY in documents:
            identity = identity_of(documents[Section.IDENTITY])
        if Section.SITUATION in documents:
            situation = situation_of(documents[Section.SITUATION])
        for section in ENTRY_SECTIONS:  # in the guide's order
            if section in documents:
                found = entries_of(op, booklet, documents[section], context)
                is_sorted = documents[section].get("order") == ORDER
                entries += found if is_sorted else sort_entries(found)
    except UNREADABLE:
        return None
    if head is None or parts_of(op, booklet):
        return None
    sizes = {rubric: size.disclosable for rubric, size in head.sizes.items()}
    return build_summary(consent, identity, situation, entries, sizes, op.today)


def _consent(row: tuple[Any, ...]) -> SummaryConsent:
    id, sections, expires_at, changed_at = row[:4]
    return SummaryConsent(
        id=id,
        sections=frozenset(SummarySection(code) for code in sections.split()),
        expires_at=from_microseconds(expires_at),
        changed_at=from_microseconds(changed_at),
    )

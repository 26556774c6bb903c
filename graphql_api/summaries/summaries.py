"""The summaries that a regional site may read: whole, then what has changed.

A site reads every live consent for it once, in the order of ids, then asks again and again for
what changed since `asOf`. A page is read without holding up those who write; each reading of a
booklet is confirmed and logged for its owner in a short transaction, before the answer leaves.
"""

from datetime import datetime, timedelta
from functools import partial

from strawberry import ID
from strawberry.relay import PageInfo

from graphql_api.callers import sites
from graphql_api.engine.encoding import PublicError
from graphql_api.storage.actors import Machine
from graphql_api.storage.cleanup import LONGEST_OPERATION_SECONDS
from graphql_api.storage.communicated import access_record_repository
from graphql_api.storage.content.stored_sections import read_many
from graphql_api.storage.keys.encryption import Sealer
from graphql_api.storage.keys.service_keys import SUMMARY_CURSORS
from graphql_api.storage.operation import (
    Operation,
    SummaryRead,
    from_microseconds,
    to_microseconds,
)
from graphql_api.summaries import statements
from graphql_api.summaries.cursor import CursorPosition, Cursors, position_in
from graphql_api.summaries.kept_summaries import keep, open_kept, seal_to_keep
from graphql_api.summaries.making import consent_of, make_summary, sections_for
from graphql_api.summaries.statements import LiveConsent
from schema.description.bounds import MAX_PAGE
from schema.description.connection import Edge
from schema.sharing.consent import ConsentEnd
from schema.summaries.summary import BookletSummary, BookletSummaryConnection, SummaryTombstone

# A change has the time at which its operation began, and is seen once the operation has ended. Four
# times the longest operation leaves room for clocks that differ between processes.
BEHIND = timedelta(seconds=4 * LONGEST_OPERATION_SECONDS)
# No consent lasts longer, so an older copy holds nothing that may still be kept. Tombstones are
# served for a month more.
OLDEST = timedelta(days=366)
_NO_CURSOR = "Ce curseur n’est pas de cette lecture."
_FORBIDDEN = "Vous ne pouvez pas faire cela."


def page(
    op: Operation, first: int, after: str | None, changed_since: datetime | None
) -> BookletSummaryConnection:
    """A page of the summaries that the calling site may read, and of those that it must forget.

    Raises `PublicError`: FORBIDDEN unless a site calls; BAD_USER_INPUT for bad arguments;
    INVALID_CURSOR; RESYNCHRONISATION_REQUIRED when `changed_since` is too long ago.
    """
    client = _machine(op)
    try:
        since, place = _place(op, first, after, changed_since)
    except PublicError:
        _registered(sites.site_of(op, client))  # who is no site learns nothing else
        raise
    if since is None:
        found, rows = statements.consents_after(op, client, place.id, first + 1)
    else:
        found, rows = statements.changes_after(op, client, place.at, place.id, first + 1)
    site = _registered(found)
    cursors = Cursors(op.service_keys(SUMMARY_CURSORS), site, since)
    if after is not None and not cursors.made(after):
        raise PublicError(_NO_CURSOR, "INVALID_CURSOR")
    shown, more = rows[:first], len(rows) > first
    cursor_of = {
        one.id: cursors.encode(CursorPosition(one.at, one.id, place.as_of)) for one in shown
    }
    live = [one.consent for one in shown if one.consent is not None]
    summaries, withheld = _summaries(op, site, live, whole=since is None)
    return BookletSummaryConnection(
        edges=[Edge(cursor=cursor_of[one.id], node=one) for one in summaries],
        page_info=PageInfo(
            has_next_page=more,
            has_previous_page=after is not None,
            start_cursor=cursor_of[shown[0].id] if shown else None,
            end_cursor=cursor_of[shown[-1].id] if shown else None,
        ),
        gone=[
            SummaryTombstone(
                id=ID(one.id), at=from_microseconds(one.at), reason=ConsentEnd[one.end]
            )
            for one in shown
            if one.end
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
    live = statements.lock_consents(op, site, [one.consent for one in read])
    if any(one.consent not in live or live[one.consent][0] != one.sections for one in read):
        return False
    access_record_repository.insert_site_reads(op, read)
    keep(op, [one for one in read if live[one.consent][1] == one.changed_at])
    return True


def _machine(op: Operation) -> str:
    """The calling machine. Raises `PublicError` for any other caller."""
    if not isinstance(op.actor, Machine):
        raise PublicError(_FORBIDDEN, "FORBIDDEN")
    return op.actor.client


def _registered(site: str | None) -> str:
    """The code of the calling site. Raises `PublicError` when the machine is that of none."""
    if site is None:
        raise PublicError(_FORBIDDEN, "FORBIDDEN")
    return site


def _place(
    op: Operation, first: int, after: str | None, changed_since: datetime | None
) -> tuple[int | None, CursorPosition]:
    """Since when changes are asked for, and the place that the page follows.

    A cursor is taken at its word: whose it is, is known with the site. Raises `PublicError`.
    """
    if not 1 <= first <= MAX_PAGE:
        raise PublicError(f"« first » va de 1 à {MAX_PAGE}.", "BAD_USER_INPUT")
    since = None if changed_since is None else _since(op, changed_since)
    if after is None:
        as_of = op.now_us - BEHIND // timedelta(microseconds=1)
        return since, CursorPosition(since or 0, "", as_of)
    place = position_in(after)
    if place is None:
        raise PublicError(_NO_CURSOR, "INVALID_CURSOR")
    return since, place


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


def _summaries(
    op: Operation, site: str, rows: list[LiveConsent], *, whole: bool
) -> tuple[list[BookletSummary], list[str]]:
    """The summaries of these consents, in their order; and the ids of those that would need what
    does not open, of which nothing is read. What was read is still to be confirmed.

    A `whole` reading keeps what it makes: it comes again. A delta tells a change once.
    """
    if not rows:
        return [], []
    sealers = statements.sealers_of(op, [row.booklet for row in rows])
    opening = [row for row in rows if row.booklet in sealers]
    found = {row.id: open_kept(op, row, sealers[row.booklet]) for row in opening}
    missing = [row for row in opening if found[row.id] is None]
    made = _made(op, missing, sealers, keeping=whole)
    summaries = []
    for row in opening:
        summary, to_keep = made.get(row.id, (found[row.id], None))
        if summary is not None:
            summaries.append(summary)
            record = access_record_repository.sealed_site_read(sealers[row.booklet], site)
            op.summaries_read.append(
                SummaryRead(
                    site, row.id, row.sections, row.booklet, row.changed_at, record, to_keep
                )
            )
    read = {one.id for one in summaries}
    return summaries, [row.id for row in rows if row.id not in read]


def _made(
    op: Operation, rows: list[LiveConsent], sealers: dict[str, Sealer], *, keeping: bool
) -> dict[str, tuple[BookletSummary, tuple[str, bytes] | None]]:
    """Those of the summaries of these consents that can be made, each with what is to be kept of it.

    What was read of a booklet is forgotten before the next, for which its memory serves: a page takes
    a tenth less of the processor.
    """
    consents = {row.id: consent_of(row) for row in rows}
    needed = {
        row.booklet: (sealers[row.booklet], sections_for(consents[row.id].sections)) for row in rows
    }
    stored = read_many(op, needed)
    made = {}
    for row in rows:
        sections = stored[row.booklet]
        found = make_summary(op, sections, row.booklet, consents[row.id])
        if found is not None:
            summary, entries = found
            sealer = sealers[row.booklet]
            to_keep = seal_to_keep(op, row, sealer, summary, entries) if keeping else None
            made[row.id] = (summary, to_keep)
        sections.forget_documents()
    return made

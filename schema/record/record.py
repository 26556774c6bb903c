"""The record: all that is stored of a booklet and its owner, as JSON that they take along.

It answers GDPR articles 15 (access) and 20 (portability). `reading.py` reads it back;
docs/record.md describes it for people who write importers. Its order depends on nothing but what it
holds, so that a record that was imported is exported the same.
"""

from datetime import UTC, datetime
from typing import Any

from schema.booklet import Booklet
from schema.description.bounds import MAX_PAGE
from schema.description.fields import fields_of
from schema.description.rubric import RubricName
from schema.entries.draft import Draft
from schema.entries.entries import Attachment, Competence, Entry
from schema.entries.identity import IdentityContent
from schema.entries.situation import SituationContent
from schema.panorama.reminders import Reminder
from schema.record.dossiers import dossier_record
from schema.rubrics import rubric_named
from schema.sharing.access_record import AccessRecord
from schema.sharing.consent import Consent

FORMAT = "livret"
FORMAT_VERSION = 1


def record_of(
    booklet: Booklet, *, exported_at: datetime, account: dict[str, Any]
) -> dict[str, Any]:
    """The record of a booklet. `account` is what is stored of its owner beside the booklet."""
    entries = booklet.entry_list
    content = booklet.content
    identity, situation = content.identity, content.situation
    known = {entry.id for entry in entries}
    return {
        "format": FORMAT,
        "formatVersion": FORMAT_VERSION,
        "exportedAt": format_time(exported_at),
        "account": account,
        "booklet": {
            "state": booklet.state.value,
            "version": booklet.version,
            "createdAt": format_time(booklet.created_at),
            "updatedAt": format_time(booklet.updated_at),
        },
        "charter": [
            {"version": one.version, "acceptedAt": format_time(one.accepted_at)}
            for one in content.charters
        ],
        "identity": identity
        and filled_fields(identity, IdentityContent)
        | _without_nulls(statsConsentAt=format_time(identity.stats_consent_at)),
        "situation": situation and filled_fields(situation, SituationContent),
        "entries": _entries(entries),
        "links": [
            {
                "competence": link.competence.id,
                "target": link.target.id,
                "relation": link.relation.value,
                **_without_nulls(note=link.note),
            }
            for entry in entries
            if isinstance(entry, Competence)
            for link in entry.link_list
        ],
        "evidence": [
            {"attachment": entry.id, "entry": proved.id}
            for entry in entries
            if isinstance(entry, Attachment)
            for proved in entry.proved_list
        ],
        "dossiers": [
            dossier_record(one, known)
            for one in sorted(content.dossiers, key=lambda one: one.id)
            if not one.built_in
        ],
        "drafts": [_draft(one) for one in booklet.draft_list()],
        "reminder": _reminder(booklet.reminder_setting()),
        "consents": [_consent(one) for one in booklet.consent_list()],
        "accesses": [
            {
                "at": format_time(one.at),
                "who": one.who,
                "what": one.what,
                "outcome": one.outcome.value,
                "sentence": one.sentence,
            }
            for one in _accesses(booklet)
        ],
        "damaged": [  # last: what was read above is known by then
            _without_nulls(
                kind=one.kind.value, id=one.id, rubric=one.rubric.value if one.rubric else None
            )
            for one in booklet.damaged_list(booklet)
        ],
    }


def format_time(moment: datetime | None) -> str | None:
    """A time as the record writes it: ISO 8601 in UTC, to the microsecond (`…T08:30:00.25Z`)."""
    return None if moment is None else f"{moment.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def filled_fields(content: Any, content_class: type) -> dict[str, Any]:
    """The filled fields of a content, under their names in GraphQL."""
    values = {field.key: getattr(content, field.name) for field in fields_of(content_class)}
    return _without_nulls(**values)


def _entries(entries: list[Entry]) -> list[dict[str, Any]]:
    places: dict[RubricName, int] = {}
    written = []
    for entry in entries:
        places[entry.rubric] = places.get(entry.rubric, 0) + 1
        ordered = entry.described_by.owner_ordered
        written.append(
            {
                "id": entry.id,
                "rubric": entry.rubric.value,
                "createdAt": format_time(entry.created_at),
                "updatedAt": format_time(entry.updated_at),
                "shareable": entry.shareable,
                **_without_nulls(rank=places[entry.rubric] if ordered else None),
                **_without_nulls(comment=entry.comment),
                "content": filled_fields(entry, entry.described_by.content),
            }
        )
    return written


def _draft(draft: Draft) -> dict[str, Any]:
    content = draft.content
    return {
        "id": draft.id,
        "rubric": draft.rubric.value,
        "savedAt": format_time(draft.saved_at),
        **_without_nulls(shareable=content.shareable, comment=content.comment),
        "content": filled_fields(content, rubric_named(draft.rubric).content),
    }


def _reminder(setting: Reminder) -> dict[str, Any]:
    return {
        "enabled": setting.enabled,
        **_without_nulls(
            since=format_time(setting.since), lastLetterAt=format_time(setting.last_letter_at)
        ),
    }


def _consent(one: Consent) -> dict[str, Any]:
    return _without_nulls(
        id=one.id,
        version=one.version,
        site=one.site.code,
        sections=[section.value for section in one.sections],
        purpose=one.purpose.code,
        purposeText=one.purpose_text,
        noticeVersion=one.notice_version,
        noticeSha256=one.notice_sha256,
        givenAt=format_time(one.given_at),
        expiresAt=format_time(one.expires_at),
        endedAt=format_time(one.ended_at),
        endedBy=one.ended_by.value if one.ended_by else None,
    )


def _accesses(booklet: Booklet) -> list[AccessRecord]:
    page = booklet.access_page(MAX_PAGE, None)
    edges = list(page.edges)
    while page.page_info.has_next_page:
        page = booklet.access_page(MAX_PAGE, page.page_info.end_cursor)
        edges += page.edges
    return [edge.node for edge in edges]


def _without_nulls(**values: Any) -> dict[str, Any]:
    return {key: value for key, value in values.items() if value is not None}

"""The booklet as its owner sees it: identity, parts, attachments, panorama."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Annotated

import strawberry
from strawberry.scalars import JSON

from schema.booklet_content import (
    BookletContent,
    CharterAcceptance,
    Competences,
    Experiences,
    Formations,
    entries_of,
)
from schema.closing import ClosingNotice
from schema.damage import MAX_DAMAGED, DamagedPart
from schema.description.bounds import MAX_ENTRIES, MAX_PAGE, at_most
from schema.description.connection import Connection
from schema.description.refusals import BookletState
from schema.description.rubric import Part, RubricName
from schema.dossiers.dispense_start import dispense_start
from schema.dossiers.dossier import Dossier
from schema.entries.draft import MAX_DRAFTS, Draft
from schema.entries.entries import (
    Attachment,
    Entry,
    Recommendation,
    is_warned,
)
from schema.entries.entry_pages import EntryConnection, page_of_entries
from schema.entries.identity import Identity
from schema.entries.situation import Situation
from schema.panorama.evidence_coverage import missing_evidence
from schema.panorama.panorama import Panorama
from schema.panorama.panorama_entry import itself
from schema.panorama.reminders import Reminder
from schema.rubrics import rubric_named
from schema.sharing.access_record import (
    ACCESS_RECORD_MONTHS,
    MAX_REFUSAL_RECORDS,
    REFUSALS_OF_AN_HOUR,
    AccessRecord,
)
from schema.sharing.consent import ENDED_CONSENT_MONTHS, MAX_CONSENTS, Consent
from schema.sharing.share_link import ShareLink, ShareLinkState

OfRubric = Annotated[
    RubricName | None, strawberry.argument(description="Only this rubric's entries.")
]


@strawberry.type(
    description=f"A booklet as its owner sees it. It holds {at_most(MAX_ENTRIES)} entries."
)
class Booklet:
    """A booklet; each part of its content is read when it is first asked for."""

    id: strawberry.ID = strawberry.field(description="Opaque and stable.")
    state: BookletState = strawberry.field(description="How far it has come.")
    version: int = strawberry.field(description="Counts every write to the booklet.")
    created_at: datetime = strawberry.field(description="When its code was given (UTC).")
    updated_at: datetime = strawberry.field(description="When it was last written to (UTC).")
    charter_version: str | None = strawberry.field(
        description="The version of the charter that was accepted."
    )
    charter_accepted_at: datetime | None = strawberry.field(
        description="When it was accepted (UTC)."
    )
    content: strawberry.Private[BookletContent]
    today: strawberry.Private[date]
    access_page: strawberry.Private[Callable[[int, str | None], Connection[AccessRecord]]]
    consent_list: strawberry.Private[Callable[[], list[Consent]]]
    link_lists: strawberry.Private[Callable[[], Mapping[str, list[ShareLink]]]]
    draft_list: strawberry.Private[Callable[[], list[Draft]]]
    reminder_setting: strawberry.Private[Callable[[], Reminder]]
    has_recent_sign_in: strawberry.Private[Callable[[], bool]]
    damaged_list: strawberry.Private[Callable[["Booklet"], list[DamagedPart]]]

    @property
    def entry_list(self) -> list[Entry]:
        """All entries, in the guide's order."""
        return self.content.entries

    def _entries_of(self, rubric: RubricName | None, part: Part | None) -> list[Entry]:
        if rubric is None:
            return self.content.of_part(part) if part else self.entry_list
        is_in_part = part is None or rubric_named(rubric).part is part
        return self.content.of_rubric(rubric) if is_in_part else []

    @strawberry.field(description="Null until the identity form has been validated.")
    def identity(self) -> Identity | None:
        return self.content.identity

    @strawberry.field(description="The current situation; null until it is written.")
    def situation(self) -> Situation | None:
        return self.content.situation

    @strawberry.field(
        description="Every version of the charter that was accepted, the oldest first; at most 100."
    )
    def charter_acceptances(self) -> list[CharterAcceptance]:
        return self.content.charters

    @strawberry.field(
        description="The owner's dossiers, the built-in whole booklet first; at most 100."
    )
    def dossiers(self) -> list[Dossier]:
        return self.content.dossiers

    @strawberry.field(
        description="What a new request for exemption (`Dossier.dispense`) starts with: employer, cadre d'emplois, grade and duties as the situation and the present post say them, by the keys of `dispenseForm` as `DispenseInput` takes them; null for every other field. Nothing of it is stored by itself."
    )
    def dispense_start(self) -> JSON:
        posts = entries_of(self.content, RubricName.PROFESSIONAL_EXPERIENCE)
        return JSON(dispense_start(self.content.situation, posts, self.today))

    @strawberry.field(description="The first part: « Mes formations ».")
    def formations(self) -> Formations:
        return Formations(content=self.content)

    @strawberry.field(description="The second part: « Mes expériences ».")
    def experiences(self) -> Experiences:
        return Experiences(content=self.content)

    @strawberry.field(description="The third part: « Mes compétences ».")
    def competences(self) -> Competences:
        return Competences(content=self.content)

    @strawberry.field(
        description=f"« Pièces jointes »: paper documents, in their owner's order; {at_most(MAX_ENTRIES)}."
    )
    def attachments(self) -> list[Attachment]:
        return entries_of(self.content, RubricName.ATTACHMENT)

    @strawberry.field(
        description=f"« Préconisations » (article 5), newest first; {at_most(MAX_ENTRIES)}."
    )
    def recommendations(self) -> list[Recommendation]:
        return entries_of(self.content, RubricName.RECOMMENDATION)

    @strawberry.field(
        description=f"Entries of all rubrics, or of one, in the guide's order; {at_most(MAX_ENTRIES)}."
    )
    def entries(self, rubric: OfRubric = None) -> list[Entry]:
        return self.content.of_rubric(rubric) if rubric else self.entry_list

    @strawberry.field(
        description="The same by pages, which cost what they show. Read on with `after`, or by the number of the page with `offset`. A cursor of no entry of the list is answered by `INVALID_CURSOR`."
    )
    def entries_connection(
        self,
        rubric: OfRubric = None,
        part: Annotated[
            Part | None, strawberry.argument(description="Only the entries of this part.")
        ] = None,
        warned: Annotated[
            bool, strawberry.argument(description="Only the entries that have `warnings`.")
        ] = False,
        without_evidence: Annotated[
            bool,
            strawberry.argument(
                description="Only those that ask for a paper document and have none listed: `EvidenceCoverage.missing`."
            ),
        ] = False,
        first: Annotated[
            int, strawberry.argument(description=f"How many; {at_most(MAX_PAGE)}.")
        ] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="The `endCursor` of the page before.")
        ] = None,
        offset: Annotated[
            int,
            strawberry.argument(description="How many to pass over, after `after` if it is there."),
        ] = 0,
    ) -> EntryConnection:
        entries = self._entries_of(rubric, part)
        if without_evidence:
            entries = missing_evidence(entries, self.today)
        if warned:
            entries = [one for one in entries if is_warned(one)]
        return page_of_entries(entries, first, after, offset)

    @strawberry.field(
        description="One entry, whatever its rubric; null when the booklet has none of that id."
    )
    def entry(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The entry's id.")]
    ) -> Entry | None:
        return self.content.entry(id)

    @strawberry.field(
        description=f"The entries that a dossier communicates only when they are named: their rubric or part, chosen whole, leaves them out; in the guide's order; {at_most(MAX_ENTRIES)}."
    )
    def named_only(self) -> list[Entry]:
        return [entry for entry in self.entry_list if entry.is_named_only]

    @strawberry.field(description="One of `dossiers`; null when the booklet has none of that id.")
    def dossier(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The dossier's id.")]
    ) -> Dossier | None:
        return next((one for one in self.content.dossiers if one.id == id), None)

    @strawberry.field(
        description="One of the `shareLinks` of the dossiers; null when none has that id."
    )
    def share_link(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The link's id.")]
    ) -> ShareLink | None:
        links = (link for links in self.link_lists().values() for link in links)
        return next((link for link in links if link.id == id), None)

    @strawberry.field(description="« Panorama »: what can be computed from the whole.")
    def panorama(self) -> Panorama[Entry]:
        return Panorama(
            last_update=self.updated_at,
            read_entries=lambda: self.entry_list,
            read_counts=lambda: self.content.counts,
            today=self.today,
            show=itself,
        )

    @strawberry.field(
        description=f"The journal: who else read the booklet or was refused it, the newest first; kept for {ACCESS_RECORD_MONTHS} months. Of refusals, {REFUSALS_OF_AN_HOUR} an hour have a record each, one counts the others, and {MAX_REFUSAL_RECORDS:,} records are kept at most."
    )
    def access_records(
        self,
        first: Annotated[
            int, strawberry.argument(description=f"How many; {at_most(MAX_PAGE)}.")
        ] = 50,
        after: Annotated[
            str | None, strawberry.argument(description="The `endCursor` of the page before.")
        ] = None,
    ) -> Connection[AccessRecord]:
        return self.access_page(first, after)

    @strawberry.field(
        description=f"The consents for regional sites, the newest first: live ones, and those that ended within {ENDED_CONSENT_MONTHS} months; {at_most(MAX_CONSENTS)}."
    )
    def consents(self) -> list[Consent]:
        return self.consent_list()

    @strawberry.field(description="One of `consents`; null when the booklet has none of that id.")
    def consent(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The consent's id.")]
    ) -> Consent | None:
        return next((one for one in self.consent_list() if one.id == id), None)

    @strawberry.field(
        description=f"What was typed of entries that are not complete, the last saved first; nothing else of the booklet knows of it; {at_most(MAX_DRAFTS)}."
    )
    def drafts(self) -> list[Draft]:
        return self.draft_list()

    @strawberry.field(
        description="Whether the owner wants a letter before something expires; off until `reminderSet`."
    )
    def reminder(self) -> Reminder:
        return self.reminder_setting()

    @strawberry.field(description="What closing the booklet deletes, in numbers.")
    def closing(self) -> ClosingNotice:
        links = [link for links in self.link_lists().values() for link in links]
        competences = entries_of(self.content, RubricName.COMPETENCE)
        return ClosingNotice(
            entries=len(self.entry_list),
            ties=sum(len(one.link_list) for one in competences)
            + sum(len(entry.attachment_list) for entry in self.entry_list),
            drafts=len(self.draft_list()),
            dossiers=sum(not one.built_in for one in self.content.dossiers),
            share_links=sum(link.state is ShareLinkState.LIVE for link in links),
            consents=sum(one.ended_at is None for one in self.consent_list()),
            has_recent_sign_in=self.has_recent_sign_in,
        )

    @strawberry.field(
        description=f"What is stored of the booklet and cannot be read: it is absent from every list, or null, until it is restored or removed (`damagedPartRemove`). Records of the journal are told in the record alone; {at_most(MAX_DAMAGED)}."
    )
    def damaged(self) -> list[DamagedPart]:
        return self.damaged_list(self)[:MAX_DAMAGED]

    @strawberry.field(description="One draft; null when the booklet has none of that id.")
    def draft(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The draft's id.")]
    ) -> Draft | None:
        return next((draft for draft in self.draft_list() if draft.id == id), None)

    @strawberry.field(
        description=f"What the owner keeps from being communicated; {at_most(MAX_ENTRIES)}."
    )
    def hidden_entries(self) -> list[Entry]:
        return [entry for entry in self.entry_list if not entry.shareable]

"""A dossier as its reader sees it: printed, downloaded or shared.

Selection comes first: everything in a `SharedDossier` (lists, panorama, counters, links) is
computed from what remains, so that nothing of the rest can show. Rubrics stay when they hold
nothing, so that what was withheld and what never was look the same.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Annotated

import strawberry

from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import (
    MAX_ENTRIES,
    MAX_FORM_LINES,
    MAX_LINES,
    MAX_SITUATION_LINES,
    at_most,
)
from schema.description.display_lines import Line
from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName
from schema.dossiers.dispense import SharedDispense, shared_dispense
from schema.dossiers.dossier import Dossier
from schema.dossiers.dossier_lines import dossier_lines
from schema.dossiers.purposes import Annex, DossierForm, purpose_of
from schema.entries.entries import (
    Accreditation,
    CompetenceLink,
    Entry,
    LinkRelation,
    comment_lines,
)
from schema.entries.identity import IdentityContent, full_name
from schema.entries.parts import MAX_RUBRICS_OF_PART, rubrics_of, words_of
from schema.entries.situation import SituationContent
from schema.panorama.panorama import Panorama, panorama_of
from schema.rubrics.accreditations import reissue_notice
from schema.texts import CHARTERS, DECREE, NOTICE, LegalText

RELATION_LABELS = {LinkRelation.ACQUIRED: "Acquise", LinkRelation.USED: "Mise en œuvre"}


@strawberry.type(description="Whose booklet it is, as far as it is communicated.")
class Holder:
    """The holder on the cover of a dossier."""

    civility: CodeLabel | None = strawberry.field(
        description="Civility, when given and communicated."
    )
    last_name: str = strawberry.field(description="Last name: a dossier is always somebody's.")
    first_name: str = strawberry.field(
        description="First name, which goes with it; empty when the holder has one name only."
    )
    lines: list[Line] = strawberry.field(
        description=f"The other identity fields that are communicated; {at_most(MAX_FORM_LINES)}."
    )
    situation: list[Line] = strawberry.field(
        description=f"The current situation, by the holder's own word, when communicated; {at_most(MAX_SITUATION_LINES)}."
    )


@dataclass(frozen=True, slots=True)
class DossierReading:
    """What the entries of a dossier are read with: its id, and whether it is for a new employer."""

    dossier: str
    new_employer: bool = False

    def show(self, entry: Entry) -> "SharedEntry":
        """An entry as the reader of the dossier sees it."""
        id = strawberry.ID(f"{self.dossier}.{entry.id}")
        return SharedEntry(id=id, entry=entry.id, source=entry, reading=self)


@strawberry.type(description="A link between a competence and what supports it, seen from one end.")
class SharedLink:
    """A reference to another entry of the same dossier."""

    entry: strawberry.ID = strawberry.field(description="The entry at the other end.")
    relation: CodeLabel = strawberry.field(description="Acquired or used, in French.")
    note: str | None = strawberry.field(description="How it was acquired or used.")
    source: strawberry.Private[Entry]
    reading: strawberry.Private[DossierReading]

    @strawberry.field(description="The entry itself.")
    def node(self) -> "SharedEntry":
        return self.reading.show(self.source)


@strawberry.type(description="An entry as the reader of a dossier sees it.")
class SharedEntry:
    """An entry without anything that only its owner needs."""

    id: strawberry.ID = strawberry.field(
        description="Of the entry in this dossier: another dossier shows the same entry under another id."
    )
    entry: strawberry.ID = strawberry.field(
        description="The entry: what the other fields of a dossier name it by."
    )
    source: strawberry.Private[Entry]
    reading: strawberry.Private[DossierReading]

    @strawberry.field(description="Its rubric.")
    def rubric(self) -> RubricName:
        return self.source.rubric

    @strawberry.field(description="The entry in a few words, in French.")
    def headline(self) -> str:
        return self.source.described_by.headline(self.source)

    @strawberry.field(description="When, in French; empty when undated.")
    def when(self) -> str:
        return self.source.described_by.period(self.source).in_french()

    @strawberry.field(
        description=f"Every filled field that neither the headline nor `when` says, an organisation or an address in one line; and, where the purpose is a new employer, that an accreditation is to be issued again; {at_most(MAX_LINES)}."
    )
    def lines(self) -> list[Line]:
        return shared_lines(self.source, new_employer=self.reading.new_employer)

    @strawberry.field(
        description=f"Competences and their support, from either end; {at_most(MAX_ENTRIES)}."
    )
    def links(self) -> list[SharedLink]:
        return [shared_link(link, self.source, self.reading) for link in self.source.link_list]

    @strawberry.field(description=f"The attachments that prove the entry; {at_most(MAX_ENTRIES)}.")
    def attachments(self) -> list[strawberry.ID]:
        return [attachment.id for attachment in self.source.attachment_list]

    @strawberry.field(
        description=f"The attachments of `attachments` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def attachment_nodes(self) -> list["SharedEntry"]:
        return [self.reading.show(attachment) for attachment in self.source.attachment_list]

    @strawberry.field(
        description=f"On an attachment, the entries that it proves; {at_most(MAX_ENTRIES)}."
    )
    def proves(self) -> list[strawberry.ID]:
        return [proved.id for proved in self.source.proved_list]

    @strawberry.field(
        description=f"The entries of `proves` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def proves_nodes(self) -> list["SharedEntry"]:
        return [self.reading.show(proved) for proved in self.source.proved_list]


@strawberry.type(description="A rubric of a dossier.")
class SharedRubric:
    """A rubric with the entries that are communicated."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    code: str = strawberry.field(description="The prefix of its printed codes (F1, E2, C1, P).")
    label: str = strawberry.field(description="Its French label.")
    entries: list[SharedEntry] = strawberry.field(description=f"In order; {at_most(MAX_ENTRIES)}.")


@strawberry.type(description="A part of a dossier.")
class SharedPart:
    """A part with its rubrics, which stay even when they hold nothing."""

    part: Part = strawberry.field(description="Which part.")
    label: str = strawberry.field(description="Its French label.")
    introduction: str = strawberry.field(description="The guide's words for it.")
    rubrics: list[SharedRubric] = strawberry.field(
        description=f"Its rubrics, in the guide's order; {at_most(MAX_RUBRICS_OF_PART)}."
    )


@strawberry.type(
    description="What the reader of a dossier sees. What was not selected does not exist here."
)
class SharedDossier:
    """A booklet as communicated: printed, downloaded or shared."""

    id: strawberry.ID = strawberry.field(description="The dossier.")
    title: str = strawberry.field(description="The French title on its cover.")
    purpose: CodeLabel = strawberry.field(description="What it is for.")
    form: DossierForm = strawberry.field(description="How it is laid out for its reader.")
    recipient: str | None = strawberry.field(description="Whom it is addressed to, when said.")
    as_of: date = strawberry.field(
        description="The day on which validity and totals were computed."
    )
    holder: Holder = strawberry.field(description="Whose it is.")
    notice: str = strawberry.field(
        description="The charter's notice: declared by the owner, validated by nobody."
    )
    charter: LegalText = strawberry.field(description="The charter that the owner accepted.")
    decree: LegalText = strawberry.field(
        description="Decree 2008-830, of which every booklet contains a copy (its article 2)."
    )
    annexes: list[Annex] = strawberry.field(
        description=f"What the owner wants printed besides the entries; {at_most(len(Annex))}."
    )
    dispense: SharedDispense | None = strawberry.field(
        description="The request for an exemption from statutory training, in a dossier made for one."
    )
    entry_list: strawberry.Private[list[Entry]]
    reading: strawberry.Private[DossierReading]
    order: strawberry.Private[list[Part]]

    @strawberry.field(
        description=f"The parts: in the order of the purpose in the COMPACT form, in the guide's in the FULL one; {len(Part)}."
    )
    def parts(self) -> list[SharedPart]:
        return [
            SharedPart(
                part=words.part,
                label=words.label,
                introduction=words.introduction,
                rubrics=[
                    SharedRubric(
                        rubric=rubric.name,
                        code=rubric.code,
                        label=rubric.label,
                        entries=[
                            self.reading.show(entry)
                            for entry in self.entry_list
                            if entry.rubric is rubric.name
                        ],
                    )
                    for rubric in rubrics_of(words.part)
                ],
            )
            for words in map(words_of, self.order)
        ]

    @strawberry.field(
        description="One entry, by its own id (`SharedEntry.entry`); null when the dossier communicates none of that id."
    )
    def entry(
        self, id: Annotated[strawberry.ID, strawberry.argument(description="The entry's id.")]
    ) -> SharedEntry | None:
        found = (entry for entry in self.entry_list if entry.id == id)
        return next((self.reading.show(entry) for entry in found), None)

    @strawberry.field(description="What can be computed from what is communicated.")
    def panorama(self) -> Panorama[SharedEntry]:
        updated_at = last_update_of(self.entry_list)
        return panorama_of(self.entry_list, self.as_of, updated_at, self.reading.show)


def last_update_of(entries: list[Entry]) -> datetime | None:
    """When the latest of these entries was revised: nothing shows of other entries, not even that."""
    return max((entry.updated_at for entry in entries), default=None)


def shared_lines(entry: Entry, *, new_employer: bool = False) -> list[Line]:
    """The lines of an entry for the reader of a dossier; a `new_employer` reissues some accreditations."""
    rubric = entry.described_by
    is_dated = bool(rubric.period(entry).in_french())
    lines = dossier_lines(
        entry, rubric.content, without=rubric.headline_keys, without_period=is_dated
    )
    lines += comment_lines(entry)
    notice = reissue_notice(entry) if isinstance(entry, Accreditation) else None
    if new_employer and notice:
        lines.append(Line(key="reissue", label="Changement d’employeur", text=notice))
    return lines


def shared_link(link: CompetenceLink, seen_from: Entry, reading: DossierReading) -> SharedLink:
    """A link as one of its two entries shows it."""
    other = link.target if link.competence is seen_from else link.competence
    return SharedLink(
        entry=other.id,
        relation=CodeLabel(code=link.relation.value, label=RELATION_LABELS[link.relation]),
        note=link.note,
        source=other,
        reading=reading,
    )


def holder_of(
    identity: IdentityContent, situation: SituationContent | None, fields: Collection[str]
) -> Holder:
    """The holder by name, with the identity fields of these keys and with the situation, if any."""
    shown_elsewhere = {"civility", "lastName", "firstName", "statsConsent"}
    left_out = shown_elsewhere | {f.key for f in fields_of(IdentityContent)}.difference(fields)
    civility = identity.civility if "civility" in fields else None
    return Holder(
        civility=CodeLabel(code=civility, label=label_of("civility", civility))
        if isinstance(civility, str) and civility != "NON_RENSEIGNE"
        else None,
        last_name=identity.last_name or "",
        first_name=identity.first_name or "",
        lines=dossier_lines(identity, IdentityContent, without=left_out),
        situation=dossier_lines(situation, SituationContent) if situation else [],
    )


def shared_dossier(
    dossier: Dossier,
    identity: IdentityContent,
    situation: SituationContent | None,
    entries: list[Entry],
    *,
    charter_version: str,
    as_of: date,
) -> SharedDossier:
    """A dossier as its reader sees it; `entries` were selected by the dossier and have their links."""
    holder = holder_of(identity, situation if dossier.situation else None, dossier.identity_fields)
    purpose = purpose_of(dossier.purpose.code)
    name = full_name(holder.first_name, holder.last_name)
    return SharedDossier(
        id=dossier.id,
        title=dossier.title,
        purpose=dossier.purpose,
        form=dossier.form,
        recipient=dossier.recipient,
        as_of=as_of,
        holder=holder,
        notice=NOTICE,
        charter=CHARTERS[charter_version],
        decree=DECREE,
        annexes=dossier.annexes,
        dispense=shared_dispense(dossier.dispense, name) if dossier.dispense else None,
        entry_list=entries,
        reading=DossierReading(dossier.id, purpose is not None and purpose.new_employer),
        order=purpose.order if purpose and dossier.form is DossierForm.COMPACT else list(Part),
    )

"""A dossier as its reader sees it: printed, downloaded or shared.

Selection comes first: everything in a `SharedDossier` (lists, panorama, counters, links) is
computed from what remains, so that nothing of the rest can show. Rubrics stay when they hold
nothing, so that what was withheld and what never was look the same.
"""

from collections.abc import Collection
from datetime import date, datetime
from typing import Annotated

import strawberry

from schema.codes import label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, MAX_FORM_LINES, MAX_SITUATION_LINES, at_most
from schema.description.display_lines import Line
from schema.description.fields import fields_of
from schema.description.rubric import Part, RubricName
from schema.dossiers.dossier import Dossier, empty_among
from schema.dossiers.dossier_lines import dossier_lines, identifier_lines
from schema.dossiers.profile import Profile, profile_of
from schema.dossiers.purposes import Annex, DossierForm, purpose_of
from schema.dossiers.shared_dispense import SharedDispense, shared_dispense
from schema.dossiers.shared_entries import DossierReading, SharedEntry
from schema.entries.entries import Entry
from schema.entries.identity import IdentityContent, full_name
from schema.entries.parts import MAX_RUBRICS_OF_PART, rubrics_of, words_of
from schema.entries.situation import SituationContent
from schema.panorama.panorama import Panorama, panorama_of
from schema.rubrics import RUBRICS
from schema.texts import CHARTERS, DECREE, NOTICE, LegalText

MAX_COLUMNS = max(len(rubric.columns) for rubric in RUBRICS)

VERIFY_PATH = "/verifier"


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
    identifiers: list[Line] = strawberry.field(
        description="The SIRET and INSEE code of the situation's employer, as data; at most 2."
    )


@strawberry.type(
    description="A column of a rubric whose entries say enough in one line: the lines of this key."
)
class SharedColumn:
    """What a column holds."""

    key: str = strawberry.field(description="The key of the lines that it holds.")
    label: str = strawberry.field(description="Their French label.")


@strawberry.type(description="A rubric of a dossier.")
class SharedRubric:
    """A rubric with the entries that are communicated."""

    rubric: RubricName = strawberry.field(description="Which rubric.")
    code: str = strawberry.field(description="The prefix of its printed codes (F1, E2, C1, P).")
    label: str = strawberry.field(description="Its French label.")
    columns: list[SharedColumn] = strawberry.field(
        description=f"The columns of a short rubric, which is read as a table in the COMPACT form; empty for one that is read as prose; {at_most(MAX_COLUMNS)}."
    )
    tells_links: bool = strawberry.field(
        description="Whether links are read at its entries: everywhere in the FULL form, at one end in the COMPACT one."
    )
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
    sought_post: str | None = strawberry.field(
        description="The post that the holder applies for, when said."
    )
    recipient: str | None = strawberry.field(description="Whom it is addressed to, when said.")
    as_of: date = strawberry.field(
        description="The day on which validity and totals were computed."
    )
    holder: Holder = strawberry.field(description="Whose it is.")
    notice: str = strawberry.field(
        description="The charter's notice: declared by the owner, validated by nobody."
    )
    verify_at: str = strawberry.field(
        description="Where anybody may verify a printed dossier: the address of a page of the service that lays it out."
    )
    charter: LegalText = strawberry.field(description="The charter that the owner accepted.")
    decree: LegalText = strawberry.field(
        description="Decree 2008-830, of which every booklet contains a copy (its article 2)."
    )
    annexes: list[Annex] = strawberry.field(
        description=f"What is printed besides the entries: what the owner chose, but no panorama of nothing and no list without documents; {at_most(len(Annex))}."
    )
    profile: Profile | None = strawberry.field(
        description="What the first page says of the holder; in the COMPACT form only."
    )
    dispense: SharedDispense | None = strawberry.field(
        description="The request for an exemption from statutory training, in a dossier made for one."
    )
    entry_list: strawberry.Private[list[Entry]]
    reading: strawberry.Private[DossierReading]
    order: strawberry.Private[list[Part]]
    competences_beside: strawberry.Private[bool]

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
                        columns=[
                            SharedColumn(key=field.key, label=field.spec.label)
                            for key in rubric.columns
                            for field in fields_of(rubric.content)
                            if field.key == key
                        ],
                        tells_links=self.form is DossierForm.FULL
                        or (rubric.name is RubricName.COMPETENCE) != self.competences_beside,
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
        identifiers=identifier_lines(situation, SituationContent) if situation else [],
    )


def shared_dossier(
    dossier: Dossier,
    identity: IdentityContent,
    situation: SituationContent | None,
    entries: list[Entry],
    *,
    charter_version: str,
    as_of: date,
    public_url: str,
) -> SharedDossier:
    """A dossier as its reader sees it; `entries` were selected by the dossier and have their links."""
    situation = situation if dossier.situation else None
    holder = holder_of(identity, situation, dossier.identity_fields)
    purpose = purpose_of(dossier.purpose.code)
    reading = DossierReading(dossier.id, purpose is not None and purpose.new_employer)
    compact = dossier.form is DossierForm.COMPACT
    order = purpose.order if purpose and compact else list(Part)
    name = full_name(holder.first_name, holder.last_name)
    return SharedDossier(
        id=dossier.id,
        title=dossier.title,
        purpose=dossier.purpose,
        form=dossier.form,
        sought_post=dossier.sought_post,
        recipient=dossier.recipient,
        as_of=as_of,
        holder=holder,
        notice=NOTICE,
        verify_at=f"{public_url}{VERIFY_PATH}",
        charter=CHARTERS[charter_version],
        decree=DECREE,
        annexes=[
            one for one in dossier.annexes if one not in empty_among(dossier.annexes, entries)
        ],
        profile=profile_of(
            entries,
            situation,
            as_of,
            order,
            reading,
            sections=not (purpose and purpose.asks_dispense),
        )
        if compact
        else None,
        dispense=shared_dispense(dossier.dispense, name, entries, as_of, reading)
        if dossier.dispense
        else None,
        entry_list=entries,
        reading=reading,
        order=order,
        competences_beside=purpose is not None and purpose.competences_beside,
    )

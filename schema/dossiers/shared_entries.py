"""An entry as the reader of a dossier sees it: its lines, and what ties it to the others."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import strawberry

from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, MAX_LINES, at_most
from schema.description.display_lines import Line
from schema.description.fields import FieldKind, fields_of
from schema.description.rubric import Rubric, RubricName
from schema.dossiers.dossier_lines import dossier_lines, identifier_lines
from schema.entries.entries import (
    Accreditation,
    CompetenceLink,
    Entry,
    LinkRelation,
    comment_lines,
)
from schema.rubrics.accreditations import reissue_notice

SHORTEST_NAME = 5  # « B » is in many headlines, and says none of them
STUDIES = ("studyStart", "studyEnd")  # a start without its end would read as what still goes on
RELATION_LABELS = {LinkRelation.ACQUIRED: "Acquise", LinkRelation.USED: "Mise en œuvre"}


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
        return self.source.period.in_french()

    @strawberry.field(
        description=f"Every filled field that neither the headline nor `when` says, an organisation or an address in one line, without its numbers; and, where the purpose is a new employer, that an accreditation is to be issued again; {at_most(MAX_LINES)}."
    )
    def lines(self) -> list[Line]:
        return shared_lines(self.source, new_employer=self.reading.new_employer)

    @strawberry.field(
        description="SIRET and INSEE codes of the organisation, as data: nobody reads them on a page; at most 2."
    )
    def identifiers(self) -> list[Line]:
        return identifier_lines(self.source, self.source.described_by.content)

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


def shared_lines(entry: Entry, *, new_employer: bool = False) -> list[Line]:
    """The lines of an entry for the reader of a dossier; a `new_employer` reissues some accreditations."""
    rubric = entry.described_by
    headline, when = rubric.headline(entry), entry.period.in_french()
    lines = dossier_lines(
        entry, rubric.content, without=rubric.headline_keys, without_period=bool(when)
    )
    repeated = _repeated(rubric, headline, when, lines)
    lines = [line for line in lines if not repeated(line)] + comment_lines(entry)
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


def _repeated(
    rubric: Rubric, headline: str, when: str, lines: Sequence[Line]
) -> Callable[[Line], bool]:
    """Whether a line says again what the headline or `when` says: a date of it, a sort that it names.

    A text that its owner typed is kept, as is what has its column; of a start and an end, both are
    kept unless `when` says both.
    """
    both = [line for line in lines if line.key in STUDIES]
    kept = () if all(line.text in when for line in both) else STUDIES
    codes = {
        field.key
        for field in fields_of(rubric.content)
        if field.spec.kind is FieldKind.CODE and field.key not in rubric.columns
    }

    def is_repeated(line: Line) -> bool:
        if line.key in rubric.period_keys:
            return line.key not in kept and line.text in when
        named = len(line.text) >= SHORTEST_NAME and line.text.casefold() in headline.casefold()
        return line.text == headline or (line.key in codes and named)

    return is_repeated

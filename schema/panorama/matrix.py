"""The competence matrix of the panorama: competences down, the entries that support them across."""

from collections.abc import Container
from typing import Generic

import strawberry

from schema.codes import code_table, label_of
from schema.codes.table import CodeLabel
from schema.description.bounds import MAX_ENTRIES, at_most
from schema.description.rubric import Part, RubricName
from schema.entries.entries import Competence, Entry, LinkRelation, ProfessionalExperience
from schema.panorama.panorama_entry import Node, Show
from schema.rubrics.professional_experiences import NOT_IN_SERVICE

_KINDS = "competenceKind"


@strawberry.type(description="An entry that supports at least one competence.")
class MatrixColumn(Generic[Node]):
    """A column of the matrix."""

    entry: strawberry.ID = strawberry.field(description="The entry.")
    rubric: RubricName = strawberry.field(description="Its rubric.")
    headline: str = strawberry.field(description="The entry in a few words, in French.")
    source: strawberry.Private[Entry]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The entry itself.")
    def node(self) -> Node:
        return self.show(self.source)


@strawberry.type(description="A mark in the matrix: the entry supports the competence.")
class MatrixCell(Generic[Node]):
    """Where a competence and an entry meet."""

    entry: strawberry.ID = strawberry.field(description="The entry of the column.")
    relation: LinkRelation = strawberry.field(
        description="Whether the competence was acquired there, or used there."
    )
    source: strawberry.Private[Entry]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The entry itself.")
    def node(self) -> Node:
        return self.show(self.source)


@strawberry.type(description="A competence and its marks.")
class MatrixRow(Generic[Node]):
    """A row of the matrix."""

    competence: strawberry.ID = strawberry.field(description="The competence.")
    headline: str = strawberry.field(description="The competence in a few words, in French.")
    kind: CodeLabel | None = strawberry.field(
        description="General knowledge, know-how or competence; null when not given."
    )
    cells: list[MatrixCell[Node]] = strawberry.field(
        description=f"Its marks, in the order of the columns; {at_most(MAX_ENTRIES)}."
    )
    source: strawberry.Private[Competence]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(description="The competence itself.")
    def node(self) -> Node:
        return self.show(self.source)


@strawberry.type(description="Which entries support which competences, and what stands alone.")
class CompetenceMatrix(Generic[Node]):
    """The matrix, with the guide's two flags."""

    columns: list[MatrixColumn[Node]] = strawberry.field(
        description=f"The entries that support a competence, in the booklet's order; {at_most(MAX_ENTRIES)}."
    )
    rows: list[MatrixRow[Node]] = strawberry.field(
        description=f"Every competence, grouped by kind, in its owner's order; {at_most(MAX_ENTRIES)}."
    )
    unsupported: list[strawberry.ID] = strawberry.field(
        description=f"« Compétence sans appui »: competences that neither an entry nor a listed document supports, in the order of the rows; {at_most(MAX_ENTRIES)}."
    )
    unclaimed: list[strawberry.ID] = strawberry.field(
        description=f"« Expérience sans compétence »: experiences that support no competence; {at_most(MAX_ENTRIES)}."
    )
    unsupported_entries: strawberry.Private[list[Competence]]
    unclaimed_entries: strawberry.Private[list[Entry]]
    show: strawberry.Private[Show[Node]]

    @strawberry.field(
        description=f"The competences of `unsupported` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def unsupported_nodes(self) -> list[Node]:
        return [self.show(competence) for competence in self.unsupported_entries]

    @strawberry.field(
        description=f"The experiences of `unclaimed` themselves, in its order; {at_most(MAX_ENTRIES)}."
    )
    def unclaimed_nodes(self) -> list[Node]:
        return [self.show(entry) for entry in self.unclaimed_entries]


def matrix_of(entries: list[Entry], show: Show[Node]) -> CompetenceMatrix[Node]:
    """The matrix of these entries, which are in order and know their links."""
    kinds = {code.code: place for place, code in enumerate(code_table(_KINDS).codes)}
    competences = sorted(
        (entry for entry in entries if isinstance(entry, Competence)),
        key=lambda competence: kinds.get(competence.kind or "", len(kinds)),
    )
    linked = {link.target.id for row in competences for link in row.link_list}
    columns = [entry for entry in entries if entry.id in linked]
    places = {entry.id: place for place, entry in enumerate(columns)}
    rows = [_row(competence, places, show) for competence in competences]
    known = {entry.id for entry in entries}
    unsupported = [one for one in competences if stands_alone(one, known)]
    unclaimed = [entry for entry in entries if _is_to_be_claimed(entry) and not entry.link_list]
    return CompetenceMatrix(
        columns=[
            MatrixColumn(
                entry=entry.id,
                rubric=entry.rubric,
                headline=entry.described_by.headline(entry),
                source=entry,
                show=show,
            )
            for entry in columns
        ],
        rows=rows,
        unsupported=[competence.id for competence in unsupported],
        unclaimed=[entry.id for entry in unclaimed],
        unsupported_entries=unsupported,
        unclaimed_entries=unclaimed,
        show=show,
    )


def stands_alone(competence: Competence, known: Container[strawberry.ID]) -> bool:
    """Whether no known entry supports a competence by a link, and no known document proves it."""
    told = (*(link.target for link in competence.link_list), *competence.attachment_list)
    return not any(entry.id in known for entry in told)


def _is_to_be_claimed(entry: Entry) -> bool:
    """Whether an experience can have taught something: a position outside of the service did not."""
    if isinstance(entry, ProfessionalExperience):
        return entry.administrative_position not in NOT_IN_SERVICE
    return entry.described_by.part is Part.EXPERIENCES


def _row(
    competence: Competence, places: dict[strawberry.ID, int], show: Show[Node]
) -> MatrixRow[Node]:
    links = [link for link in competence.link_list if link.target.id in places]
    links.sort(key=lambda link: places[link.target.id])
    kind = competence.kind
    return MatrixRow(
        competence=competence.id,
        headline=competence.described_by.headline(competence),
        kind=CodeLabel(code=kind, label=label_of(_KINDS, kind)) if kind else None,
        cells=[
            MatrixCell(entry=link.target.id, relation=link.relation, source=link.target, show=show)
            for link in links
        ],
        source=competence,
        show=show,
    )

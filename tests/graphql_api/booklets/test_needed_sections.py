"""A document reads the sections that it asks for and no other, all of them by one statement."""

from collections.abc import Iterable, Iterator
from typing import Any

import pytest
from graphql import (
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from graphql_api.callers.permissions import CallerRole
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.storage.content.sections import Section
from graphql_api.storage.content.stored_sections import StoredSections
from schema.entries.inputs import ENTRY_KINDS
from tests.graphql_api.roles import Scene
from tests.graphql_api.roles import scene as scene
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

Read = list[frozenset[Section]]
ALL = frozenset(Section)
PARTS = {Section.FORMATIONS, Section.EXPERIENCES, Section.COMPETENCES, Section.ATTACHMENTS}
# Dates are compared with that of birth: entries are read with the identity.
ENTRIES = frozenset({*PARTS, Section.IDENTITY})
DIPLOMAS = frozenset({Section.FORMATIONS, Section.IDENTITY})
PAPERS = frozenset({Section.ATTACHMENTS, Section.IDENTITY})
DOSSIERS = frozenset({Section.DOSSIERS, Section.IDENTITY, Section.SITUATION})
READ = {
    "version": None,
    "charterAcceptances { version }": None,
    "accessRecords { nodes { sentence } }": None,
    "consents { id }": None,
    "drafts { id }": None,
    'shareLink(id: "none") { name }': None,
    "panorama { counters { count } }": frozenset(),
    "identity { lastName }": {Section.IDENTITY},
    "situation { employerName }": {Section.SITUATION},
    "identity { lastName } situation { employerName }": {Section.IDENTITY, Section.SITUATION},
    "formations { diplomas { title headline } }": DIPLOMAS,
    "formations { trainings { title } }": DIPLOMAS,
    "experiences { professional { headline } }": {Section.EXPERIENCES, Section.IDENTITY},
    "competences { competences { label } }": {Section.COMPETENCES, Section.IDENTITY},
    "attachments { title }": PAPERS,
    "recommendations { id }": PAPERS,
    "formations { diplomas { title } } attachments { title }": DIPLOMAS | PAPERS,
    "entries(rubric: DIPLOMA) { id }": DIPLOMAS,
    "entriesConnection(rubric: ATTACHMENT) { nodes { id } }": PAPERS,
    "entriesConnection(part: ATTACHMENTS) { nodes { id } }": PAPERS,
    "entriesConnection(withoutEvidence: true) { nodes { id } }": ENTRIES,
    "entries { id }": ENTRIES,
    'entry(id: "none") { id }': ENTRIES,
    "formations { diplomas { links { note } } }": ENTRIES,
    "formations { diplomas { evidence { title } } }": ENTRIES,
    "attachments { proves { id } }": ENTRIES,
    "panorama { counters { count } highestLevel { code } }": ENTRIES,
    "panorama { timeline { __typename } }": ENTRIES,
    "panorama { matrix { rows { __typename } } }": ENTRIES,
    "dispenseStart": {Section.IDENTITY, Section.SITUATION, Section.EXPERIENCES},
    "dossiers { title }": DOSSIERS,
    "dossiers { selectedEntries }": DOSSIERS | ENTRIES,
    "dossiers { warnings { message } }": ALL,
    "closing { __typename }": ALL,
    "damaged { id }": ALL,
}


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> Read:
    """The sections that each statement asked for which reads any."""
    seen: Read = []
    keep = StoredSections.keep

    def keeping(self: StoredSections, wanted: Iterable[Section], found: Any) -> None:
        seen.append(frozenset(wanted))
        keep(self, seen[-1], found)

    monkeypatch.setattr(StoredSections, "keep", keeping)
    return seen


def test_a_document_reads_the_head_and_the_sections_that_it_shows(
    scene: Scene, reads: Read
) -> None:
    owner = scene.callers[CallerRole.OWNER]
    for asked, sections in READ.items():
        reads.clear()
        owner.ask(f"{{ booklet {{ {asked} }} }}")
        expected = [] if sections is None else [frozenset({*sections, Section.HEAD})]
        assert reads == expected, asked


def test_every_field_of_a_booklet_is_read_by_one_statement(scene: Scene, reads: Read) -> None:
    owner, unforeseen, count = scene.callers[CallerRole.OWNER], [], 0
    for asked in fields_below_a_booklet():
        reads.clear()
        owner.ask(f"{{ booklet {asked} }}")
        count += 1
        if len(reads) > 1:
            unforeseen.append(asked)
    assert unforeseen == []
    assert count > 150, "it has looked at them"


def test_answers_are_the_same_when_no_section_was_foreseen(
    scene: Scene, reads: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner = scene.callers[CallerRole.OWNER]
    documents = [WHOLE_BOOKLET, *(f"{{ booklet {{ {asked} }} }}" for asked in READ)]
    foreseen = [owner.ask(document) for document in documents]
    monkeypatch.setattr("graphql_api.execution.needed_sections", lambda *_: frozenset())
    reads.clear()
    assert [owner.ask(document) for document in documents] == foreseen
    assert len(reads) > 2 * len(documents), "each section was read by a statement of its own"


def fields_below_a_booklet() -> Iterator[str]:
    """A selection of each field of each type of a booklet; of three kinds of entries."""
    whole = [kind.entry_type.__name__ for kind in ENTRY_KINDS]
    known = set(whole) - {"Diploma", "Competence", "Attachment"} | {"Entry"}
    waiting: list[tuple[str, str, str]] = [("Booklet", "{ ", " }")]
    while waiting:
        name, before, after = waiting.pop(0)
        kind = GRAPHQL_SCHEMA.type_map[name]
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        for field, described in kind.fields.items():
            below = get_named_type(described.type)
            asks_for_one = any(map(is_required_argument, described.args.values()))
            selected = before + field + ('(id: "none")' if asks_for_one else "")
            yield f"{selected}{'' if is_leaf_type(below) else ' { __typename }'}{after}"
            if below.name not in known:
                known.add(below.name)
                waiting.append((below.name, f"{selected} {{ ", f" }}{after}"))

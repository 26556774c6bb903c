"""What clients really ask is accepted, with room to grow: the whole booklet, the printed dossier."""

from dataclasses import fields, replace
from pathlib import Path

import pytest
from graphql import (
    FieldNode,
    GraphQLInterfaceType,
    GraphQLObjectType,
    TypeInfo,
    TypeInfoVisitor,
    Visitor,
    get_named_type,
    parse,
    visit,
)

import print_site
from graphql_api.engine.document_limits import DocumentLimits
from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Caller
from tests.graphql_api.documents import LEAST, LINK, PROVE, added
from tests.graphql_api.whole_booklet import ENTRY_TYPES, WHOLE_BOOKLET

PRINTED = {
    path.stem: path.read_text(encoding="utf-8")
    for path in sorted((Path(print_site.__file__).parent / "queries").glob("*.graphql"))
}
DOCUMENTS = {"whole booklet": WHOLE_BOOKLET, **PRINTED}
MARGIN = 0.75
ALLOWED = [field.name for field in fields(DocumentLimits)]
# Sizes that are assumed of an answer, and the number of errors named: no caller can exceed them.
NO_CAPS = {"list_size", "page_size", "errors"}


def selected_in(document: str) -> set[tuple[str, str]]:
    """The (type, field) pairs that a document selects."""
    found: set[tuple[str, str]] = set()
    info = TypeInfo(GRAPHQL_SCHEMA)

    class Collect(Visitor):
        def enter_field(self, node: FieldNode, *_: object) -> None:
            parent, field = info.get_parent_type(), info.get_field_def()
            if parent is not None and field is not None:
                name = node.name.value
                if not name.startswith("__"):
                    found.add((parent.name, name))

    visit(parse(document), TypeInfoVisitor(info, Collect()))
    return found


def reachable_from(name: str) -> set[tuple[str, str]]:
    """The (type, field) pairs below a type; those of an interface stand for its types'."""
    found: set[tuple[str, str]] = set()
    waiting, seen = [name], set()
    common = set(GRAPHQL_SCHEMA.type_map["Entry"].fields)
    while waiting:
        named = waiting.pop()
        kind = GRAPHQL_SCHEMA.type_map[named]
        if named in seen or not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            continue
        seen.add(named)
        waiting += ENTRY_TYPES if named == "Entry" else ()
        for key, field in kind.fields.items():
            if named not in ENTRY_TYPES or key not in common:
                found.add((named, key))
            waiting.append(get_named_type(field.type).name)
    return found


def test_the_document_of_the_whole_booklet_selects_every_field() -> None:
    reachable = reachable_from("Booklet")
    assert len(reachable) > 250
    assert reachable - selected_in(WHOLE_BOOKLET) == set()
    assert selected_in("{ booklet { id } }") == {("Query", "booklet"), ("Booklet", "id")}


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_clients_ask_is_accepted_with_a_margin(name: str) -> None:
    limits = DocumentLimits()
    assert isinstance(DocumentCache(GRAPHQL_SCHEMA).prepare(DOCUMENTS[name]), PreparedOperation)
    smaller = replace(
        limits,
        **{each: int(getattr(limits, each) * MARGIN) for each in ALLOWED if each not in NO_CAPS},
    )
    prepared = DocumentCache(GRAPHQL_SCHEMA, limits=smaller).prepare(DOCUMENTS[name])
    assert isinstance(prepared, PreparedOperation), prepared.errors


def test_the_margin_is_measured_on_limits_that_bite() -> None:
    for name in ("document_bytes", "tokens", "depth", "fields", "fragments", "cost", "comparisons"):
        refused = DocumentCache(GRAPHQL_SCHEMA, limits=replace(DocumentLimits(), **{name: 1}))
        assert isinstance(refused.prepare(WHOLE_BOOKLET), RejectedDocument), name


def test_the_whole_booklet_is_answered_whole(owner: Caller) -> None:
    made = {rubric: added(owner, rubric)["id"] for rubric in LEAST}
    tie = {"id": made["competence"], "version": 1, "target": made["training"]}
    assert owner.do(LINK, relation="USED", note="Là", **tie)["__typename"] == "TieWritten"
    proof = {"id": made["attachment"], "version": 1, "target": made["diploma"]}
    assert owner.do(PROVE, **proof)["__typename"] == "TieWritten"
    booklet = owner.ask(WHOLE_BOOKLET)["booklet"]
    assert {one["__typename"] for one in booklet["entries"]} == set(ENTRY_TYPES)
    listed = [
        *booklet["formations"]["diplomas"],
        *booklet["formations"]["competitiveExams"],
        *booklet["formations"]["trainings"],
        *booklet["formations"]["accreditations"],
        *booklet["formations"]["drivingLicences"],
        *booklet["experiences"]["professional"],
        *booklet["experiences"]["extraProfessional"],
        *booklet["experiences"]["tutoring"],
        *booklet["competences"]["competences"],
        *booklet["competences"]["priorLearningRecognitions"],
        *booklet["attachments"],
        *booklet["recommendations"],
    ]
    assert listed == booklet["entries"]
    by_name = {one["__typename"]: one for one in booklet["entries"]}
    assert by_name["Diploma"]["evidence"] == [{"id": made["attachment"]}]
    assert by_name["Attachment"]["proves"] == [{"id": made["diploma"]}]
    (link,) = by_name["Competence"]["links"]
    assert link["target"] == {"id": made["training"]}
    assert by_name["Training"]["links"] == [link]
    assert booklet["entry"] is None


def test_the_printed_document_is_answered_whole(owner: Caller) -> None:
    for rubric in LEAST:
        added(owner, rubric)
    (dossier,) = owner.ask(PRINTED["my_dossiers"])["booklet"]["dossiers"]
    assert dossier["builtIn"]
    shared = owner.ask(PRINTED["shared_dossier"], id=dossier["id"])["sharedDossier"]
    told = [
        one for part in shared["parts"] for rubric in part["rubrics"] for one in rubric["entries"]
    ]
    assert len(told) == len(LEAST)

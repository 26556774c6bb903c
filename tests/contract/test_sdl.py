"""The schema as a promise: committed, described, bounded, and never broken unawares."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLUnionType,
    build_schema,
    find_breaking_changes,
    get_named_type,
    get_nullable_type,
    graphql_sync,
    is_leaf_type,
    is_list_type,
    is_specified_scalar_type,
)

import schema
from graphql_api.commands import cli
from graphql_api.graphql_schema import GRAPHQL_SCHEMA, sdl
from schema.entries.inputs import ENTRY_KINDS
from tests.conftest import Caller, Here
from tests.graphql_api.documents import ADD, added, entry, whole
from tests.graphql_api.whole_booklet import WHOLE_BOOKLET

COMMITTED = Path(schema.__file__).with_name("schema.graphql")
STATED = re.compile(r"\bat most ([0-9][0-9,]*)\b|; ([0-9]+)\.$")
QUOTED = re.compile(r"«[^»]*»")
ACCENTED = re.compile(r"\w*[À-ÖØ-öø-ÿŒœ]\w*")
FRENCH_TERMS = {"collectivité", "collectivités", "filière"}  # as the glossary keeps them
SMALL = """
type Query { find(word: String): Found add(wish: Wish): Book }
type Book { title: String! year: String kind: Kind }
type Nothing { message: String }
union Found = Book | Nothing
enum Kind { PROSE VERSE }
input Wish { title: String }
"""
GUIDE = """{
  screens { name sections { heading paragraphs } labels { key } boxes { paragraphs } }
  menu { key entries { key } }
  parts { part rubrics }
  rubrics { key help { examples documents notes } fields { key } }
  identityForm { key }
  codeTables { name codes { code categories } }
  charter { sections { heading paragraphs } }
  decree { sections { heading paragraphs } }
}"""


def described() -> Iterator[tuple[str, Any, str | None]]:
    """Every name of the schema with its type, if it has one, and its description."""
    for name, kind in GRAPHQL_SCHEMA.type_map.items():
        if name.startswith("__") or is_specified_scalar_type(kind):
            continue
        yield name, None, kind.description
        if isinstance(kind, GraphQLEnumType):
            for value, member in kind.values.items():
                yield f"{name}.{value}", None, member.description
        elif isinstance(kind, GraphQLInputObjectType):
            for key, given in kind.fields.items():
                yield f"{name}.{key}", given.type, given.description
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in kind.fields.items():
                yield f"{name}.{key}", field.type, field.description
                for argument, asked in field.args.items():
                    yield f"{name}.{key}({argument}:)", asked.type, asked.description


def bound(description: str | None) -> int | None:
    """The most items of a list, as its description states it: « at most 1,000 », or « ; 12. »."""
    found = STATED.search(description or "")
    return int((found[1] or found[2]).replace(",", "")) if found else None


def breaking_changes(old: str, new: str) -> list[str]:
    """What a client of the old schema may rely on and the new one no longer gives."""
    changes = find_breaking_changes(build_schema(old), build_schema(new))
    return sorted(change.description for change in changes)


def test_the_committed_schema_is_the_schema_of_the_code() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == sdl(), "schema.graphql is behind: make sdl"


def test_nothing_that_the_committed_schema_promises_is_taken_back() -> None:
    assert breaking_changes(COMMITTED.read_text(encoding="utf-8"), sdl()) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("year: String", ""),
        ("title: String!", "title: String"),
        ("year: String", "year: Int"),
        ("find(word: String)", "find(word: String, sure: Boolean!)"),
        ("find(word: String)", "find(word: String!)"),
        ("find(word: String)", "find(term: String)"),
        ("enum Kind { PROSE VERSE }", "enum Kind { PROSE }"),
        ("input Wish { title: String }", "input Wish { title: String kind: Kind! }"),
        ("union Found = Book | Nothing", "union Found = Book"),
    ],
)
def test_a_change_that_breaks_clients_is_found(old: str, new: str) -> None:
    assert SMALL.count(old) == 1
    assert len(breaking_changes(SMALL, SMALL.replace(old, new))) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("year: String", "year: String colour: String"),
        ("find(word: String)", "find(word: String, sure: Boolean)"),
        ("year: String", "year: String!"),
        ("enum Kind { PROSE VERSE }", "enum Kind { PROSE VERSE DRAMA }"),
        ("input Wish { title: String }", "input Wish { title: String year: Int }"),
    ],
)
def test_an_addition_breaks_nobody(old: str, new: str) -> None:
    assert breaking_changes(SMALL, SMALL.replace(old, new)) == []


def test_the_schema_can_be_read_over_http_and_from_a_shell(
    here: Here, capsys: pytest.CaptureFixture[str]
) -> None:
    answer = here.client.get("/schema.graphql")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.text == sdl()
    assert cli.main(["sdl"]) == 0
    assert capsys.readouterr().out == sdl()


def test_everything_is_described() -> None:
    everything = list(described())
    assert len(everything) > 500
    assert [name for name, _, text in everything if not (text or "").strip()] == []


def test_every_list_states_its_bound() -> None:
    lists = [
        (name, text)
        for name, kind, text in described()
        if kind is not None and is_list_type(get_nullable_type(kind))
    ]
    assert len(lists) > 60
    assert [name for name, text in lists if bound(text) is None] == []


def test_descriptions_are_in_english_but_for_quotations_and_terms() -> None:
    strange = {
        (name, word)
        for name, _, text in described()
        for word in ACCENTED.findall(QUOTED.sub("", text or ""))
        if word.lower() not in FRENCH_TERMS
    }
    assert strange == set()


def test_a_field_name_has_one_type_in_all_entries_and_inputs() -> None:
    """So that one document may select it across rubrics."""
    types: dict[str, set[str]] = {}
    inputs: dict[str, set[str]] = {}
    for kind in ENTRY_KINDS:
        for found, described_by in ((types, kind.entry_type), (inputs, kind.input_type)):
            for key, field in GRAPHQL_SCHEMA.type_map[described_by.__name__].fields.items():
                found.setdefault(key, set()).add(str(field.type))
    assert len(types) > 100
    for found in (types, inputs):
        assert {key: each for key, each in found.items() if len(each) > 1} == {}
    for key, (kind_in,) in inputs.items():
        (kind_out,) = types[key]
        assert kind_in.rstrip("!") == kind_out.rstrip("!"), key
        assert not kind_in.endswith("!"), f"{key}: requiredness is a rule of validation"


def test_a_result_is_one_success_or_refusals() -> None:
    refusal = GRAPHQL_SCHEMA.type_map["Refusal"]
    unions = [
        kind for kind in GRAPHQL_SCHEMA.type_map.values() if isinstance(kind, GraphQLUnionType)
    ]
    assert len(unions) >= 8
    for union in unions:
        successes = [kind.name for kind in union.types if refusal not in kind.interfaces]
        assert len(successes) == 1, union
    for name, field in GRAPHQL_SCHEMA.mutation_type.fields.items():
        assert isinstance(get_named_type(field.type), GraphQLUnionType), name


def test_enum_values_are_the_names_that_travel(owner: Caller) -> None:
    enums = [
        kind
        for name, kind in GRAPHQL_SCHEMA.type_map.items()
        if isinstance(kind, GraphQLEnumType) and not name.startswith("__")
    ]
    assert len(enums) >= 7
    for enum in enums:
        for name, member in enum.values.items():
            assert re.fullmatch(r"[A-Z]+(_[A-Z]+)*", name)
            assert getattr(member.value, "value", member.value) == name
    assert owner.ask("{ booklet { state } }") == {"booklet": {"state": "OPEN"}}
    diploma = added(owner, "diploma")
    only = "query($rubric: RubricName) { booklet { entries(rubric: $rubric) { rubric id } } }"
    assert owner.ask(only, rubric="DIPLOMA")["booklet"]["entries"] == [
        {"rubric": "DIPLOMA", "id": diploma["id"]}
    ]
    assert owner.ask(only, rubric="TRAINING")["booklet"]["entries"] == []
    for wrong in ("diploma", "Diploma", "", 1, ["DIPLOMA", "TRAINING"]):
        assert owner.error(only, rubric=wrong) == "BAD_USER_INPUT"


def test_an_entry_input_holds_exactly_one_rubric(owner: Caller) -> None:
    asked = graphql_sync(GRAPHQL_SCHEMA, '{ __type(name: "EntryInput") { isOneOf } }')
    assert asked.data == {"__type": {"isOneOf": True}}
    assert "input EntryInput @oneOf {" in sdl()
    before = whole(owner)
    two = entry("diploma") | entry("training")
    for wrong in ({}, two, {"diploma": None}, entry("diploma") | {"training": None}, {"x": {}}):
        answer = owner.post({"query": ADD, "variables": {"entry": wrong}})
        assert answer.status_code == 400
        assert answer.json()["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT"
    assert whole(owner) == before


def over_long(value: Any, kind: Any, path: str) -> Iterator[str]:
    """The lists of an answer that are longer than the schema says."""
    if isinstance(value, list):
        for each in value:
            yield from over_long(each, kind, path)
    elif isinstance(value, dict) and not is_leaf_type(get_named_type(kind)):  # not one of JSON
        named = GRAPHQL_SCHEMA.type_map[value.get("__typename") or get_named_type(kind).name]
        for key, each in value.items():
            if key == "__typename":
                continue
            field = named.fields[key]
            most = bound(field.description)
            if isinstance(each, list) and (most is None or len(each) > most):
                yield f"{path}.{key}: {len(each)}"
            yield from over_long(each, field.type, f"{path}.{key}")


def test_the_lists_of_the_guide_and_of_a_booklet_keep_their_bounds(owner: Caller) -> None:
    for rubric in ("diploma", "competence", "attachment"):
        added(owner, rubric)
    query = GRAPHQL_SCHEMA.query_type
    for document in (GUIDE, WHOLE_BOOKLET):
        assert list(over_long(owner.ask(document), query, "")) == []
    too_long = {"parts": [{"__typename": "PartGuide", "rubrics": ["DIPLOMA"] * 6}] * 4}
    assert list(over_long(too_long, query, "")) == [".parts.rubrics: 6"] * 4


def test_at_most_a_hundred_code_tables_are_asked_for_by_name(here: Here) -> None:
    document = "query($names: [String!]) { codeTables(names: $names) { name } }"
    anybody = here.nobody()
    assert anybody.ask(document, names=["level"] * 100) == {"codeTables": [{"name": "level"}]}
    assert anybody.ask(document, names=["none", ""]) == {"codeTables": []}
    assert anybody.error(document, names=["level"] * 101) == "BAD_USER_INPUT"


def test_the_worst_entry_has_fewer_faults_than_is_said(owner: Caller) -> None:
    most = bound(GRAPHQL_SCHEMA.type_map["InvalidEntry"].fields["problems"].description)
    assert most == 500
    for kind in ENTRY_KINDS:
        fields = GRAPHQL_SCHEMA.type_map[kind.input_type.__name__].fields
        key = kind.rubric.value.lower().split("_")
        rubric = key[0] + "".join(word.capitalize() for word in key[1:])
        worst: dict[str, Any] = {}
        for name, field in fields.items():
            named = get_named_type(field.type).name
            bad: Any = {"Int": -1, "Float": -1.5, "Boolean": True}.get(named, "\u0007")
            many = is_list_type(get_nullable_type(field.type))
            worst[name] = [bad] * 50 if many else bad
        problems = owner.do(ADD, entry={rubric: worst})["problems"]
        assert 3 < len(problems) <= most

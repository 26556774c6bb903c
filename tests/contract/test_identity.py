"""One id of one type has one content, whatever it is reached by: what a normalised cache relies on."""

from collections.abc import Iterator
from functools import cache
from typing import Any

from graphql import (
    GraphQLField,
    GraphQLInterfaceType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from graphql_api.demo.loading import load_booklet
from graphql_api.demo.sharing import SITE, share
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.conftest import Caller, Here
from tests.graphql_api.summaries.summaries import registered

Composite = GraphQLObjectType | GraphQLInterfaceType
Answer = dict[str, Any]
DOSSIERS = "{ booklet { id dossiers { id } } }"


def fields_of(kind: Any) -> dict[str, GraphQLField]:  # Any: get_named_type tells mypy no more
    """The fields of an object type that can be asked for without an argument."""
    return {
        name: field
        for name, field in kind.fields.items()
        if not any(is_required_argument(argument) for argument in field.args.values())
    }


@cache
def content(kind: Composite, *, whole: bool = True, within: tuple[str, ...] = ()) -> str:
    """Everything of a type: what has an id below it is told by its own fields alone.

    Not `whole`: its own fields alone.
    """
    told = ["__typename"]
    for name, field in fields_of(kind).items():
        below = get_named_type(field.type)
        if is_leaf_type(below):
            told.append(name)
        elif isinstance(below, Composite) and below.name not in within:
            has_id = "id" in below.fields
            if whole or not has_id:
                deeper = content(below, whole=not has_id and whole, within=(*within, kind.name))
                told.append(f"{name} {deeper}")
    return f"{{ {' '.join(told)} }}"


def documents(root: str, variables: str = "", arguments: str = "") -> Iterator[str]:
    """Documents that tell all of a root field's type, one a field of it, each with the id above."""
    kind = get_named_type(GRAPHQL_SCHEMA.type_map["Query"].fields[root].type)
    for name, field in fields_of(kind).items():
        below = get_named_type(field.type)
        told = "" if is_leaf_type(below) else content(below, within=(kind.name,))
        yield f"query{variables} {{ {root}{arguments} {{ __typename id {name} {told} }} }}"


def objects(value: Any) -> Iterator[Answer]:
    """Every object of an answer that has an id."""
    if isinstance(value, list):
        for one in value:
            yield from objects(one)
    if isinstance(value, dict):
        if "id" in value:
            yield value
        for one in value.values():
            yield from objects(one)


def agree(one: Any, other: Any) -> bool:
    """Whether two tellings of a field can stand in one cache; what only one of them tells does not matter."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(agree, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        common = ("__typename", "id") if "id" in one else one.keys() & other.keys()
        return all(agree(one[name], other[name]) for name in common)
    return bool(one == other)


def contradictions(answers: list[Any]) -> list[str]:
    """The type and field of whatever is told in two ways under one id."""
    kept: dict[tuple[str, str, str], Any] = {}
    found = set()
    for one in objects(answers):
        for name, value in one.items():
            if not agree(kept.setdefault((one["__typename"], one["id"], name), value), value):
                found.add(f"{one['__typename']}.{name}")
    return sorted(found)


def demo_agent(here: Here) -> Caller:
    """The demo's agent, with three dossiers, a share link and a consent."""
    registered(here, SITE)
    caller, service = here.caller("agent"), here.deployment.service
    share(service, caller.token or "", load_booklet(service, caller.token or "", "julliard"))
    return caller


def test_no_id_has_two_contents_in_a_session_of_the_demo(here: Here) -> None:
    caller = demo_agent(here)
    answers = [caller.ask(document) for document in documents("booklet")]
    dossiers = caller.ask(DOSSIERS)["booklet"]["dossiers"]
    assert len(dossiers) == 3
    for dossier in dossiers:
        read = documents("sharedDossier", "($id: ID!)", "(id: $id)")
        answers += [caller.ask(document, id=dossier["id"]) for document in read]
    seen = {one["__typename"] for one in objects(answers)}
    assert seen >= {"Booklet", "Dossier", "SharedDossier", "SharedEntry", "Diploma", "ShareLink"}
    assert contradictions(answers) == []


def test_an_id_with_two_contents_is_found() -> None:
    first = {"__typename": "Line", "id": "1", "text": "Une", "of": {"__typename": "A", "id": "2"}}
    assert contradictions([first, first]) == []
    assert contradictions([first, [{**first, "text": "Autre"}]]) == ["Line.text"]
    assert contradictions([first, {**first, "of": {"__typename": "A", "id": "3"}}]) == ["Line.of"]

"""A document that selects every field of a booklet to the leaves, written from the schema.

An entry is told in full where the booklet lists it: once under its part, once among all entries.
Where another entry, a récapitulatif or the panorama mentions it, it is named by its id.
"""

from graphql import (
    GraphQLInterfaceType,
    GraphQLNamedOutputType,
    GraphQLObjectType,
    get_named_type,
    is_leaf_type,
)

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from schema.entries.inputs import ENTRY_KINDS

Composite = GraphQLObjectType | GraphQLInterfaceType
ENTRY_TYPES = tuple(kind.entry_type.__name__ for kind in ENTRY_KINDS)
REFERENCE = "{ id }"
MENTIONED = ("namedOnly",)
IN_FULL = ("Booklet", "Formations", "Experiences", "Competences")


def _selected(kind: Composite, without: frozenset[str] = frozenset()) -> str:
    return " ".join(
        f"{name}{_arguments(kind, name)}{_below(kind, name, get_named_type(field.type))}"
        for name, field in kind.fields.items()
        if name not in without
    )


def _arguments(kind: Composite, name: str) -> str:
    return '(id: "none")' if "id" in kind.fields[name].args else ""


def _below(parent: Composite, name: str, kind: GraphQLNamedOutputType) -> str:
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, Composite)
    if kind.name != "Entry" and kind.name not in ENTRY_TYPES:
        return f" {{ {_selected(kind)} }}"
    if parent.name not in IN_FULL or name in MENTIONED:
        return f" {REFERENCE}"
    if kind.name != "Entry":
        return f" {{ ...Common ...Of{kind.name} }}"
    return " { ...Every }"


def _object(name: str) -> Composite:
    kind = GRAPHQL_SCHEMA.type_map[name]
    assert isinstance(kind, Composite)
    return kind


def _whole_booklet() -> str:
    common = _object("Entry")
    said = frozenset(common.fields)
    parts = [
        f"{{ booklet {{ {_selected(_object('Booklet'))} }} }}",
        f"fragment Common on Entry {{ __typename {_selected(common)} }}",
        "fragment Every on Entry { ...Common " + " ".join(f"...Of{n}" for n in ENTRY_TYPES) + " }",
        *(f"fragment Of{n} on {n} {{ {_selected(_object(n), said)} }}" for n in ENTRY_TYPES),
    ]
    return "\n".join(parts)


WHOLE_BOOKLET = _whole_booklet()

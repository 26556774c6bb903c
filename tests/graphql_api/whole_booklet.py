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
Fields = frozenset[tuple[str, str]]
ENTRY_TYPES = tuple(kind.entry_type.__name__ for kind in ENTRY_KINDS)
REFERENCE = "{ id }"
MENTIONED = ("namedOnly",)
IN_FULL = ("Booklet", "Formations", "Experiences", "Competences")


def _selected(kind: Composite, left_out: Fields, without: frozenset[str] = frozenset()) -> str:
    return " ".join(
        f"{name}{_arguments(kind, name)}{_below(kind, name, get_named_type(field.type), left_out)}"
        for name, field in kind.fields.items()
        if name not in without and (kind.name, name) not in left_out
    )


def _arguments(kind: Composite, name: str) -> str:
    return '(id: "none")' if "id" in kind.fields[name].args else ""


def _below(parent: Composite, name: str, kind: GraphQLNamedOutputType, left_out: Fields) -> str:
    if is_leaf_type(kind):
        return ""
    assert isinstance(kind, Composite)
    if kind.name != "Entry" and kind.name not in ENTRY_TYPES:
        return f" {{ {_selected(kind, left_out)} }}"
    if parent.name not in IN_FULL or name in MENTIONED:
        return f" {REFERENCE}"
    if kind.name != "Entry":
        return f" {{ ...Common ...Of{kind.name} }}"
    return " { ...Every }"


def _object(name: str) -> Composite:
    kind = GRAPHQL_SCHEMA.type_map[name]
    assert isinstance(kind, Composite)
    return kind


def whole_booklet_without(left_out: Fields) -> str:
    """The document, without some fields: pairs of a type and a field."""
    return f"{{ booklet {{ ...Whole }} }}\n{fragments_without(left_out)}"


def fragments_without(left_out: Fields) -> str:
    """The fragment `Whole` of a booklet, without some fields, and those that it spreads."""
    common = _object("Entry")
    said = frozenset(common.fields)
    parts = [
        f"fragment Whole on Booklet {{ {_selected(_object('Booklet'), left_out)} }}",
        f"fragment Common on Entry {{ __typename {_selected(common, left_out)} }}",
        "fragment Every on Entry { ...Common " + " ".join(f"...Of{n}" for n in ENTRY_TYPES) + " }",
        *(
            f"fragment Of{n} on {n} {{ {_selected(_object(n), left_out, said)} }}"
            for n in ENTRY_TYPES
        ),
    ]
    return "\n".join(parts)


WHOLE_BOOKLET = whole_booklet_without(frozenset())

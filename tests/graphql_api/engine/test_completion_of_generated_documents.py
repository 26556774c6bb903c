"""Whatever a document selects, compiled completion gives the bytes that graphql-core gives."""

from typing import Any

from graphql import get_named_type, is_abstract_type, is_leaf_type
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.graphql_api.engine import toy
from tests.graphql_api.engine.toy_completion import check_same, prepare

ARGUMENTS = {"author": '(name: "George Sand")', "works": "(first: 9)", "titled": '(start: "L")'}
DIRECTIVES = ["@include(if: true)", "@skip(if: true)", "@include(if: $on)", "@skip(if: $off)"]
SKIPPED = {"choose", "dates", "number", "offline"}


@st.composite
def selections(draw: st.DrawFn, type_name: str, depth: int, spread: set[str]) -> str:
    """A selection set on a type of the toy schema; `spread` collects the fragments that it uses."""
    kind = toy.GRAPHQL_SCHEMA.type_map[type_name]
    fields = {} if type_name == "Favourite" else kind.fields  # type: ignore[attr-defined]  # an object type
    open_fields = {
        name: field
        for name, field in fields.items()
        if name not in SKIPPED and (depth > 0 or is_leaf_type(get_named_type(field.type)))
    }
    names = draw(st.lists(st.sampled_from([*open_fields, "__typename"]), min_size=1, max_size=5))
    parts = [draw(field_selection(open_fields, name, depth, spread)) for name in names]
    kinds = ["Author"]
    if is_abstract_type(kind):
        kinds = ["Novel", "Poem", "Work"] + (["Author"] if type_name == "Favourite" else [])
    elif type_name in ("Novel", "Poem"):
        kinds = [type_name, "Work"]
    if type_name != "Query" and depth > 0:
        for other in draw(st.lists(st.sampled_from(kinds), max_size=3)):
            directive = draw(st.sampled_from(["", *DIRECTIVES]))
            if draw(st.booleans()):
                spread.add(other)
                parts.append(f"...F{other} {directive}")
            else:
                inner = draw(selections(other, depth - 1, spread))
                parts.append(f"... on {other} {directive} {inner}")
    return "{ " + " ".join(draw(st.permutations(parts))) + " }"


@st.composite
def field_selection(
    draw: st.DrawFn, fields: dict[str, Any], name: str, depth: int, spread: set[str]
) -> str:
    alias = draw(st.sampled_from(["", "", f"{name}_1: ", f"{name}_2: "]))
    directive = draw(st.sampled_from(["", "", "", *DIRECTIVES]))
    takes_arguments = name in fields and fields[name].args
    written = f"{alias}{name}{ARGUMENTS[name] if takes_arguments else ''} {directive}"
    if name in fields and not is_leaf_type(below := get_named_type(fields[name].type)):
        written += " " + draw(selections(below.name, depth - 1, spread))
    return written


@st.composite
def documents(draw: st.DrawFn) -> str:
    spread: set[str] = set()
    operation = draw(selections("Query", draw(st.integers(1, 4)), spread))
    fragments = [
        f"fragment F{kind} on {kind} {draw(selections(kind, 0, set()))}" for kind in sorted(spread)
    ]
    written = " ".join([operation, *fragments])
    declared = [f"{name}: Boolean!" for name in ("$on", "$off") if name in written]
    return f"query Q{'(' + ', '.join(declared) + ')' if declared else ''} {written}"


@given(documents(), st.booleans(), st.booleans())
@settings(max_examples=150, deadline=None)
def test_a_generated_document_gives_the_same_bytes_compiled_or_not(
    document: str, on: bool, off: bool
) -> None:
    prepared = prepare(document)
    check_same(prepared, {"on": on, "off": off})
    check_same(prepared, {"on": not on, "off": off})

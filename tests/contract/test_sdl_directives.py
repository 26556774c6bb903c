"""The SDL says which table a field takes its codes from, and in which form a text is stored."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from graphql import DirectiveLocation, GraphQLSchema, build_schema, value_from_ast_untyped

from graphql_api.graphql_schema import sdl
from schema.codes import CODE_TABLES
from schema.description.fields import NamedField, fields_of
from schema.description.validation import clean_value
from schema.dossiers.dispense import DispenseContent
from schema.entries.identity import IdentityContent
from schema.entries.inputs import ENTRY_KINDS
from schema.entries.situation import SituationContent
from schema.rubrics import RUBRICS

CONTENTS: list[tuple[str, type]] = [
    *(
        (kind.__name__, rubric.content)
        for rubric, entry in zip(RUBRICS, ENTRY_KINDS, strict=True)
        for kind in (entry.entry_type, entry.input_type)
    ),
    *(
        (name + suffix, content)
        for name, content in (
            ("Identity", IdentityContent),
            ("Situation", SituationContent),
            ("Dispense", DispenseContent),
        )
        for suffix in ("", "Input")
    ),
]
LOCATIONS = {DirectiveLocation.FIELD_DEFINITION, DirectiveLocation.INPUT_FIELD_DEFINITION}


@pytest.fixture(scope="module")
def served() -> GraphQLSchema:
    """The schema as a code generator reads it."""
    return build_schema(sdl())


def directives_of(field: Any) -> dict[str, dict[str, Any]]:
    return {
        node.name.value: {
            each.name.value: value_from_ast_untyped(each.value) for each in node.arguments or ()
        }
        for node in field.ast_node.directives or ()
    }


def described_fields(served: GraphQLSchema) -> Iterator[tuple[str, NamedField, Any]]:
    """Every described field, with what the SDL's directives say of it."""
    for name, content in CONTENTS:
        fields = served.type_map[name].fields  # type: ignore[attr-defined]  # an object or an input
        for field in fields_of(content):
            yield f"{name}.{field.key}", field, directives_of(fields[field.key])


def test_the_two_directives_are_defined_for_fields_of_types_and_of_inputs(
    served: GraphQLSchema,
) -> None:
    for name in ("table", "format"):
        directive = served.get_directive(name)
        assert directive is not None
        assert set(directive.locations) == LOCATIONS
        assert directive.description


def test_every_field_with_codes_of_a_table_names_it_and_no_other_does(
    served: GraphQLSchema,
) -> None:
    known, seen = {table.name for table in CODE_TABLES}, set()
    for where, field, said in described_fields(served):
        assert said.get("table", {}).get("name") == field.spec.table, where
        seen.add(field.spec.table)
    assert len(seen) > 25
    assert seen - {None} <= known


def test_every_text_with_a_form_says_it_and_its_example_is_stored_in_that_form(
    served: GraphQLSchema,
) -> None:
    count = 0
    for where, field, said in described_fields(served):
        told, spec = said.get("format"), field.spec
        assert (told is None) == (spec.format is None), where
        if told is None or spec.format is None:
            assert spec.pattern is None or spec.kind.value == "TEXTS", where
            continue
        assert told["name"] == spec.format.value
        if (pattern := told.get("pattern")) is not None:
            assert re.fullmatch(pattern, str(clean_value(spec.example, spec))), where
            assert not re.fullmatch(pattern, "?")
            count += 1
    assert count > 60

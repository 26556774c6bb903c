"""A field whose function is called directly answers as through Strawberry's resolver."""

from typing import Annotated, Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLField, GraphQLSchema, graphql_sync
from strawberry.permission import BasePermission

from graphql_api.engine.direct_resolvers import direct_resolver
from graphql_api.graphql_schema import GRAPHQL_SCHEMA

Described = Annotated[strawberry.ID | None, strawberry.argument(description="An id.")]


class Nobody(BasePermission):
    message = "no"

    def has_permission(self, source: Any, info: Any, **kwargs: Any) -> bool:
        return False


@strawberry.input
class Point:
    x: int


@strawberry.type
class Query:
    @strawberry.field
    def all_kinds(  # each is another kind
        self,
        info: strawberry.Info[Any, None],
        some_id: Described = None,
        text: str = "none",
        a_number: int | None = 7,
        share: float = 0.5,
        yes: bool = False,
    ) -> str:
        seen = [some_id, text, a_number, share, yes]
        return f"{info.field_name} {info.context} {self} {seen!r}"

    @strawberry.field
    def without_anything() -> str:  # type: ignore[misc]  # Strawberry passes what is asked for
        return "nothing"

    @strawberry.field
    def failing(self, text: str) -> str:
        raise LookupError(text)

    @strawberry.field
    def point(self, point: Point) -> str:
        return f"{point!r}"

    @strawberry.field
    def perhaps(self, text: strawberry.Maybe[str | None]) -> str:
        return f"{text!r}"

    @strawberry.field
    def many(self, texts: list[str]) -> str:
        return f"{texts!r}"

    @strawberry.field(permission_classes=[Nobody])
    def guarded(self) -> str:
        return "seen"

    @strawberry.field
    def from_parent(self, parent: strawberry.Parent[Any]) -> str:
        return f"{parent!r}"

    @strawberry.field
    async def later(self) -> str:
        return "now"

    plain: str = "a value"


def schema() -> GraphQLSchema:
    made: GraphQLSchema = strawberry.Schema(Query)._schema
    return made


def field_of(made: GraphQLSchema, name: str) -> GraphQLField:
    assert made.query_type is not None
    return made.query_type.fields[name]


def ask(made: GraphQLSchema, document: str) -> ExecutionResult:
    return graphql_sync(
        made, document, context_value="context", variable_values={"text": "of a variable"}
    )


@pytest.mark.parametrize(
    "selected",
    [
        "allKinds",
        'allKinds(someId: "x", text: "é", aNumber: null, share: 1, yes: true)',
        "allKinds(text: $text, aNumber: -1)",
        "withoutAnything",
        "failing(text: $text)",
    ],
)
def test_a_function_gets_what_strawberry_gives_it(selected: str) -> None:
    ordinary, direct = schema(), schema()
    for name in ("allKinds", "withoutAnything", "failing"):
        field = field_of(direct, name)
        field.resolve = direct_resolver(field)
        assert field.resolve is not None
    document = f'query ($text: String! = "unused") {{ {selected} plain: allKinds(text: $text) }}'
    expected, found = ask(ordinary, document), ask(direct, document)
    assert found.data == expected.data
    assert [str(one) for one in found.errors or ()] == [str(one) for one in expected.errors or ()]


@pytest.mark.parametrize(
    "name", ["point", "perhaps", "many", "guarded", "fromParent", "later", "plain"]
)
def test_a_field_for_which_strawberry_does_more_keeps_its_resolver(name: str) -> None:
    assert direct_resolver(field_of(schema(), name)) is None


def test_the_fields_that_are_asked_most_are_called_directly() -> None:
    assert direct_resolver(field_of(GRAPHQL_SCHEMA, "booklet")) is not None
    assert direct_resolver(field_of(GRAPHQL_SCHEMA, "bookletSummaries")) is None

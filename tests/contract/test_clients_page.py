"""docs/clients.md names fields that the schema has, and is right about ids."""

import re
from pathlib import Path

from graphql import GraphQLObjectType

from graphql_api.graphql_schema import GRAPHQL_SCHEMA

PAGE = (Path(__file__).parents[2] / "docs/clients.md").read_text("utf-8")


def fields(name: str) -> set[str]:
    kind = GRAPHQL_SCHEMA.type_map[name]
    assert isinstance(kind, GraphQLObjectType)
    return set(kind.fields)


def test_the_page_names_fields_of_the_schema() -> None:
    (changed,) = re.findall(r"Mutation: \{ (.*) \}", PAGE)
    assert set(re.findall(r"(\w+): changed", changed)) <= fields("Mutation")
    assert {"accessRecords", "panorama"} <= fields("Booklet")
    assert {"authorizationCodes", "booklet"} <= fields("Query")
    assert "siret" in GRAPHQL_SCHEMA.query_type.fields["authorizationCodes"].args  # type: ignore[union-attr]  # there is one


def test_the_types_that_the_page_gives_as_without_id_have_none() -> None:
    (told,) = re.findall(r"\*\*Types without `id`\*\* \((.*?)\)", PAGE)
    for name in re.findall(r"`(\w+)`", told):
        assert "id" not in fields(name)
    assert "id" in fields("SharedEntry")

"""What is to go from the schema says until when it stays, and the changelog says it too."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from graphql import (
    GraphQLEnumType,
    GraphQLInputObjectType,
    GraphQLInterfaceType,
    GraphQLObjectType,
    GraphQLSchema,
    build_schema,
)

from graphql_api.graphql_schema import sdl

CHANGELOG = (Path(__file__).parents[2] / "CHANGELOG.md").read_text("utf-8")
UNTIL = re.compile(r"\buntil (\d{4}-\d{2}-\d{2})\b")
SMALL = """
type Query { find(word: String, by: String MARK): Book }
type Book { title: String year: String MARK }
enum Kind { PROSE VERSE MARK }
input Wish { title: String year: String MARK }
"""
NAMES = {"Query.find(by:)", "Book.year", "Kind.VERSE", "Wish.year"}


def deprecated(schema: GraphQLSchema) -> Iterator[tuple[str, str]]:
    """Every name of the schema that is marked, with the reason that it gives."""
    for name, kind in schema.type_map.items():
        if name.startswith("__"):
            continue
        marked: dict[str, str | None] = {}
        if isinstance(kind, GraphQLEnumType):
            marked = {key: value.deprecation_reason for key, value in kind.values.items()}
        elif isinstance(kind, GraphQLInputObjectType):
            marked = {key: field.deprecation_reason for key, field in kind.fields.items()}
        elif isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            for key, field in kind.fields.items():
                marked[key] = field.deprecation_reason
                for argument, asked in field.args.items():
                    marked[f"{key}({argument}:)"] = asked.deprecation_reason
        yield from ((f"{name}.{key}", why) for key, why in marked.items() if why is not None)


def last_day(reason: str) -> date | None:
    """Until when what is marked stays; None when the reason does not say."""
    found = UNTIL.search(reason)
    try:
        return date.fromisoformat(found[1]) if found else None
    except ValueError:
        return None


def unannounced(schema: GraphQLSchema, changelog: str) -> set[str]:
    """The marked names that lack their last day, or a line of the changelog with the same day."""
    lines = [line for line in changelog.splitlines() if line.startswith("- ")]
    return {
        name
        for name, reason in deprecated(schema)
        if (day := last_day(reason)) is None
        or not any(f"`{name}`" in line and day.isoformat() in line for line in lines)
    }


def test_every_deprecation_says_its_last_day_and_is_in_the_changelog() -> None:
    assert unannounced(build_schema(sdl()), CHANGELOG) == set()


@pytest.mark.parametrize(
    "mark",
    [
        "@deprecated",
        '@deprecated(reason: "")',
        '@deprecated(reason: "Use title.")',
        '@deprecated(reason: "Use title; kept until spring 2027.")',
        '@deprecated(reason: "Use title; kept until 2027-13-22.")',
        '@deprecated(reason: "Use title; since 2026-11-22.")',
    ],
)
def test_a_deprecation_without_its_last_day_is_found_wherever_it_stands(mark: str) -> None:
    changelog = "\n".join(f"- `{name}` goes after 2027-05-22." for name in NAMES)
    assert unannounced(build_schema(SMALL.replace("MARK", mark)), changelog) == NAMES


def test_a_deprecation_that_the_changelog_does_not_tell_is_found() -> None:
    mark = '@deprecated(reason: "Use title; kept until 2027-05-22.")'
    schema = build_schema(SMALL.replace("MARK", mark))
    told = [f"- `{name}` goes after 2027-05-22." for name in sorted(NAMES)]
    assert unannounced(schema, "\n".join(told)) == set()
    assert unannounced(schema, "\n".join(told[1:])) == {min(NAMES)}
    assert unannounced(schema, "\n".join(told).replace("2027-05-22", "2027-06-22")) == NAMES
    assert unannounced(build_schema(SMALL.replace("MARK", "")), "") == set()

"""docs/front-end.md and its example say what the service does: snippets, limits, scalars, links."""

import json
import re
from pathlib import Path

import pytest
from graphql import GraphQLScalarType, is_specified_scalar_type, parse, print_ast

from graphql_api.engine.document_limits import DocumentLimits
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.http_request import MAX_BODY_BYTES
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from tests.contract.test_deprecations import last_day

DOCS = Path(__file__).parents[2] / "docs"
PAGE = (DOCS / "front-end.md").read_text("utf-8")
EXAMPLE = DOCS / "examples" / "typescript"
OPERATIONS = (EXAMPLE / "src" / "operations.graphql").read_text("utf-8")
SOURCES = {
    "ts": "".join((EXAMPLE / "src" / one).read_text("utf-8") for one in ("main.ts", "forms.ts")),
    "graphql": OPERATIONS,
    "json": (EXAMPLE / "scalars.json").read_text("utf-8"),
}
SNIPPETS = re.findall(r"^```(\w+)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
LINKS = re.findall(r"\]\(([^)#]+)(?:#([\w-]+))?\)", PAGE)


def flush(code: str) -> str:
    """Code without its indentation, in which a snippet of a nested block is found again."""
    return "\n".join(line.strip() for line in code.strip().splitlines())


def test_every_snippet_is_copied_from_the_example() -> None:
    copied = [(kind, code) for kind, code in SNIPPETS if kind != "sh"]
    assert {kind for kind, _ in copied} == set(SOURCES)
    assert len(copied) >= 6
    strange = [code for kind, code in copied if flush(code) not in flush(SOURCES[kind])]
    assert strange == []


def test_every_command_is_a_script_of_the_example() -> None:
    scripts = json.loads((EXAMPLE / "package.json").read_text("utf-8"))["scripts"]
    asked = re.findall(r"npm (?:run )?(\w+)", PAGE)
    assert len(asked) >= 4
    assert set(asked) - {"install"} <= scripts.keys()


def test_the_versions_of_the_example_are_pinned() -> None:
    package = json.loads((EXAMPLE / "package.json").read_text("utf-8"))
    versions = package["devDependencies"].values()
    assert [one for one in versions if not re.fullmatch(r"\d+\.\d+\.\d+", one)] == []
    assert not (EXAMPLE / "package-lock.json").exists()


@pytest.mark.parametrize(
    "operation", [print_ast(one) for one in parse(OPERATIONS).definitions], ids=lambda one: one[:24]
)
def test_production_takes_the_documents_of_the_example(operation: str) -> None:
    documents = DocumentCache(GRAPHQL_SCHEMA, introspection=False, suggestions=False)
    prepared = documents.prepare(operation)
    assert isinstance(prepared, PreparedOperation), prepared.errors


def test_the_map_of_scalars_has_those_of_the_schema_and_no_other() -> None:
    own = {
        name
        for name, kind in GRAPHQL_SCHEMA.type_map.items()
        if isinstance(kind, GraphQLScalarType) and not is_specified_scalar_type(kind)
    }
    assert json.loads(SOURCES["json"]).keys() == own
    assert set(re.findall(r"^\| `(\w+)` \| ", PAGE, re.MULTILINE)) == own


def test_the_limits_on_the_page_are_those_of_the_service() -> None:
    limits = DocumentLimits()
    assert limits.aliases == limits.fragments == limits.operations
    for row in (
        f"| a document | {limits.document_bytes:,} bytes, {limits.tokens:,} tokens |",
        f"| nested fields | {limits.depth} |",
        f"| fields, once fragments are spread | {limits.fields:,} |",
        f"| aliases, fragments, operations | {limits.aliases} of each |",
        f"| directives | {limits.directives} |",
        f"| estimated values of an answer | {limits.cost:,} |",
        f"| a body | {MAX_BODY_BYTES:,} bytes |",
    ):
        assert row in PAGE


def test_every_link_leads_somewhere() -> None:
    assert len(LINKS) > 8
    for path, heading in LINKS:
        target = DOCS / path
        assert target.exists(), path
        if heading:
            headings = re.findall(r"^#+ (.*)$", target.read_text("utf-8"), re.MULTILINE)
            anchors = {re.sub(r"[^\w -]", "", one.lower()).replace(" ", "-") for one in headings}
            assert heading in anchors, f"{path}#{heading}"


def test_the_mark_of_a_deprecation_on_the_page_is_one_that_passes() -> None:
    (reason,) = re.findall(r'@deprecated\(reason: "([^"]*)"\)', PAGE)
    assert last_day(reason) is not None

"""Runs a document with and without compiled completion and compares what they give."""

from typing import Any

import orjson
from graphql import ExecutionResult, GraphQLSchema

from graphql_api.engine.completion import run_document
from graphql_api.engine.document_limits import DocumentLimits
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from tests.graphql_api.engine import toy

LOOSE = DocumentLimits(aliases=500, directives=500, depth=40, tokens=10_000, comparisons=100_000)
DOCUMENTS = toy.documents(LOOSE, introspection=True)


def prepare(document: str, documents: DocumentCache = DOCUMENTS) -> PreparedOperation:
    prepared = documents.prepare(document)
    assert isinstance(prepared, PreparedOperation), prepared.errors
    return prepared


def seen(result: ExecutionResult) -> tuple[bytes, list[Any]]:
    return orjson.dumps(result.data), [error.formatted for error in result.errors or ()]


def check_same(
    prepared: PreparedOperation,
    variables: dict[str, Any] | None = None,
    schema: GraphQLSchema = toy.GRAPHQL_SCHEMA,
) -> tuple[bytes, list[Any]]:
    """What both ways of completing give, which must be the same on every run."""
    expected = seen(run_document(schema, prepared, variables, "me", compiled=False))
    for _ in range(3):
        assert seen(run_document(schema, prepared, variables, "me")) == expected
    return expected

"""The schema, and how one operation is run on it: one thread, one connection, one transaction."""

from dataclasses import replace
from functools import cache
from typing import Any

import orjson
import strawberry
from graphql import ExecutionResult, GraphQLSchema, print_ast
from peewee import InterfaceError, OperationalError
from starlette.requests import HTTPConnection
from strawberry.printer import print_schema

from graphql_api.callers import access_log
from graphql_api.callers.authorization import guard_root_fields
from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.callers.request_context import RequestContext
from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import PreparedOperation
from graphql_api.engine.encoding import EncodedResponse, encode, encode_refusal
from graphql_api.mutations import Mutation
from graphql_api.operations import idempotency
from graphql_api.operations.service import Service
from graphql_api.queries import Query
from graphql_api.storage.actors import Machine, PrintJob
from graphql_api.storage.booklet_repository import lock_person
from graphql_api.storage.operation import digest
from graphql_api.storage.people import person_of
from graphql_api.storage.store import StoreUnavailableError
from schema.entries.inputs import ENTRY_KINDS

SCHEMA = strawberry.Schema(Query, Mutation, types=[kind.entry_type for kind in ENTRY_KINDS])
GRAPHQL_SCHEMA: GraphQLSchema = SCHEMA._schema  # Strawberry offers no public name for it
guard_root_fields(GRAPHQL_SCHEMA)


@cache
def sdl() -> str:
    """The schema as it is committed and served."""
    return print_schema(SCHEMA) + "\n"


def execute(
    service: Service,
    prepared: PreparedOperation,
    variables: dict[str, Any] | None,
    connection: HTTPConnection,
) -> EncodedResponse:
    """Run an operation for whoever calls; the answer, as bytes.

    The answer is made after the commit. Raises `StoreUnavailableError`, when nothing was written.
    """
    try:
        context = service.request_context(connection)
    except InvalidTokenError:
        return encode_refusal(
            401,
            "INVALID_TOKEN",
            "This access token is not accepted.",
            www_authenticate='Bearer error="invalid_token"',
        )
    try:
        result = _run(service, context, prepared, variables)
    except _RollbackError as undone:
        result = undone.result
    service.finish(context)
    answer = encode(result)
    return replace(answer, headers=(*answer.headers, *context.headers.items()))


def _run(
    service: Service,
    context: RequestContext,
    prepared: PreparedOperation,
    variables: dict[str, Any] | None,
) -> ExecutionResult:
    op = context.op
    if prepared.kind == "query" and isinstance(op.actor, PrintJob | Machine):
        with service.store.writing():
            if isinstance(op.actor, PrintJob):
                access_log.lock_booklet(op, op.actor.booklet)
            result = _unless_store_failed(run_document(GRAPHQL_SCHEMA, prepared, variables, op))
            access_log.flush(op)
            return result
    if prepared.kind == "query":
        with context.reading():
            return _unless_store_failed(run_document(GRAPHQL_SCHEMA, prepared, variables, op))
    op.request_hash = _request_hash(prepared, variables)
    with op.after_commit, context.writing():
        if (person := person_of(op)) is not None:
            lock_person(op, person)
        result = _unless_store_failed(run_document(GRAPHQL_SCHEMA, prepared, variables, op))
        if op.cached_answer is not None:
            return ExecutionResult(data=op.cached_answer, errors=None)
        if result.errors:
            raise _RollbackError(result)
        idempotency.store_answer(op, result.data)
        return result


class _RollbackError(Exception):
    def __init__(self, result: ExecutionResult) -> None:
        super().__init__("rolled back")
        self.result = result


def _unless_store_failed(result: ExecutionResult) -> ExecutionResult:
    """The result, unless a store failed under it: then the failure itself, for a 503."""
    for error in result.errors or ():
        cause = error.original_error
        if isinstance(cause, StoreUnavailableError | OperationalError | InterfaceError):
            raise cause
    return result


def _request_hash(prepared: PreparedOperation, variables: dict[str, Any] | None) -> str:
    """What makes two requests the same: the document with its fragments, the operation, the variables.

    Variables that the operation does not declare do not count: GraphQL ignores them.
    """
    declared = {node.variable.name.value for node in prepared.operation.variable_definitions or ()}
    used = {name: value for name, value in (variables or {}).items() if name in declared}
    try:
        written = orjson.dumps(used, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # nested deeper than any input: they will be refused, so that nothing is kept
        written = ""
    return digest(f"{print_ast(prepared.document)}|{prepared.name}|{written}")

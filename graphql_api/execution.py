"""Running one operation on the schema: one thread, one connection a store, one transaction."""

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import orjson
from graphql import ExecutionResult, print_ast
from starlette.requests import HTTPConnection

from graphql_api.booklets.needed_lists import needed_lists
from graphql_api.booklets.needed_sections import needed_sections
from graphql_api.booklets.one_statement import needs_one_statement
from graphql_api.booklets.unchanged import content_tag
from graphql_api.callers import access_log
from graphql_api.callers.credentials import InvalidTokenError
from graphql_api.callers.request_context import RequestContext
from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import PreparedOperation
from graphql_api.engine.encoding import (
    EncodedResponse,
    encode,
    encode_refusal,
    encode_too_much,
)
from graphql_api.engine.endpoint import Spend
from graphql_api.engine.http_request import names_tag
from graphql_api.engine.workers import UnavailableError
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.operations import idempotency
from graphql_api.operations.service import Service
from graphql_api.storage.actors import Agent, PrintJob
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.outages import is_outage
from graphql_api.storage.transactions import DATABASE_ERRORS
from graphql_api.summaries import summaries
from schema.sharing.access_record import AccessOutcome

_READINGS = 10
_STORE_ERRORS = (UnavailableError, *DATABASE_ERRORS)


def execute(
    service: Service,
    prepared: PreparedOperation,
    variables: dict[str, Any] | None,
    connection: HTTPConnection,
    *,
    is_trial: bool = False,
) -> EncodedResponse:
    """Run an operation for the caller of a request, and encode its result after the commit.

    A trial tells what a mutation would answer, and undoes what it wrote. Raises
    `UnavailableError`; nothing was written then.
    """

    def run(context: RequestContext) -> EncodedResponse:
        _expect_parts(context.op, prepared)
        try:
            return encode(_run(context, prepared, variables, is_trial=is_trial))
        except _RollbackError as rollback:
            return encode(rollback.result)

    return _for_caller(service, connection, run)


def execute_if_changed(
    service: Service,
    spend: Spend,
    prepared: PreparedOperation,
    document: str,
    connection: HTTPConnection,
) -> EncodedResponse:
    """Run a query of the caller's content, unless the request names the tag of its present answer.

    `document` is the hash of the query. Only what is run is counted by `spend`. Raises
    `UnavailableError`.
    """

    def run(context: RequestContext) -> EncodedResponse:
        _expect_parts(context.op, prepared)
        if context.secret is None and "if-none-match" in connection.headers:
            # A token says who calls, so that one statement tells, without a transaction.
            tag = content_tag(context.op, document)
            if tag is not None and names_tag(connection.headers, tag):
                return _unchanged(tag)
        with context.reading():
            tag = content_tag(context.op, document)
            if tag is not None and names_tag(connection.headers, tag):
                return _unchanged(tag)
            if wait := spend(connection, prepared.cost):
                return encode_too_much(wait)
            result = _result(prepared, None, context.op)
        answer = encode(_unless_store_failed(result))
        if tag is None or result.errors or context.op.damaged:
            return answer  # what was set aside may be restored, under the same version
        return replace(answer, headers=(("etag", tag),))

    return _for_caller(service, connection, run)


def _expect_parts(op: Operation, prepared: PreparedOperation) -> None:
    """Say which sections and lists an operation will ask for; a mutation may do without."""
    op.prefetch = needed_sections(GRAPHQL_SCHEMA, prepared)
    op.lists.foreseen = needed_lists(GRAPHQL_SCHEMA, prepared)
    if prepared.kind == "query":
        op.with_row = op.prefetch
        op.lists.expect()


def _unchanged(tag: str) -> EncodedResponse:
    return EncodedResponse(304, b"", (("etag", tag),))


def _for_caller(
    service: Service,
    connection: HTTPConnection,
    run: Callable[[RequestContext], EncodedResponse],
) -> EncodedResponse:
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
        answer = run(context)
    finally:
        context.op.forget_content()
    service.finish(context)
    headers = context.headers
    return replace(answer, headers=(*answer.headers, *headers.items())) if headers else answer


def _run(
    context: RequestContext,
    prepared: PreparedOperation,
    variables: dict[str, Any] | None,
    *,
    is_trial: bool,
) -> ExecutionResult:
    op = context.op
    if prepared.kind == "query":
        return _read(context, prepared, variables)
    op.request_hash = partial(_request_hash, prepared, variables)
    op.after_commit.push(op.note_written_heads)
    with op.after_commit, context.writing():
        result = _unless_store_failed(_result(prepared, variables, op))
        if op.cached_answer is not None:
            return ExecutionResult(data=op.cached_answer, errors=None)
        if result.errors or is_trial:
            raise _RollbackError(result)
        idempotency.store_answer(op, result.data)
        return result


def _read(
    context: RequestContext, prepared: PreparedOperation, variables: dict[str, Any] | None
) -> ExecutionResult:
    """Run a query in a read transaction, which holds up nobody, and confirm what others read.

    Where a token says who calls, a query that one statement answers needs no transaction.

    Raises `UnavailableError` when owners change their mind again and again meanwhile.
    """
    op = context.op
    if (
        context.secret is None
        and isinstance(op.actor, Agent)
        and needs_one_statement(GRAPHQL_SCHEMA, prepared)
    ):
        return _unless_store_failed(_result(prepared, variables, op))
    for _ in range(_READINGS):
        with context.reading():
            result = _unless_store_failed(_result(prepared, variables, op))
        if _confirmed(op):
            return result
        op.accesses.clear()
        op.summaries_read.clear()
    raise UnavailableError("read again and again")


def _confirmed(op: Operation) -> bool:
    """Whether what others than the owner read may still be told, now that it is logged for them.

    The accesses that need no look at the booklet are logged by `Service.finish`.
    """
    has_printed = isinstance(op.actor, PrintJob) and any(
        one.outcome == AccessOutcome.READ.name for one in op.accesses
    )
    if not has_printed and not op.summaries_read:
        return True
    with op.store.writing():
        if isinstance(op.actor, PrintJob) and not access_log.lock_booklet(op, op.actor.booklet):
            return False
        if not summaries.confirm(op):
            return False
        access_log.flush(op)
    return True


def _result(
    prepared: PreparedOperation, variables: dict[str, Any] | None, op: Operation
) -> ExecutionResult:
    return run_document(GRAPHQL_SCHEMA, prepared, variables, op, final=_STORE_ERRORS)


class _RollbackError(Exception):
    """Carries a result with errors, or that of a trial, out of the transaction that it rolls back."""

    def __init__(self, result: ExecutionResult) -> None:
        super().__init__("rolled back")
        self.result = result


def _unless_store_failed(result: ExecutionResult) -> ExecutionResult:
    """Return the result, or raise the failure of a store that is among its errors, for a 503."""
    for error in result.errors or ():
        cause = error.original_error
        if cause is not None and (isinstance(cause, UnavailableError) or is_outage(cause)):
            raise cause
    return result


def _request_hash(prepared: PreparedOperation, variables: dict[str, Any] | None) -> str:
    """The hash by which two requests are the same: document, operation name, variables.

    Variables that the operation does not declare do not count: GraphQL ignores them.
    """
    declared = {node.variable.name.value for node in prepared.operation.variable_definitions or ()}
    used = {name: value for name, value in (variables or {}).items() if name in declared}
    try:
        written = orjson.dumps(used, option=orjson.OPT_SORT_KEYS).decode()
    except TypeError:  # nested deeper than any input: they are refused, and no answer is stored
        written = ""
    printed = prepared.memo.get("printed")
    if printed is None:
        printed = prepared.memo["printed"] = print_ast(prepared.document)
    return digest(f"{printed}|{prepared.name}|{written}")

"""Runs the root fields of a document that says the same each time, without graphql-core's executor.

A query without variables asks its root fields for the same arguments each time, and what is selected
of them is completed by the same functions. So the executor is made only when something is not as
usual: a resolver that raises, a null, a value that its function does not complete. It goes on then
from that very field, whose resolver is not called again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Any, cast

from graphql import (
    ExecutionResult,
    GraphQLError,
    GraphQLFieldResolver,
    GraphQLObjectType,
    GraphQLOutputType,
    OperationType,
    get_nullable_type,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList, collect_fields
from graphql.execution.values import get_argument_values
from graphql.pyutils import Path

from graphql_api.engine.compiler import Complete

MAX_MISSES = 20  # in a row, after which a function that only raises is dropped
_CONSTANT = (str, int, float, bool, Enum, type(None))


class CompiledCompletion:
    """A compiled function, and how often in a row it raised."""

    __slots__ = ("complete", "misses")

    def __init__(self, complete: Complete) -> None:
        self.complete = complete
        self.misses = 0


FunctionOf = Callable[[GraphQLOutputType, FieldDetailsList], CompiledCompletion | None]


@dataclass(frozen=True, slots=True)
class RootField:
    """A root field with all that is the same each time; `info` lacks the context."""

    name: str  # in the answer
    path: Path
    resolve: GraphQLFieldResolver
    arguments: dict[str, Any]
    info: Any
    parent: GraphQLObjectType
    selected: FieldDetailsList
    type: GraphQLOutputType
    is_nullable: bool
    function: CompiledCompletion


RootFields = tuple[RootField, ...]


def constant_root_fields(executor: Executor[Any], function_of: FunctionOf) -> RootFields | None:
    """The root fields of the operation of an executor that has no context, nor variables.

    None when they are not the same each time, or graphql-core completes one of them. `function_of`
    gives the compiled function for what is selected of a value.
    """
    operation, schema = executor.operation, executor.schema
    kind = schema.query_type
    if (
        kind is None
        or operation.operation is not OperationType.QUERY
        or operation.variable_definitions
        or operation.directives
    ):
        return None
    collected = collect_fields(
        schema, executor.fragments, executor.variable_values, kind, operation, hide_suggestions=True
    )
    found = []
    for name, selected in collected.grouped_field_set.items():
        made = _root_field(executor, kind, name, selected, function_of)
        if made is None:
            return None
        found.append(made)
    return tuple(found)


def _root_field(
    executor: Executor[Any],
    kind: GraphQLObjectType,
    name: str,
    selected: FieldDetailsList,
    function_of: FunctionOf,
) -> RootField | None:
    node = selected[0].node
    definition = executor.schema.get_field(kind, node.name.value)
    if definition is None or definition.resolve is None:
        return None
    nullable = cast(GraphQLOutputType, get_nullable_type(definition.type))
    function = function_of(nullable, selected)
    try:
        arguments = get_argument_values(definition, node, executor.variable_values)
    except GraphQLError:
        return None
    if function is None or not all(isinstance(one, _CONSTANT) for one in arguments.values()):
        return None
    path = Path(None, name, kind.name)
    nodes = [details.node for details in selected]
    info: Any = executor.build_resolve_info(definition, nodes, kind, path)
    info = info._replace(async_helpers=None)  # they hold the executor; no resolver is asynchronous
    return RootField(
        name=name,
        path=path,
        resolve=definition.resolve,
        arguments=arguments,
        info=info,
        parent=kind,
        selected=selected,
        type=definition.type,
        is_nullable=nullable is definition.type,
        function=function,
    )


def run_root_fields(
    fields: RootFields,
    context: Any,
    final: tuple[type[Exception], ...],
    build: Callable[[], Executor[Any]],
) -> ExecutionResult:
    """Run root fields for a context; `build` makes the executor that goes on where they fail.

    After a `final` exception nothing is completed a second time.
    """
    data: dict[str, Any] = {}
    for field in fields:
        value, error = None, None
        try:
            value = field.resolve(None, field.info._replace(context=context), **field.arguments)
            if value is None and field.is_nullable:
                data[field.name] = None
                continue
            if value is not None and field.function.misses <= MAX_MISSES:
                data[field.name] = field.function.complete(value)
                field.function.misses = 0
                continue
        except Exception as raised:  # noqa: BLE001 - the executor tells of it
            if value is None or isinstance(raised, final):
                error = raised
        executor = build()
        try:
            return _finish(executor, fields[len(data) :], data, value, error)
        finally:
            vars(executor).clear()  # it refers to itself
            del error
    return ExecutionResult(data, None)


def _finish(
    executor: Executor[Any],
    left: RootFields,
    data: dict[str, Any],
    value: Any,
    error: Exception | None,
) -> ExecutionResult:
    """Go on with the first of the fields that are left, which gave a value or raised an error."""
    first, *others = left
    try:
        try:
            if error is not None:
                raise error
            executor.is_awaitable(value)  # which refuses what is
            info = first.info._replace(context=executor.context_value)
            data[first.name] = executor.complete_value(
                first.type, first.selected, info, first.path, value, None
            )
        except Exception as raised:  # noqa: BLE001 - as the executor's own fields do
            executor.handle_field_error(raised, first.type, first.selected, first.path)
            data[first.name] = None
        for field in others:
            data[field.name] = executor.execute_field(
                field.parent, None, field.selected, field.path, None
            )
    except GraphQLError as unanswered:
        executor.collected_errors.add(unanswered, None)
        return cast(ExecutionResult, executor.build_response(None))
    finally:
        del error  # whose traceback holds this frame
    return cast(ExecutionResult, executor.build_response(data))

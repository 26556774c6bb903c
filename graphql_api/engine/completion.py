"""Runs prepared operations with graphql-core, completing plain selections by compiled functions.

Most of the time of a large answer goes into completing its values one by one. Where everything
that is selected of a value is plain (see `compiler`), one generated function completes it whole;
where that function raises, graphql-core completes the value as it always does. So errors, their
paths and the propagation of nulls are graphql-core's own. Decision 0008 says what this gains.
"""

from functools import partial
from inspect import iscoroutine
from typing import Any, cast

from graphql import (
    DirectiveNode,
    DocumentNode,
    ExecutionResult,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLResolveInfo,
    GraphQLSchema,
    VariableNode,
    Visitor,
    visit,
)
from graphql.execution import Executor
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Path
from strawberry.execution import optimized_is_awaitable
from strawberry.schema.schema import StrawberryGraphQLCoreExecutionContext

from graphql_api.engine.compiler import NotCompilableError, compile_completion
from graphql_api.engine.documents import PreparedOperation
from graphql_api.engine.root_fields import (
    MAX_MISSES,
    CompiledCompletion,
    RootFields,
    constant_root_fields,
    run_root_fields,
)

_COMPILE_FROM_RUN = 2  # a document that comes once is not worth compiling
_MAX_VARIANTS = 16  # of one document, by the variables of its directives
_MAX_FIELDS = 4_000  # in one compiled function
_SPARE_FIELDS = 200  # in all functions of a document, on top of one a character of its text
_COERCION_ERRORS = 10


def run_document(
    schema: GraphQLSchema,
    prepared: PreparedOperation,
    variables: dict[str, Any] | None,
    context: Any,
    *,
    suggestions: bool = False,
    compiled: bool = True,
    final: tuple[type[Exception], ...] = (),
) -> ExecutionResult:
    """Run an operation to its end in this thread, and return its result.

    `context` is what resolvers read as `info.context`. `suggestions` lets errors propose names of
    the schema. Without `compiled` graphql-core does everything: the result is the same. After a
    `final` exception graphql-core does not try again: a database that failed would be asked twice,
    and say something else. A field whose resolver is asynchronous fails: there is no event loop in
    this thread.
    """
    cache = _cache_of(prepared) if compiled else None

    def build(context: Any) -> Any:  # an executor or, as graphql-core has it, a list of errors
        return CompilingExecutor.build(
            schema,
            prepared.document,
            None,
            context,
            variables,
            prepared.name,
            max_coercion_errors=_COERCION_ERRORS,
            is_awaitable=cast(Any, _refuse_awaitable),
            is_async_iterable=cast(Any, _never),
            hide_suggestions=not suggestions,
            cache=cache,
            final=final,
        )

    if cache is not None and (fields := cache.root_fields.get(prepared.name)) is not None:
        return run_root_fields(fields, context, final, partial(build, context))
    executor = build(context)
    if isinstance(executor, list):
        return ExecutionResult(None, executor)
    try:
        result = cast(ExecutionResult, executor.execute_operation())
    finally:
        # It refers to itself: what it holds would stay until the garbage collector comes.
        vars(executor).clear()
    if cache is not None and cache.has_compiled and prepared.name not in cache.root_fields:
        of_nobody = build(None)
        cache.root_fields[prepared.name] = of_nobody.constant_root_fields()
        vars(of_nobody).clear()
    return result


CompiledCompletions = dict[tuple[GraphQLOutputType, object], CompiledCompletion | None]


class _CompilationCache:
    """The functions compiled for one document; they live as long as it stays in the cache.

    `fields` is how many more may be compiled: the memory for compiled functions is bounded by the
    text of the documents that are kept.
    """

    def __init__(self, document: DocumentNode) -> None:
        self.fields = _SPARE_FIELDS + (document.loc.end if document.loc else 0)
        self._document = document
        self._switches: tuple[str, ...] | None = None
        self._variants: dict[tuple[object, ...], CompiledCompletions] = {}
        self._runs = 0
        self.root_fields: dict[str | None, RootFields | None] = {}  # by operation

    @property
    def has_compiled(self) -> bool:
        """Whether a run has used compiled functions."""
        return bool(self._variants)

    def functions(self, variables: dict[str, Any]) -> CompiledCompletions | None:
        """The compiled functions for these variables, or None if this run may use none."""
        self._runs += 1
        if self._runs < _COMPILE_FROM_RUN:
            return None
        if self._switches is None:
            self._switches = _variables_in_directives(self._document)
        variant = tuple(variables.get(name) for name in self._switches)
        functions = self._variants.get(variant)
        if functions is None and len(self._variants) < _MAX_VARIANTS:
            functions = self._variants.setdefault(variant, {})
        return functions


def _cache_of(prepared: PreparedOperation) -> _CompilationCache:
    cache: _CompilationCache | None = prepared.compiled.get("cache")
    return cache or prepared.compiled.setdefault("cache", _CompilationCache(prepared.document))


def _variables_in_directives(document: DocumentNode) -> tuple[str, ...]:
    names: set[str] = set()

    class Directives(Visitor):
        @staticmethod
        def enter_directive(node: DirectiveNode, *_: object) -> None:
            names.update(
                argument.value.name.value
                for argument in node.arguments or ()
                if isinstance(argument.value, VariableNode)
            )

    visit(document, Directives())
    return tuple(sorted(names))


def _refuse_awaitable(value: object) -> bool:
    if optimized_is_awaitable(value):
        if iscoroutine(value):
            value.close()
        raise TypeError("a resolver is asynchronous")
    return False


def _never(_: object) -> bool:
    return False


class CompilingExecutor(Executor[Any]):
    """graphql-core's executor, with the info object that Strawberry's resolvers expect."""

    operation_extensions: dict[str, Any] | None = None

    def __init__(
        self,
        *args: Any,
        cache: _CompilationCache | None = None,
        final: tuple[type[Exception], ...] = (),
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._cache = cache
        self._final = final
        self._compiled = cache.functions(self.variable_values.coerced) if cache else None

    build_resolve_info = StrawberryGraphQLCoreExecutionContext.build_resolve_info

    def complete_value(
        self,
        return_type: GraphQLOutputType,
        field_details_list: FieldDetailsList,
        info: GraphQLResolveInfo[Any],
        path: Path,
        result: Any,
        position_context: Any,
    ) -> Any:
        """Complete a value by its compiled function, or as graphql-core does where that raises."""
        # A non-null type comes here twice: as such, and then as what it wraps.
        if (
            self._compiled is not None
            and result is not None
            and return_type.__class__ is not GraphQLNonNull
        ):
            function = self._function(self._compiled, return_type, field_details_list)
            if function is not None:
                try:
                    completed = function.complete(result)
                except self._final:
                    raise
                except Exception:  # noqa: BLE001 - whatever it was, the executor meets it again
                    function.misses += 1
                else:
                    function.misses = 0
                    return completed
        return super().complete_value(
            return_type, field_details_list, info, path, result, position_context
        )

    def _function(
        self,
        functions: CompiledCompletions,
        return_type: GraphQLOutputType,
        selected: FieldDetailsList,
    ) -> CompiledCompletion | None:
        # The nodes live as long as the functions: both belong to the prepared document.
        nodes: object = id(selected[0].node)
        if len(selected) > 1:
            nodes = tuple(id(details.node) for details in selected)
        key = (return_type, nodes)
        try:
            function = functions[key]
        except KeyError:
            function = functions[key] = self._compile(return_type, selected)
        if function is not None and function.misses > MAX_MISSES:
            function = functions[key] = None
        return function

    def constant_root_fields(self) -> RootFields | None:
        """The root fields of its operation, if they are the same each time."""
        if self._compiled is None:
            return None
        return constant_root_fields(self, partial(self._function, self._compiled))

    def _compile(
        self, return_type: GraphQLOutputType, selected: FieldDetailsList
    ) -> CompiledCompletion | None:
        if not selected[0].node.selection_set or self._cache is None:
            return None
        most_fields = min(_MAX_FIELDS, self._cache.fields)
        try:
            complete, fields = compile_completion(
                self.schema, return_type, selected, self._collect, most_fields
            )
        except NotCompilableError:
            return None
        self._cache.fields -= fields
        return CompiledCompletion(complete)

    def _collect(self, kind: GraphQLObjectType, selected: FieldDetailsList) -> GroupedFieldSet:
        return self.collect_subfields(kind, selected).grouped_field_set

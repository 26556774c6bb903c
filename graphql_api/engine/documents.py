"""Documents made ready to run: parsed, limited, validated, and kept in one bounded cache.

The cache is keyed by the text of the document, so that a text that is asked for again costs one
look-up. What `completion` compiles is kept on the document's `PreparedOperation` and dies with it.
"""

import re
from collections import OrderedDict
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Literal

from graphql import (
    ASTValidationRule,
    DocumentNode,
    GraphQLError,
    GraphQLSchema,
    GraphQLSyntaxError,
    OperationDefinitionNode,
    OperationType,
    OverlappingFieldsCanBeMergedRule,
    parse,
    specified_rules,
    validate,
)
from graphql.validation import ValidationContext
from strawberry.schema.validation_rules.maybe_null import MaybeNullValidationRule
from strawberry.schema.validation_rules.one_of import OneOfInputValidationRule

from graphql_api.engine.document_limits import (
    Complexity,
    DocumentLimits,
    LimitExceededError,
    compute_complexity,
    too_many_overlaps,
)

# A NUL can be written in a document as an escape; PostgreSQL cannot store it in a text.
_NUL_ESCAPE = re.compile(r"\\u(?:0000|\{0+\})")


@dataclass(frozen=True, slots=True, eq=False)
class PreparedOperation:
    """One operation of a valid document. `cost` is the estimate that `DocumentLimits` describes.

    `compiled` belongs to `completion`: what it compiled for all operations of the document. `memo`
    keeps what else is computed of the operation alone, by name.
    """

    document: DocumentNode
    operation: OperationDefinitionNode
    kind: Literal["query", "mutation"]
    name: str | None
    cost: int
    compiled: dict[str, Any] = field(default_factory=dict, repr=False)
    memo: dict[str, Any] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class RejectedDocument:
    """The errors of a document that cannot run, with a code each, and the HTTP status."""

    errors: tuple[GraphQLError, ...]
    status: int = 400


@dataclass(frozen=True, slots=True)
class _Document:
    operations: dict[str | None, PreparedOperation]
    size: int


class DocumentCache:
    """The prepared documents of one schema; safe to share between threads.

    `introspection` and `suggestions` are for developers' machines. The cache holds at most
    `capacity` documents and `capacity_bytes` of text (a parsed document takes 60 to 280 times
    the bytes of its text); the least recently used leave first. Rejected documents are not kept: a
    caller who sends rubbish must not push out what others use.
    """

    def __init__(
        self,
        schema: GraphQLSchema,
        *,
        limits: DocumentLimits | None = None,
        introspection: bool = False,
        suggestions: bool = False,
        capacity: int = 500,
        capacity_bytes: int = 400_000,
    ) -> None:
        self._schema = schema
        self._limits = limits or DocumentLimits()
        self._introspection = introspection
        self._suggestions = suggestions
        self._capacity = capacity
        self._capacity_bytes = capacity_bytes
        self._cached: OrderedDict[str, _Document] = OrderedDict()
        self._bytes = 0
        self._lock = Lock()
        self._rules = _rules(self._limits)

    def prepare(
        self, text: str, operation_name: str | None = None
    ) -> PreparedOperation | RejectedDocument:
        """Prepare the operation of that name in the document, or say why it cannot run.

        Without a name, the document must hold exactly one operation. Never raises for what a
        caller can send.
        """
        document = self._found(text)
        if document is None:
            try:
                document = self._read(text)
            except _RejectedDocumentError as refusal:
                return RejectedDocument(refusal.errors)
            self._keep(text, document)
        return _select(document, operation_name)

    def prepared(
        self, text: str, operation_name: str | None = None
    ) -> PreparedOperation | RejectedDocument | None:
        """As `prepare`, at once; None for a document that is not in the cache."""
        document = self._found(text)
        return None if document is None else _select(document, operation_name)

    def __len__(self) -> int:
        return len(self._cached)

    def _found(self, text: str) -> _Document | None:
        with self._lock:
            document = self._cached.get(text)
            if document is not None:
                self._cached.move_to_end(text)
            return document

    def _keep(self, text: str, document: _Document) -> None:
        with self._lock:
            if text in self._cached or document.size > self._capacity_bytes:
                return
            self._cached[text] = document
            self._bytes += document.size
            while len(self._cached) > self._capacity or self._bytes > self._capacity_bytes:
                _, left = self._cached.popitem(last=False)
                self._bytes -= left.size

    def _read(self, text: str) -> _Document:
        size = len(text.encode())
        if size > self._limits.document_bytes:
            raise _RejectedDocumentError.because(
                "DOCUMENT_TOO_LONG",
                f"A document may be at most {self._limits.document_bytes} bytes long.",
            )
        if _NUL_ESCAPE.search(text):
            raise _RejectedDocumentError.because(
                "PARSE_FAILED", "A document may not hold NUL characters."
            )
        document = self._parse(text)
        try:
            complexities = compute_complexity(
                self._schema, document, self._limits, introspection=self._introspection
            )
        except LimitExceededError as exceeded:
            raise _RejectedDocumentError.because(exceeded.code, exceeded.message) from None
        self._validate(document)
        return _Document(
            {prepared.name: prepared for prepared in _prepare_all(document, complexities)}, size
        )

    def _parse(self, text: str) -> DocumentNode:
        try:
            return parse(text, max_lexical_tokens=self._limits.tokens)
        except GraphQLSyntaxError as error:
            if error.description.endswith("tokens. Parsing aborted."):
                raise _RejectedDocumentError.because(
                    "TOO_MANY_TOKENS",
                    f"A document may hold at most {self._limits.tokens} tokens.",
                ) from None
            raise _RejectedDocumentError((_with_code(error, "PARSE_FAILED"),)) from None

    def _validate(self, document: DocumentNode) -> None:
        errors = validate(
            self._schema,
            document,
            self._rules,
            max_errors=self._limits.errors,
            hide_suggestions=not self._suggestions,
        )
        if errors and errors[-1].message == "Validation aborted.":
            refusal = too_many_overlaps()
            raise _RejectedDocumentError.because(refusal.code, refusal.message)
        if errors:
            raise _RejectedDocumentError(
                tuple(_with_code(error, "VALIDATION_FAILED") for error in errors)
            )


class _RejectedDocumentError(Exception):
    def __init__(self, errors: tuple[GraphQLError, ...]) -> None:
        super().__init__()
        self.errors = errors

    @classmethod
    def because(cls, code: str, message: str) -> "_RejectedDocumentError":
        return cls((GraphQLError(message, extensions={"code": code}),))


def _with_code(error: GraphQLError, code: str) -> GraphQLError:
    error.extensions = {**(error.extensions or {}), "code": code}
    return error


def _rules(limits: DocumentLimits) -> tuple[type[ASTValidationRule], ...]:
    """The rules of the specification and of Strawberry, with a bound on the quadratic one."""

    class BoundedOverlappingFields(OverlappingFieldsCanBeMergedRule):
        def __init__(self, context: ValidationContext) -> None:
            super().__init__(context)
            # One comparison of two fields costs two units of graphql-core's budget.
            self.rule_context.remaining_complexity_budget = 2 * limits.comparisons

    return (
        *(
            BoundedOverlappingFields if rule is OverlappingFieldsCanBeMergedRule else rule
            for rule in specified_rules
        ),
        MaybeNullValidationRule,
        OneOfInputValidationRule,
    )


def _prepare_all(
    document: DocumentNode, complexities: list[tuple[OperationDefinitionNode, Complexity]]
) -> list[PreparedOperation]:
    prepared = []
    compiled: dict[str, Any] = {}
    for operation, complexity in complexities:
        if operation.operation is OperationType.SUBSCRIPTION:
            raise _RejectedDocumentError.because(
                "SUBSCRIPTIONS_NOT_SERVED", "This service serves queries and mutations only."
            )
        if operation.operation is OperationType.MUTATION and complexity.breadth != 1:
            raise _RejectedDocumentError.because(
                "ONE_MUTATION_FIELD",
                "A mutation must select exactly one root field, fragments included.",
            )
        name = operation.name.value if operation.name else None
        kind = operation.operation.value
        prepared.append(
            PreparedOperation(document, operation, kind, name, complexity.cost, compiled)
        )
    return prepared


def _select(
    document: _Document, operation_name: str | None
) -> PreparedOperation | RejectedDocument:
    operations = document.operations
    if operation_name is None:
        if len(operations) == 1:
            return next(iter(operations.values()))
        message = "operationName must be given when a document holds several operations."
    elif operation_name in operations:
        return operations[operation_name]
    else:
        message = "The document has no operation of the name given in operationName."
    return RejectedDocument((GraphQLError(message, extensions={"code": "OPERATION_NOT_FOUND"}),))

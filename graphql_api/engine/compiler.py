"""Compiles plain selections to Python functions that complete a value as graphql-core would.

A selection is plain when every field in it is an attribute, or a synchronous method of its object
without extensions (permission classes are extensions) to which the document gives no argument. Anything else that such a
function meets (a null where there may be none, an object of another class, something awaitable, any
exception) makes it raise, and the ordinary executor completes that value instead.

The source holds names only, each checked to be a GraphQL name or a Python identifier. Classes,
methods and serialisers reach it as globals of its own namespace.
"""

import re
from collections.abc import Callable
from enum import Enum
from inspect import iscoroutine
from keyword import iskeyword
from math import isfinite
from types import FunctionType, GeneratorType
from typing import Any, NoReturn

import orjson
from graphql import (
    GraphQLBoolean,
    GraphQLEnumType,
    GraphQLField,
    GraphQLFloat,
    GraphQLID,
    GraphQLInt,
    GraphQLInterfaceType,
    GraphQLLeafType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLOutputType,
    GraphQLSchema,
    GraphQLString,
    GraphQLUnionType,
    get_nullable_type,
    is_leaf_type,
)
from graphql.execution.collect_fields import FieldDetailsList, GroupedFieldSet
from graphql.pyutils import Undefined
from strawberry.execution import optimized_is_awaitable
from strawberry.types.base import StrawberryObjectDefinition
from strawberry.types.cast import TYPE_CAST_ATTRIBUTE
from strawberry.types.field import StrawberryField
from strawberry.types.fields.resolver import StrawberryResolver

from graphql_api.engine.ready_lists import ReadyList

Complete = Callable[[Any], Any]
Collect = Callable[[GraphQLObjectType, FieldDetailsList], GroupedFieldSet]

_GRAPHQL_NAME = re.compile(r"[_A-Za-z][_0-9A-Za-z]*")
_DEFINITION = "strawberry-definition"
_TESTS = {
    GraphQLString: "{0}.__class__ is str",
    GraphQLID: "{0}.__class__ is str",
    GraphQLBoolean: "{0}.__class__ is bool",
    GraphQLInt: "{0}.__class__ is int and -2147483648 <= {0} <= 2147483647",
    GraphQLFloat: "{0}.__class__ is float and isfinite({0})",
}


class NotCompilableError(Exception):
    """The selection is not plain: only the ordinary executor can complete it."""


class FallbackError(Exception):
    """The value is not of the kind that the function was compiled for."""


def compile_completion(
    schema: GraphQLSchema,
    value_type: GraphQLOutputType,
    selected: FieldDetailsList,
    collect: Collect,
    most_fields: int,
) -> tuple[Complete, int]:
    """Compile a function from a value of that type to its selected data; also return its fields.

    `collect` gives the fields selected on an object type, by response name. Raises `NotCompilableError`, also
    when more than `most_fields` would have to be written: an abstract type multiplies what is
    selected by its possible types. The function may raise anything: the value must then be
    completed by the ordinary executor. It may have called methods of the value by then, so these
    must be free of side effects.
    """
    strawberry_schema = schema.extensions.get(_DEFINITION)
    if strawberry_schema is None or strawberry_schema.exception_handlers:
        raise NotCompilableError
    compiler = _Compiler(schema, collect, most_fields)
    return compiler.compile(value_type, selected), compiler.fields


def fall_back(value: object) -> NoReturn:
    """Raise, so that the ordinary executor completes the value."""
    if iscoroutine(value):
        value.close()
    raise FallbackError


def _ready(value: Any) -> orjson.Fragment:
    return value.encoded if value.__class__ is ReadyList else fall_back(value)


class _Compiler:
    def __init__(self, schema: GraphQLSchema, collect: Collect, most_fields: int) -> None:
        self.fields = 0
        self._schema = schema
        self._collect = collect
        self._most_fields = most_fields
        self._source: list[str] = []
        self._namespace: dict[str, Any] = {
            "isfinite": isfinite,
            "fall_back": fall_back,
            "ready": _ready,
            "ReadyList": ReadyList,
        }
        self._dispatches: list[tuple[dict[type, Complete], dict[type, str]]] = []
        self._leaves: dict[GraphQLLeafType, tuple[str, str]] = {}

    def compile(self, value_type: GraphQLOutputType, selected: FieldDetailsList) -> Complete:
        completed = self._expression(value_type, selected, "value", 0)
        self._source.append(f"def complete(value):\n    return {completed}")
        code = compile("\n".join(self._source), "<compiled completion>", "exec")
        exec(code, self._namespace)  # noqa: S102 - see the module's docstring
        for dispatch, names in self._dispatches:
            dispatch.update((kind, self._namespace[name]) for kind, name in names.items())
        complete: Complete = self._namespace["complete"]
        return complete

    def _name(self, value: object) -> str:
        name = f"n{len(self._namespace)}"
        self._namespace[name] = value
        return name

    def _expression(
        self, value_type: GraphQLOutputType, selected: FieldDetailsList, value: str, depth: int
    ) -> str:
        """The expression that completes the local variable `value`."""
        if isinstance(value_type, GraphQLNonNull):
            return self._not_null(value_type.of_type, selected, value, depth)
        return (
            f"(None if {value} is None else {self._not_null(value_type, selected, value, depth)})"
        )

    def _not_null(
        self, value_type: GraphQLOutputType, selected: FieldDetailsList, value: str, depth: int
    ) -> str:
        if is_leaf_type(value_type):
            return self._leaf(value_type, value)
        if isinstance(value_type, GraphQLList):
            item = f"item{depth}"
            completed = self._expression(value_type.of_type, selected, item, depth + 1)
            known = repr(self._plain_names(value_type.of_type, selected))
            is_list = (
                f"{value}.__class__ is list or {value}.__class__ is tuple"
                f" or ({value}.__class__ is ReadyList and {value}.selection != {known})"
            )
            return f"([{completed} for {item} in {value}] if {is_list} else ready({value}))"
        if isinstance(value_type, GraphQLObjectType):
            return f"{self._object(value_type, selected)}({value})"
        if isinstance(value_type, GraphQLInterfaceType | GraphQLUnionType):
            return f"{self._abstract(value_type, selected)}[{value}.__class__]({value})"
        raise NotCompilableError

    def _plain_names(self, item_type: GraphQLOutputType, selected: FieldDetailsList) -> str | None:
        """The fields that are selected of the items, between spaces, as a `ReadyList` names them.

        None unless the items are objects and each field has its own name and is no object.
        """
        kind = get_nullable_type(item_type)
        if not isinstance(kind, GraphQLObjectType):
            return None
        fields = self._collect(kind, selected)
        names = [details[0].node.name.value for details in fields.values()]
        has_parts = any(details[0].node.selection_set for details in fields.values())
        return None if has_parts or names != list(fields) else " ".join(names)

    def _leaf(self, leaf: GraphQLLeafType, value: str) -> str:
        if leaf not in self._leaves:
            serialise = f"{self._name(_serialiser(leaf))}({{0}})"
            self._leaves[leaf] = self._is_ready(leaf), serialise
        ready, serialise = self._leaves[leaf]
        return f"({ready} else {serialise})".format(value) if ready else serialise.format(value)

    def _is_ready(self, leaf: GraphQLLeafType) -> str:
        """The expression for the usual values of a leaf, up to its `else`; it calls nothing."""
        members = getattr(leaf, "wrapped_cls", None)
        if isinstance(leaf, GraphQLEnumType):
            if not isinstance(members, type) or not issubclass(members, Enum):
                return ""
            table = self._name(_enum_table(leaf, members))
            return f"{table}[{{0}}._name_] if {{0}}.__class__ is {self._name(members)}"
        return f"{{0}} if {_TESTS[leaf]}" if leaf in _TESTS else ""

    def _abstract(
        self, abstract: GraphQLInterfaceType | GraphQLUnionType, selected: FieldDetailsList
    ) -> str:
        """The name of a table from the exact class of an object to the function that completes it."""
        if getattr(abstract.extensions.get(_DEFINITION), "resolve_type", None):
            raise NotCompilableError
        names = {}
        for possible in self._schema.get_possible_types(abstract):
            definition = _definition(possible)
            if definition.concrete_of or definition.name != possible.name:
                raise NotCompilableError
            # A class left out is completed by the ordinary executor.
            try:
                names[definition.origin] = self._object(possible, selected, is_dispatched=True)
            except NotCompilableError:
                if self.fields > self._most_fields:
                    raise
        if not names:
            raise NotCompilableError
        dispatch: dict[type, Complete] = {}
        self._dispatches.append((dispatch, names))
        return self._name(dispatch)

    def _object(
        self, kind: GraphQLObjectType, selected: FieldDetailsList, *, is_dispatched: bool = False
    ) -> str:
        """The name of a function that completes an object of this type."""
        definition = _definition(kind)
        lines = []
        if not is_dispatched and kind.is_type_of is None:
            # Strawberry takes an object of any class here.
            known = {definition.origin}
            lines.append(
                f"if value.__class__ not in {self._name(known)}: {self._name(_admit(known))}(value)"
            )
        else:
            if not is_dispatched:
                lines.append(
                    f"if value.__class__ is not {self._name(definition.origin)}: fall_back(value)"
                )
            cast = f"getattr(value, '{TYPE_CAST_ATTRIBUTE}', None)"
            lines.append(f"if {cast} is not None: fall_back(value)")
        items = []
        for response_name, details in self._collect(kind, selected).items():
            self.fields += 1
            if self.fields > self._most_fields or not _GRAPHQL_NAME.fullmatch(response_name):
                raise NotCompilableError
            items.append(f"'{response_name}': {self._field(kind, details, lines)}")
        name = self._name(None)
        body = "\n    ".join([*lines, f"return {{{', '.join(items)}}}"])
        self._source.append(f"def {name}(value):\n    {body}")
        return name

    def _field(self, kind: GraphQLObjectType, details: FieldDetailsList, lines: list[str]) -> str:
        """The expression that completes a field; the line that reads it is added to `lines`."""
        name = details[0].node.name.value
        if name == "__typename":
            return self._name(kind.name)
        field = self._schema.get_field(kind, name)
        if field is None:
            raise NotCompilableError
        if any(one.node.arguments for one in details):
            raise NotCompilableError
        read = self._read(field)
        local = f"field{len(lines)}"
        lines.append(f"{local} = {read}")
        return self._expression(field.type, details, local, 0)

    def _read(self, field: GraphQLField) -> str:
        definition = field.extensions.get(_DEFINITION)
        if (
            not isinstance(definition, StrawberryField)
            or type(definition).get_result is not StrawberryField.get_result
            or definition.extensions
            or definition.is_subscription
        ):
            raise NotCompilableError
        resolver = definition.base_resolver
        if resolver is None:
            attribute = definition.python_name
            is_plain = attribute.isidentifier() and not iskeyword(attribute)
            if definition.default_resolver is not getattr or not is_plain:
                raise NotCompilableError
            return f"value.{attribute}"
        method = resolver.wrapped_func
        takes_self = resolver.self_parameter and _are_defaults_known(field, resolver)
        if resolver.is_async or not takes_self or not isinstance(method, FunctionType):
            raise NotCompilableError
        return f"{self._name(method)}(value)"


def _are_defaults_known(field: GraphQLField, resolver: StrawberryResolver[Any]) -> bool:
    """Whether a method may be called without arguments: each has a default, the same for GraphQL."""
    arguments = [one for one in resolver.signature.parameters.values() if one.name != "self"]
    return len(arguments) == len(field.args) and all(
        one.default is None or isinstance(one.default, bool | int | str) for one in arguments
    )


def _definition(kind: GraphQLObjectType) -> StrawberryObjectDefinition:
    definition = kind.extensions.get(_DEFINITION)
    if not isinstance(definition, StrawberryObjectDefinition) or definition.is_type_of:
        raise NotCompilableError
    return definition


def _serialiser(leaf: GraphQLLeafType) -> Complete:
    coerce = leaf.coerce_output_value

    def serialise(value: Any) -> Any:
        if value is None or isinstance(value, Exception) or optimized_is_awaitable(value):
            fall_back(value)
        coerced = coerce(value)
        if coerced is None or coerced is Undefined or value is Undefined:
            raise FallbackError
        return coerced

    return serialise


def _enum_table(leaf: GraphQLLeafType, members: type[Enum]) -> dict[str, str]:
    """The GraphQL name of each member, by its name in Python."""
    table = {}
    for member in members:
        try:
            table[member.name] = leaf.coerce_output_value(member)
        except Exception:  # noqa: BLE001, S112 - the executor reports it when it is met
            continue
    return table


def _admit(known: set[type]) -> Callable[[Any], None]:
    def admit(value: Any) -> None:
        """Accept a further class for objects of the type."""
        if (
            value is None
            or value is Undefined
            or isinstance(value, Exception | GeneratorType)
            or optimized_is_awaitable(value)
        ):
            fall_back(value)
        known.add(value.__class__)

    return admit

"""Fields resolved by their functions, where all that Strawberry does is to pass on what was given.

Between graphql-core and the function of a field Strawberry makes seven calls, and one and an import
for each argument: as much as the other half of a small query's execution.
"""

from types import FunctionType
from typing import Any

import strawberry
from graphql import GraphQLArgument, GraphQLField, GraphQLFieldResolver, GraphQLResolveInfo
from strawberry.types.arguments import StrawberryArgument
from strawberry.types.base import StrawberryOptional
from strawberry.types.field import StrawberryField

_DEFINITION = "strawberry-definition"
_UNCONVERTED = (str, int, float, bool, strawberry.ID)


def direct_resolver(field: GraphQLField) -> GraphQLFieldResolver | None:
    """The function of a field as its resolver; None where Strawberry has more to do than to call it.

    It has for a field with extensions (permission classes are such) or without a function, for an
    asynchronous function, and for an argument that is no built-in scalar. The schema has no exception
    handlers, which Strawberry would call.
    """
    definition = field.extensions.get(_DEFINITION)
    if not isinstance(definition, StrawberryField) or definition.base_resolver is None:
        return None
    resolver = definition.base_resolver
    function = resolver.wrapped_func
    if (
        type(definition).get_result is not StrawberryField.get_result
        or definition.extensions
        or definition.is_subscription
        or resolver.is_async
        or resolver.parent_parameter
        or resolver.root_parameter
        or not isinstance(function, FunctionType)
        or not all(map(_is_passed_on, field.args.values()))
    ):
        return None
    takes_self, told = resolver.self_parameter is not None, resolver.info_parameter
    info_name = told.name if told else ""
    names = {
        name: argument.extensions[_DEFINITION].python_name for name, argument in field.args.items()
    }

    def resolve(source: Any, info: GraphQLResolveInfo[Any], **given: Any) -> Any:
        arguments = {names[name]: value for name, value in given.items()}
        if info_name:
            arguments[info_name] = strawberry.Info(_raw_info=info, _field=definition)
        return function(source, **arguments) if takes_self else function(**arguments)

    return resolve


def _is_passed_on(argument: GraphQLArgument) -> bool:
    """Whether Strawberry gives a value of the argument to the function as it is."""
    definition = argument.extensions.get(_DEFINITION)
    if not isinstance(definition, StrawberryArgument):
        return False
    kind = definition.type
    if type(kind) is StrawberryOptional:  # not `Maybe`, which is a subclass
        kind = kind.of_type
    return kind in _UNCONVERTED

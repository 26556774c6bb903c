"""Results as bytes, and what an error may show: no text of an unexpected exception, no value sent.

An error shows its message if it was written to be shown: a `PublicError`, or a message of
graphql-core that names only what the schema or the document names. Everything else becomes
"Erreur interne" with an incident id, under which the log has the type of the exception and where
it was raised, but neither its message nor any value, which may hold personal data.
"""

import logging
import re
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from types import TracebackType
from typing import Any

import orjson
from graphql import ExecutionResult, FieldNode, GraphQLError, print_ast
from graphql.language import VariableDefinitionNode
from strawberry.exceptions import StrawberryInputCoercionError

from schema.typography import typeset

_log = logging.getLogger(__name__)

# The part of graphql-core's messages that names types and fields, before the value that it met.
_TYPE = r"'[\w\[\]!]+'"
_SAFE_START = re.compile(
    rf"Expected a value of non-null type {_TYPE} to be provided"
    rf"|Expected value of non-null type {_TYPE} not to be None"
    rf"|Expected value of type {_TYPE}(?=, (?:found|but encountered))"
    rf"|Expected variable '\$\w+' provided to (?:non-null )?type {_TYPE}"
    rf"|Expected value of type {_TYPE} to be an object"
    rf"|Expected value of type {_TYPE} to include required field '\w+'"
    rf"|Expected value of type {_TYPE} not to include unknown field '\w{{1,60}}'"
    r"|(?:Int|Float|String|Boolean|ID) cannot represent [\w -]+"
    r"|Enum '\w+' cannot represent non-string value"
    r"|Value cannot represent an? \w+"
    rf"|Within OneOf Input Object type {_TYPE}, exactly one field must be specified"
    r"|OneOf Input Object '\w+' must specify exactly one key"
    r"|Value for member field '\w+' must be non-null"
    r"|Too many errors processing variables"
    r"|Variable values are nested too deeply"
)
_VARIABLE = re.compile(r"(Variable '\$\w+' has invalid value(?: at [\w.\[\]]+)?): ")
_ARGUMENT = re.compile(
    r"(Argument '\w+' (?:has invalid value(?: at [\w.\[\]]+)?|of required type '[^']+'))(?:: | was)"
)
# Literals as graphql-core quotes them, in a value and as a token.
_LITERAL = re.compile(r'".*"', re.DOTALL)
_TOKEN = re.compile(r"\b(String|BlockString|Int|Float) '.*'", re.DOTALL)


class PublicError(Exception):
    """A top-level error whose message is meant for the caller, with a stable code."""

    def __init__(self, message: str, code: str) -> None:
        super().__init__(message)
        self.message = typeset(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class EncodedResponse:
    """A response: the HTTP status under `application/graphql-response+json`, its JSON, headers."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = ()


def encode(result: ExecutionResult) -> EncodedResponse:
    """Encode the result of an execution.

    400 without `data` when the operation did not run (its variables could not be coerced);
    otherwise 200, with `data` and the errors of the fields, if any.
    """
    errors = result.errors
    if not errors:
        return _dump(200, {"data": result.data})
    if result.data is None and all(error.path is None for error in errors):
        return encode_errors(errors)
    return _dump(200, {"data": result.data, "errors": [_format_error(error) for error in errors]})


def encode_errors(errors: Iterable[GraphQLError], status: int = 400) -> EncodedResponse:
    """Encode the errors of a request that was not executed, without `data`."""
    return _dump(status, {"errors": [_format_error(error) for error in errors]})


def encode_refusal(status: int, code: str, message: str, **headers: str) -> EncodedResponse:
    """Encode the refusal of a request that never became an operation: one error with that code.

    A header is named with underscores: `retry_after="1"`.
    """
    answer = {"errors": [{"message": typeset(message), "extensions": {"code": code}}]}
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return EncodedResponse(status, orjson.dumps(answer), named)


def encode_too_much(seconds: int) -> EncodedResponse:
    """Encode the refusal of a caller who asks for too much at once, for so many seconds."""
    message = "This caller asks for too much at once."
    return encode_refusal(429, "RATE_LIMITED", message, retry_after=str(seconds))


def encode_internal_error(fault: BaseException) -> EncodedResponse:
    """Encode an unexpected exception as a masked 500, and log it under an incident id."""
    return _dump(500, {"errors": [_masked(fault)]})


def log_incident(fault: BaseException, field: str = "") -> str:
    """Log where an exception was raised, without its message, and return the incident id.

    `field` is the name in the schema of the field that failed.
    """
    incident = secrets.token_hex(6)
    causes: list[str] = []
    seen: BaseException | None = fault
    while seen is not None and len(causes) < 5:
        causes.append(f"{type(seen).__name__} at {where(seen.__traceback__)}")
        seen = seen.__cause__ or seen.__context__
    place = f" in field {field}" if field else ""
    told = "; from ".join(causes)
    _log.error("incident %s%s: %s", incident, place, told, extra={"event": "incident"})
    return incident


def where(traceback: TracebackType | None) -> str:
    """The places that an exception passed, the last twelve: files and lines, no values."""
    frames: list[str] = []
    while traceback is not None:
        frames.append(f"{traceback.tb_frame.f_code.co_filename}:{traceback.tb_lineno}")
        traceback = traceback.tb_next
    return " > ".join(frames[-12:]) or "an unknown place"


def _dump(status: int, answer: dict[str, Any]) -> EncodedResponse:
    try:
        return EncodedResponse(status, orjson.dumps(answer))
    except TypeError as fault:  # a resolver gave text or a number that JSON cannot hold
        return EncodedResponse(500, orjson.dumps({"errors": [_masked(fault)]}))


def _masked(fault: BaseException, field: str = "") -> dict[str, Any]:
    extensions = {"code": "INTERNAL_ERROR", "incident": log_incident(fault, field)}
    return {"message": "Erreur interne", "extensions": extensions}


def _format_error(error: GraphQLError) -> dict[str, Any]:
    cause = _cause(error)
    if isinstance(cause, PublicError):
        shown: dict[str, Any] = {"message": cause.message, "extensions": {"code": cause.code}}
    elif error.path is None and _is_a_request_error(error, cause):
        shown = _format_request_error(error)
    elif error.path is not None and _is_about_an_argument(error, cause):
        message = _without_value(error.message) or "An argument has an invalid value."
        shown = _bad_input(message, (error.extensions or {}).get("code", "BAD_USER_INPUT"))
    else:
        node = error.nodes[0] if error.nodes else None
        shown = _masked(cause or error, node.name.value if isinstance(node, FieldNode) else "")
    if error.locations:
        shown["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        shown["path"] = error.path
    return shown


def _cause(error: GraphQLError) -> Exception | None:
    """The original exception: graphql-core wraps an error once for each place it passes."""
    cause = error.original_error
    while isinstance(cause, GraphQLError) and cause.original_error is not None:
        cause = cause.original_error
    return cause


def _is_a_request_error(error: GraphQLError, cause: Exception | None) -> bool:
    """Whether the request caused the error: its document, or a variable, whose scalar may raise."""
    if cause is None or isinstance(cause, GraphQLError) or "code" in (error.extensions or {}):
        return True
    return _VARIABLE.match(error.message) is not None


def _format_request_error(error: GraphQLError) -> dict[str, Any]:
    code = (error.extensions or {}).get("code")
    if code is None:
        return _bad_input(_about_variable(error))
    raised = error.original_error is not None  # by a scalar, whose message is not for the caller
    whole = "A value in the document is not valid." if raised else error.message
    message = _without_value(error.message) or whole
    message = _TOKEN.sub(r"\1", _LITERAL.sub('"…"', message))
    return {"message": message, "extensions": {"code": code}}


def _about_variable(error: GraphQLError) -> str:
    message = _without_value(error.message) or "The variables do not fit the operation."
    for node in error.nodes or ():
        if isinstance(node, VariableDefinitionNode):
            return f"{message} The variable is of type '{print_ast(node.type)}'."
    return message


def _is_about_an_argument(error: GraphQLError, cause: Exception | None) -> bool:
    """Whether the error says that an argument could not be coerced."""
    if isinstance(cause, StrawberryInputCoercionError):
        return True
    is_graphql = cause is None or isinstance(cause, GraphQLError)
    return is_graphql and _ARGUMENT.match(error.message) is not None


def _bad_input(message: str, code: str = "BAD_USER_INPUT") -> dict[str, Any]:
    return {"message": message, "extensions": {"code": code}}


def _without_value(message: str) -> str:
    """The message up to the value that it quotes; empty for an unknown message."""
    where = _VARIABLE.match(message) or _ARGUMENT.match(message)
    start, rest = (where[1], message[where.end() :]) if where else ("", message)
    safe = _SAFE_START.match(rest)
    parts = [part for part in (start, safe[0] if safe else "") if part]
    return ": ".join(parts) + "." if parts else ""

"""Requests of nonsense, from one seed: documents drawn from the schema, and bodies broken by hand."""

import json
import random
from typing import Any

from graphql import (
    GraphQLEnumType,
    GraphQLField,
    GraphQLInputObjectType,
    GraphQLInputType,
    GraphQLInterfaceType,
    GraphQLList,
    GraphQLNonNull,
    GraphQLObjectType,
    GraphQLUnionType,
    get_named_type,
    is_leaf_type,
    is_required_argument,
)

from tests.graphql_api.roles import ROOT_FIELDS

TEXTS = (
    "", " ", "é", "0", "-1", "null", "BTS", "2008-06", "2023-02-29", "x" * 300, "x" * 11_000, "\u202e", "😀", "\ud800",
    "' OR 1=1 --", "%", "<script>", "{{7*7}}", "../../etc/passwd", "\x00", "\x1b[2J", "a\nb",
    "\ufeff", "\uffff", "٣", "maelle@example.org", "75", "21330063500017", "DIPLOMA", "USED",
)  # fmt: skip
NUMBERS = (0, 1, 2, -1, 5, 100, 101, 2**31 - 1, 2**31, -(2**63), 10**25, 1.5, 1e308, -0.0)
STRANGE: tuple[Any, ...] = (None, True, [], {}, [[]], {"x": 1}, [None], "", 0)


class Fuzzer:
    """Draws requests; `ids` are ids that exist, of whomever."""

    def __init__(self, seed: int, ids: list[str]) -> None:
        self._chance = random.Random(seed)
        self._ids = ids

    def body(self) -> bytes:
        """The body of a request to /graphql."""
        body = json.dumps(self._request()).encode()
        return self._broken(body) if self._chance.random() < 0.1 else body

    def _request(self) -> Any:
        name = self._chance.choice(sorted(ROOT_FIELDS))
        field = ROOT_FIELDS[name]
        given = {
            argument: self._value(declared.type, 4)
            for argument, declared in field.args.items()
            if is_required_argument(declared) or self._chance.random() < 0.6
        }
        document = self._document(name, field, given)
        request: dict[str, Any] = {"query": document, "variables": given}
        if self._chance.random() < 0.1:
            broken = self._chance.choice(["query", "variables", "operationName", "extensions"])
            request[broken] = self._chance.choice(STRANGE + TEXTS)
        return request

    def _document(self, name: str, field: GraphQLField, given: dict[str, Any]) -> str:
        kind, _, plain = name.partition(".")
        declared = ", ".join(f"${one}: {field.args[one].type}" for one in given)
        passed = ", ".join(f"{one}: ${one}" for one in given)
        selected = self._selection(get_named_type(field.type), 4)
        head = f"({declared})" if declared else ""
        document = f"{kind.lower()}{head} {{ {plain}{f'({passed})' if passed else ''}{selected} }}"
        if self._chance.random() < 0.1:
            at = self._chance.randrange(len(document))
            document = document[:at] + self._chance.choice(TEXTS[:16]) + document[at + 1 :]
        return document

    def _selection(self, kind: Any, depth: int) -> str:
        if isinstance(kind, GraphQLUnionType):
            parts = (f"... on {one}{self._selection(one, depth)}" for one in kind.types)
            return f" {{ __typename {' '.join(parts)} }}"
        if not isinstance(kind, GraphQLObjectType | GraphQLInterfaceType):
            return ""
        chosen = [
            f"{self._alias(kind, name)}{name}{self._selection(get_named_type(field.type), depth - 1)}"
            for name, field in kind.fields.items()
            if self._chance.random() < 0.5
            and (is_leaf_type(get_named_type(field.type)) or depth > 1)
            and not any(is_required_argument(one) for one in field.args.values())
        ]
        return f" {{ __typename {' '.join(chosen[:12])} }}"

    def _alias(self, kind: Any, name: str) -> str:
        """A field that is nullable in one member of a union only needs a name of its own."""
        wanted = kind.name in ("Conflict", "InvalidEntry") or self._chance.random() < 0.02
        return f"{kind.name}_{name}: " if wanted else ""

    def _value(self, kind: GraphQLInputType, depth: int) -> Any:
        """A value for an input of a type: mostly of its shape, whatever it says."""
        if self._chance.random() < 0.05:
            return self._chance.choice(STRANGE)
        if isinstance(kind, GraphQLNonNull):
            return self._value(kind.of_type, depth)
        if isinstance(kind, GraphQLList):
            return [self._value(kind.of_type, depth) for _ in range(self._chance.randrange(4))]
        if isinstance(kind, GraphQLEnumType):
            return self._chance.choice([*kind.values, "NOTHING"])
        if isinstance(kind, GraphQLInputObjectType):
            return self._object(kind, depth)
        if kind.name in ("Int", "Float"):
            return self._chance.choice(NUMBERS)
        if kind.name == "Boolean":
            return self._chance.choice([True, False, "true"])
        if kind.name == "ID" and self._chance.random() < 0.7:
            return self._chance.choice(self._ids)
        return self._chance.choice(TEXTS)

    def _object(self, kind: GraphQLInputObjectType, depth: int) -> dict[str, Any]:
        fields = kind.fields
        if kind.is_one_of:
            one = self._chance.choice(sorted(fields))
            return {one: self._value(fields[one].type, depth - 1)}
        return {
            name: self._value(field.type, depth - 1)
            for name, field in fields.items()
            if depth > 0 and (is_required_argument(field) or self._chance.random() < 0.4)
        }

    def _broken(self, body: bytes) -> bytes:
        """The body with some of its bytes changed, taken away or put twice."""
        broken = bytearray(body)
        for _ in range(self._chance.randrange(1, 4)):
            at = self._chance.randrange(len(broken) or 1)
            match self._chance.randrange(3):
                case 0:
                    broken[at : at + 1] = bytes([self._chance.randrange(256)])
                case 1:
                    del broken[at : at + self._chance.randrange(1, 9)]
                case _:
                    broken[at:at] = broken[at : at + 9]
        return bytes(broken)

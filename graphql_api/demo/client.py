"""A client of the service in this process, which sends documents as a front end would."""

import json
from typing import Any

from starlette.requests import HTTPConnection

from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.execution import execute
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.operations.service import Service


class DemoRefusedError(Exception):
    """The service refused a part of a demo booklet; the message says where."""


class DemoClient:
    """A client of the API with one caller's token."""

    def __init__(self, service: Service, token: str) -> None:
        self._service = service
        self._documents = DocumentCache(GRAPHQL_SCHEMA)
        header = (b"authorization", f"Bearer {token}".encode())
        self._connection = HTTPConnection({"type": "http", "headers": [header]})

    def do(self, document: str, **variables: Any) -> dict[str, Any]:
        """Send a mutation and return its answer. Raises `DemoRefusedError`."""
        answer: dict[str, Any] = next(iter(self._ask(document, variables).values()))
        if "message" in answer:
            raise DemoRefusedError(json.dumps([variables, answer], ensure_ascii=False))
        return answer

    def has_booklet(self) -> bool:
        """Whether the caller owns a booklet. Raises `DemoRefusedError`."""
        return self._ask("{ booklet { id } }", {})["booklet"] is not None

    def _ask(self, document: str, variables: dict[str, Any]) -> dict[str, Any]:
        prepared = self._documents.prepare(document)
        if not isinstance(prepared, PreparedOperation):
            raise DemoRefusedError(str(prepared.errors))
        body = json.loads(execute(self._service, prepared, variables, self._connection).body)
        if "errors" in body:
            raise DemoRefusedError(json.dumps(body["errors"], ensure_ascii=False))
        data: dict[str, Any] = body["data"]
        return data

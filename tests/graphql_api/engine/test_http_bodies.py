"""The bodies of requests over HTTP: announced or counted, whole or in pieces."""

import asyncio
from typing import Any

import pytest

from graphql_api.engine.endpoint import GraphQLEndpoint
from tests.client import TestClient
from tests.graphql_api.engine.posting import code, post
from tests.graphql_api.engine.test_http import app, client

__all__ = ["app", "client"]  # fixtures


def test_a_body_above_256_kb_is_413(client: TestClient) -> None:
    filler = "#" * 260_000
    response = post(client, {"query": "{ __typename }", "extensions": {"filler": filler}})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")


@pytest.mark.parametrize("value", [1, "", [], {}, {"k": 1}])
def test_variables_hold_a_bounded_number_of_values(client: TestClient, value: Any) -> None:
    inside = 2 if value == {"k": 1} else 1

    def ask(count: int) -> Any:
        values = [value] * (count // inside)
        return post(client, {"query": "{ __typename }", "variables": {"v": values}})

    assert ask(24_998).status_code == 200
    refused = ask(25_002)
    assert (refused.status_code, code(refused)) == (400, "TOO_MANY_VALUES")


@pytest.mark.parametrize("length", ["256001", "-1", "1e3", "9" * 5_000])
def test_a_body_that_is_announced_as_too_long_is_not_read(
    app: GraphQLEndpoint, length: str
) -> None:
    status, _ = exchange(app, [b"{}"], content_length=length)
    assert status == 413


def test_a_body_without_a_length_is_counted_as_it_comes(app: GraphQLEndpoint) -> None:
    status, read = exchange(app, [b" " * 1_000] * 1_000)
    assert status == 413
    assert read == 257


def test_a_body_in_pieces_is_put_together(app: GraphQLEndpoint) -> None:
    pieces = [bytes([byte]) for byte in b'{"query": "{ __typename }"}']
    assert exchange(app, pieces)[0] == 200


def test_nobody_is_answered_who_has_gone(app: GraphQLEndpoint) -> None:
    assert exchange(app, [b'{"query": '], gone=True)[0] is None


def exchange(
    app: GraphQLEndpoint, pieces: list[bytes], *, gone: bool = False, **headers: str
) -> tuple[int | None, int]:
    """The status of the answer to a body that comes in pieces, and how many of them were read."""
    sent: list[Any] = []
    waiting = [{"type": "http.request", "body": piece, "more_body": True} for piece in pieces]
    waiting.append({"type": "http.disconnect"} if gone else {"type": "http.request"})
    total = len(waiting)

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(message: Any) -> None:
        sent.append(message)

    named = {"content-type": "application/json"}
    named |= {name.replace("_", "-"): value for name, value in headers.items()}
    raw = [(name.encode(), value.encode()) for name, value in named.items()]
    scope = {"type": "http", "method": "POST", "path": "/graphql", "headers": raw}
    asyncio.run(app(scope, receive, send))
    return (sent[0]["status"] if sent else None), total - len(waiting)

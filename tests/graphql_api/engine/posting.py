"""Posting to a GraphQL endpoint, and the code of its refusal."""

import json
from typing import Any

import httpx2

from tests.client import TestClient

GRAPHQL = "application/graphql-response+json"


def post(client: TestClient, body: Any, accept: str = GRAPHQL, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json", "accept": accept}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", content=content, headers=sent)


def code(response: httpx2.Response) -> str:
    answer = response.json()
    assert set(answer) == {"errors"}
    return str(answer["errors"][0]["extensions"]["code"])

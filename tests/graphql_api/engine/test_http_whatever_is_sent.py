"""Whatever is sent, the answer is JSON and no 5xx."""

import asyncio
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.engine.workers import WorkerPool
from tests.graphql_api.engine.toy import endpoint

JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda children: (
        st.lists(children, max_size=3) | st.dictionaries(st.text(), children, max_size=3)
    ),
    max_leaves=8,
)
DOCUMENTS = st.text(
    alphabet='{}()[]:!$@."\\#&| \nabqueryfragmenton01', max_size=60
) | st.sampled_from(
    [
        "{ __typename }",
        "query ($v: Int!) { number(value: $v) }",
        "query ($v: [Date]!) { dates(days: $v) }",
        "query ($v: Choice!) { choose(choice: $v) }",
        "mutation ($v: Wish!) { add(wish: $v) { title } }",
        f"{{ number(value: {'1' * 5_000}) }}",
        '{ author(name: "\\ud800") { name } }',
        '{ dates(days: ["x", 5, null]) }',
    ]
)


@given(st.binary(max_size=200))
@settings(max_examples=60, deadline=None)
def test_no_bytes_make_the_service_fail(body: bytes) -> None:
    check_is_answered(body)


@given(
    st.fixed_dictionaries(
        {},
        optional={
            "query": DOCUMENTS | JSON_VALUES,
            "variables": st.dictionaries(st.just("v") | st.text(), JSON_VALUES) | JSON_VALUES,
            "operationName": st.none() | JSON_VALUES,
            "extensions": JSON_VALUES,
        },
    )
)
@settings(max_examples=150, deadline=None)
def test_no_json_makes_the_service_fail(body: dict[str, Any]) -> None:
    check_is_answered(json.dumps(body).encode())


@given(st.sampled_from(["accept", "content-type", "content-length", "origin"]), st.text())
@settings(max_examples=60, deadline=None)
def test_no_header_makes_the_service_fail(name: str, value: str) -> None:
    raw = value.encode("latin-1", "ignore")
    check_is_answered(b'{"query": "{ __typename }"}', [(name.encode(), raw), (b"cookie", b"a=b")])


SHARED = WorkerPool(threads=1, queue=4)
SHARED_APP = endpoint(SHARED)


def check_is_answered(body: bytes, headers: list[tuple[bytes, bytes]] | None = None) -> None:
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request", "body": body}

    async def send(message: Any) -> None:
        sent.append(message)

    named = headers if headers is not None else []
    if not any(name == b"content-type" for name, _ in named):
        named = [*named, (b"content-type", b"application/json")]
    asyncio.run(SHARED_APP({"type": "http", "method": "POST", "headers": named}, receive, send))
    assert sent[0]["status"] < 500
    answer = json.loads(sent[1]["body"])
    assert isinstance(answer, dict)
    assert answer.keys() & {"data", "errors"}

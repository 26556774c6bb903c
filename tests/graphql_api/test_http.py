"""GraphQL over HTTP: which requests are served, and how the others are refused."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from graphql_api.endpoint import GraphQLEndpoint
from graphql_api.workers import Workers

from .toy import endpoint

GRAPHQL = "application/graphql-response+json"


@pytest.fixture(scope="module")
def app() -> Iterator[GraphQLEndpoint]:
    workers = Workers(threads=2, queue=8)
    yield endpoint(workers, introspection=True)
    asyncio.run(workers.close())


@pytest.fixture(scope="module")
def client(app: GraphQLEndpoint) -> TestClient:
    return TestClient(app)


def post(client: TestClient, body: Any, accept: str = GRAPHQL, **headers: str) -> httpx2.Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    sent = {"content-type": "application/json", "accept": accept}
    sent |= {name.replace("_", "-"): value for name, value in headers.items()}
    return client.post("/graphql", content=content, headers=sent)


def code(response: httpx2.Response) -> str:
    answer = response.json()
    assert set(answer) == {"errors"}
    return str(answer["errors"][0]["extensions"]["code"])


# --- what is served


def test_a_query_is_answered_in_the_media_type_of_graphql(client: TestClient) -> None:
    response = post(client, {"query": "{ favourite { __typename } }"})
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{GRAPHQL}; charset=utf-8"
    assert response.json() == {"data": {"favourite": {"__typename": "Poem"}}}


def test_no_answer_may_be_kept_by_a_cache(client: TestClient) -> None:
    for response in (
        post(client, {"query": "{ __typename }"}),
        post(client, b"5"),
        client.get("/"),
    ):
        assert response.headers["cache-control"] == "no-store"


def test_variables_and_the_name_of_the_operation_are_used(client: TestClient) -> None:
    document = "query A($n: String!) { author(name: $n) { name } } query B { __typename }"
    body = {"query": document, "operationName": "A", "variables": {"n": "George Sand"}}
    assert post(client, body).json() == {"data": {"author": {"name": "George Sand"}}}


def test_null_is_the_same_as_absent_for_the_optional_members(client: TestClient) -> None:
    body = {"query": "{ __typename }", "variables": None, "operationName": None, "extensions": None}
    assert post(client, body).json() == {"data": {"__typename": "Query"}}


def test_members_that_are_not_known_are_ignored(client: TestClient) -> None:
    body = {"query": "{ __typename }", "extensions": {"a": 1}, "id": "x"}
    assert post(client, body).status_code == 200


def test_a_resolver_reads_who_calls_from_the_headers(client: TestClient) -> None:
    response = post(client, {"query": "query Q { context }"}, x_name="Ada")
    assert response.json() == {"data": {"context": "Ada {}"}}


def test_a_mutation_is_run(client: TestClient) -> None:
    body = {"query": 'mutation { add(wish: {title: "Indiana"}) { title } }'}
    assert post(client, body).json() == {"data": {"add": {"title": "Indiana"}}}


def test_errors_of_fields_leave_the_status_at_200(client: TestClient) -> None:
    response = post(client, {"query": "{ failing number(value: 1) }"})
    assert response.status_code == 200
    assert response.json()["data"] == {"failing": None, "number": 1}


def test_an_answer_of_null_is_still_an_answer(client: TestClient) -> None:
    response = post(client, {"query": "{ certain }"})
    assert response.status_code == 200
    assert response.json()["data"] is None
    assert response.json()["errors"][0]["path"] == ["certain"]


# --- what kind of answer is accepted


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (GRAPHQL, GRAPHQL),
        ("application/json", "application/json"),
        ("*/*", "application/json"),
        ("", "application/json"),
        ("application/*", "application/json"),
        (f"{GRAPHQL}, application/json", GRAPHQL),
        (f"application/json, {GRAPHQL}", GRAPHQL),
        (f"{GRAPHQL};q=0.5, application/json", "application/json"),
        (f"{GRAPHQL}, */*", GRAPHQL),
        ("application/json;q=0, */*;q=0.1", GRAPHQL),
        ("text/html, application/json;charset=utf-8;q=0.9", "application/json"),
        ("APPLICATION/JSON", "application/json"),
    ],
)
def test_the_accept_header_chooses_the_media_type(
    client: TestClient, accept: str, answered: str
) -> None:
    response = post(client, {"query": "{ __typename }"}, accept)
    assert response.status_code == 200
    assert response.headers["content-type"] == f"{answered}; charset=utf-8"


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json;q=0", "image/*", f"{GRAPHQL};q=x"]
)
def test_a_caller_who_accepts_neither_type_gets_406(client: TestClient, accept: str) -> None:
    response = post(client, {"query": "{ __typename }"}, accept)
    assert (response.status_code, code(response)) == (406, "NOT_ACCEPTABLE")


@pytest.mark.parametrize(
    "body",
    [
        {"query": "{"},
        {"query": "{ absent }"},
        {"query": "query A { __typename }", "operationName": "B"},
        {"query": "query A { __typename } query B { __typename }"},
        {"query": "query ($v: Int!) { number(value: $v) }", "variables": {"v": "x"}},
        {"query": "query ($v: Int!) { number(value: $v) }"},
    ],
)
def test_a_request_error_is_400_and_200_for_legacy_clients(client: TestClient, body: Any) -> None:
    new, legacy = post(client, body), post(client, body, "application/json")
    assert (new.status_code, legacy.status_code) == (400, 200)
    assert code(new) == code(legacy)


# --- what is not served


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE", "PATCH", "OPTIONS"])
def test_other_methods_are_told_to_post(client: TestClient, method: str) -> None:
    response = client.request(method, "/graphql", params={"query": "{ __typename }"})
    assert response.status_code == 405
    assert response.headers["allow"] == "POST"


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/json; boundary=x",
        "application/jsonp",
        "application/graphql",
        "",
    ],
)
def test_only_plain_json_is_read(client: TestClient, content_type: str) -> None:
    response = post(client, {"query": "{ __typename }"}, content_type=content_type)
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize(
    "content_type",
    ["application/json; charset=utf-8", 'application/json;charset="UTF-8"', "Application/JSON"],
)
def test_json_may_say_that_it_is_utf_8(client: TestClient, content_type: str) -> None:
    assert post(client, {"query": "{ __typename }"}, content_type=content_type).status_code == 200


def test_a_missing_or_repeated_content_type_is_refused(client: TestClient) -> None:
    assert client.post("/graphql", content=b"{}").status_code == 415
    twice = [("content-type", "application/json"), ("content-type", "text/plain")]
    assert client.post("/graphql", content=b"{}", headers=twice).status_code == 415


def test_a_compressed_body_is_refused(client: TestClient) -> None:
    assert post(client, {"query": "{ __typename }"}, content_encoding="gzip").status_code == 415


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"query": NaN}',
        b'{"query": "\xff"}',
        b'{"query": "\\ud800"}',
        b'{"query": "a\x00b"}',
        b"\xef\xbb\xbf{}",
        b"[" * 3_000 + b"]" * 3_000,
        b'{"query": "{ __typename }", "variables": {"a": ' + b"1" * 5_000 + b"}}",
    ],
)
def test_what_is_not_strict_json_is_400(client: TestClient, body: bytes) -> None:
    for accept in (GRAPHQL, "application/json"):
        response = post(client, body, accept)
        assert (response.status_code, code(response)) == (400, "BODY_NOT_JSON")


@pytest.mark.parametrize(
    "body",
    [
        b"5",
        b"null",
        b'"x"',
        b"[]",
        b'[{"query": "{ __typename }"}]',
        b"{}",
        b'{"query": null}',
        b'{"query": {"a": 1}}',
        b'{"query": "{ __typename }", "variables": []}',
        b'{"query": "{ __typename }", "variables": "{}"}',
        b'{"query": "{ __typename }", "operationName": 5}',
        b'{"query": "{ __typename }", "extensions": false}',
        b'{"query": "{ __typename }\\u0000"}',
        b'{"query": "{ __typename }", "variables": {"a": [{"b\\u0000": 1}]}}',
        b'{"query": "{ __typename }", "variables": {"a": "\\u0000", "b": '
        + b"[" * 1_000
        + b"]" * 1_000
        + b"}}",
    ],
)
def test_json_of_another_shape_is_400(client: TestClient, body: bytes) -> None:
    for accept in (GRAPHQL, "application/json"):
        response = post(client, body, accept)
        assert (response.status_code, code(response)) == (400, "MALFORMED_REQUEST")


def test_a_backslash_before_u0000_is_no_nul(client: TestClient) -> None:
    body = rb'{"query": "{ __typename }", "variables": {"path": "c:\\u0000"}}'
    assert post(client, body).status_code == 200


def test_a_nul_written_as_an_escape_in_the_document_is_refused(client: TestClient) -> None:
    for escape in (r"\u0000", r"\u{0}", r"\u{000}"):
        response = post(client, {"query": f'{{ author(name: "{escape}") {{ name }} }}'})
        assert (response.status_code, code(response)) == (400, "PARSE_FAILED")


def test_a_body_above_256_kb_is_413(client: TestClient) -> None:
    filler = "#" * 260_000
    response = post(client, {"query": "{ __typename }", "extensions": {"filler": filler}})
    assert (response.status_code, code(response)) == (413, "BODY_TOO_LARGE")


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


# --- who may have it sent


def test_cookies_alone_do_not_prove_who_calls(client: TestClient) -> None:
    response = post(client, {"query": "{ __typename }"}, cookie="session=x")
    assert (response.status_code, code(response)) == (403, "CROSS_SITE")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"sec_fetch_site": "same-origin"}, 200),
        ({"origin": "https://livret.test"}, 200),
        ({"sec_fetch_site": "same-origin", "origin": "https://livret.test"}, 200),
        ({}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "https://livret.test"}, 403),
        ({"origin": "https://livret.test.evil.example"}, 403),
        ({"origin": "null"}, 403),
    ],
)
def test_a_request_with_cookies_must_come_from_our_own_pages(
    client: TestClient, headers: dict[str, str], status: int
) -> None:
    proof = {"cookie": "session=x", "graphql_require_preflight": "1"}
    assert post(client, {"query": "{ __typename }"}, **proof, **headers).status_code == status


def test_a_bearer_token_needs_no_such_proof(client: TestClient) -> None:
    headers = {"cookie": "session=x", "authorization": "Bearer x", "sec_fetch_site": "cross-site"}
    assert post(client, {"query": "{ __typename }"}, **headers).status_code == 200

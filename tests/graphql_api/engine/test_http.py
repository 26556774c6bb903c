"""GraphQL over HTTP: which requests are served, and how the others are refused."""

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

from graphql_api.engine.endpoint import GraphQLEndpoint
from graphql_api.engine.stored_queries import hash_of
from graphql_api.engine.workers import WorkerPool
from tests.client import TestClient
from tests.graphql_api.engine.posting import GRAPHQL, code, post
from tests.graphql_api.engine.toy import endpoint


@pytest.fixture(scope="module")
def app() -> Iterator[GraphQLEndpoint]:
    workers = WorkerPool(threads=2, queue=8)
    yield endpoint(workers, introspection=True)
    asyncio.run(workers.close())


@pytest.fixture(scope="module")
def client(app: GraphQLEndpoint) -> TestClient:
    return TestClient(app)


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


@pytest.mark.parametrize(
    "kind",
    [
        "application/json; profile=x",
        'application/json; charset=utf-8; profile="x"',
        'application/json; profile=x; charset="UTF-8"',
        "application/json;charset=utf8",
        "Application/JSON; odata=verbose;",
    ],
)
def test_a_type_of_json_in_utf_8_may_say_more(client: TestClient, kind: str) -> None:
    response = post(client, {"query": "{ __typename }"}, content_type=kind)
    assert response.json() == {"data": {"__typename": "Query"}}


@pytest.mark.parametrize(
    "kind", ["application/json; profile=x; charset=latin1", "application/json; charset=", "a/json"]
)
def test_another_charset_is_refused_wherever_it_is_said(client: TestClient, kind: str) -> None:
    response = post(client, {"query": "{ __typename }"}, content_type=kind)
    assert (response.status_code, code(response)) == (415, "UNSUPPORTED_MEDIA_TYPE")


def test_a_byte_order_mark_is_not_a_part_of_the_body(client: TestClient) -> None:
    body = b'\xef\xbb\xbf{"query": "{ __typename }"}'
    assert post(client, body).json() == {"data": {"__typename": "Query"}}
    assert code(post(client, b"\xef\xbb\xbf" + body)) == "BODY_NOT_JSON"


TEXT = "{ __typename }"


def named(text: str) -> dict[str, Any]:
    """The extensions by which Apollo's clients and urql name a document."""
    return {"persistedQuery": {"version": 1, "sha256Hash": hash_of(text)}}


@pytest.mark.parametrize("accept", [GRAPHQL, "application/json", "*/*"])
def test_a_hash_of_no_known_document_has_the_answer_that_clients_know(
    client: TestClient, accept: str
) -> None:
    body = {"operationName": "A", "variables": {}, "extensions": named("{ unknown }")}
    query = {"operationName": "A", "extensions": json.dumps(named("{ unknown }"))}
    for response, message, refusal in (
        (post(client, body, accept), "PersistedQueryNotFound", "PERSISTED_QUERY_NOT_FOUND"),
        (
            client.get("/graphql", params=query, headers={"accept": accept}),
            "PersistedQueryNotSupported",
            "PERSISTED_QUERY_NOT_SUPPORTED",
        ),
    ):
        assert response.status_code == 200
        assert response.json() == {
            "errors": [{"message": message, "extensions": {"code": refusal}}]
        }
        assert response.headers["cache-control"] == "no-store"


def test_a_document_sent_once_with_its_hash_is_known_by_it(client: TestClient) -> None:
    text = "query Known { __typename }"
    unknown = post(client, {"extensions": named(text)})
    assert code(unknown) == "PERSISTED_QUERY_NOT_FOUND"
    for body in ({"query": text, "extensions": named(text)}, {"extensions": named(text)}):
        assert post(client, body).json() == {"data": {"__typename": "Query"}}


def test_a_document_is_not_run_under_the_hash_of_another(client: TestClient) -> None:
    response = post(client, {"query": TEXT, "extensions": named("query Other { __typename }")})
    assert (response.status_code, code(response)) == (400, "PERSISTED_QUERY_MISMATCH")
    other = post(client, {"extensions": named("query Other { __typename }")})
    assert code(other) == "PERSISTED_QUERY_NOT_FOUND"


def test_a_document_that_is_refused_is_not_remembered(client: TestClient) -> None:
    text = "{ nothing }"
    for body in ({"query": text, "extensions": named(text)},):
        assert code(post(client, body)) == "VALIDATION_FAILED"
    assert code(post(client, {"extensions": named(text)})) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize("hash", [None, 5, ["x"], {}, "", "0f" * 40_000])
def test_a_hash_that_is_none_names_no_document(client: TestClient, hash: object) -> None:
    body = {"extensions": {"persistedQuery": {"version": 1, "sha256Hash": hash}}}
    assert code(post(client, body)) == "PERSISTED_QUERY_NOT_FOUND"


@pytest.mark.parametrize(
    "query", ["query={__typename}", "extensions=x", "extensions={}", "extensions=%FF", "%FF", "é"]
)
def test_no_other_get_is_served(client: TestClient, query: str) -> None:
    response = client.get(f"/graphql?{query}")
    assert (response.status_code, code(response)) == (405, "METHOD_NOT_ALLOWED")

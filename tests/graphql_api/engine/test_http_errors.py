"""What an error tells: where it is and what kind it is, never a value or an exception's text."""

import asyncio
import logging
import re
from collections.abc import Iterator
from typing import Any

import httpx2
import orjson
import pytest
from graphql import ExecutionResult, GraphQLError
from hypothesis import given, settings
from hypothesis import strategies as st

from graphql_api.engine.encoding import EncodedResponse, PublicError, encode
from graphql_api.engine.workers import WorkerPool
from tests.client import TestClient
from tests.graphql_api.engine.toy import endpoint

CANARY = "canary"


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    workers = WorkerPool(threads=2, queue=8)
    yield TestClient(endpoint(workers))
    asyncio.run(workers.close())


def post(client: TestClient, query: str, variables: Any = None) -> httpx2.Response:
    headers = {"accept": "application/graphql-response+json"}
    return client.post("/graphql", json={"query": query, "variables": variables}, headers=headers)


def error(response: httpx2.Response) -> Any:
    return response.json()["errors"][0]


# --- faults


@pytest.mark.parametrize(
    ("query", "path"),
    [
        ("{ failing }", ["failing"]),
        ("{ certain }", ["certain"]),
        (
            "{ authors { works { ... on Novel { fragile } } } }",
            ["authors", 0, "works", 1, "fragile"],
        ),
        ("{ hidden: failing }", ["hidden"]),
    ],
)
def test_an_unexpected_exception_is_masked_and_logged_under_an_incident(
    client: TestClient, caplog: pytest.LogCaptureFixture, query: str, path: list[Any]
) -> None:
    response = post(client, query)
    assert response.status_code == 200
    assert error(response)["message"] == "Erreur interne"
    assert error(response)["path"] == path
    assert error(response)["locations"]
    assert error(response)["extensions"].keys() == {"code", "incident"}
    assert error(response)["extensions"]["code"] == "INTERNAL_ERROR"
    assert CANARY not in response.text
    assert error(response)["extensions"]["incident"] in caplog.text
    assert re.search(r"in field \w+: ValueError at .*toy\.py:\d+", caplog.text)
    assert CANARY not in caplog.text
    assert "hidden" not in caplog.text


def test_a_fault_outside_the_resolvers_is_500_and_masked_too(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    response = post(client, "query Crash { context }")
    assert response.status_code == 500
    assert response.json().keys() == {"errors"}
    assert error(response)["extensions"]["incident"] in caplog.text
    assert CANARY not in response.text + caplog.text


def test_every_incident_has_its_own_id(client: TestClient) -> None:
    incidents = {error(post(client, "{ failing }"))["extensions"]["incident"] for _ in range(5)}
    assert len(incidents) == 5


def test_the_causes_of_a_fault_are_logged_without_their_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    try:
        try:
            raise KeyError(CANARY)
        except KeyError as cause:
            raise ValueError(CANARY) from cause
    except ValueError as fault:
        encode(ExecutionResult(None, [GraphQLError(CANARY, path=["a"], original_error=fault)]))
    assert re.search(r"ValueError at .*; from KeyError at ", caplog.text)
    assert CANARY not in caplog.text


def test_a_value_that_json_cannot_hold_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    for value in ("\ud800", 2**70, object()):
        answer = encode(ExecutionResult({"a": value}, None))
        assert answer.status == 500
        assert orjson.loads(answer.body)["errors"][0]["message"] == "Erreur interne"


def test_a_public_error_keeps_its_words_and_its_code(client: TestClient) -> None:
    response = post(client, "{ refusing }")
    assert response.json() == {
        "data": {"refusing": None},
        "errors": [
            {
                "message": "You may not read this.",
                "extensions": {"code": "NOT_ENTITLED"},
                "locations": [{"line": 1, "column": 3}],
                "path": ["refusing"],
            }
        ],
    }


def test_nothing_is_logged_when_nothing_is_wrong_with_the_service(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="graphql_api")
    for query in ("{ context }", "{ refusing }", "{", f'{{ author(name: "{CANARY}") {{ no }} }}'):
        post(client, query)
    post(client, "query ($v: Int!) { number(value: $v) }", {"v": CANARY})
    assert [record for record in caplog.records if record.name.startswith("graphql_api")] == []


# --- variables

VARIABLE = "query ($v: {0}) {{ {1} }}"
WISH = ("query ($v: Wish!) { choose(choice: {novel: $v}) }", "Wish!")


@pytest.mark.parametrize(
    ("query", "value", "message"),
    [
        ("query ($v: Int!) { number(value: $v) }", CANARY, "Variable '$v' has invalid value: Int cannot represent non-integer value."),
        ("query ($v: Int!) { number(value: $v) }", None, "Variable '$v' has invalid value: Expected value of non-null type 'Int!' not to be None."),
        ("query ($v: Int!) { number(value: $v) }", 2**40 + 1234, "Variable '$v' has invalid value: Int cannot represent non 32-bit signed integer value."),
        ("query ($v: [Date]!) { dates(days: $v) }", ["2024-02-30 canary"], "Variable '$v' has invalid value at [0]: Value cannot represent a Date."),
        (WISH[0], CANARY, "Variable '$v' has invalid value: Expected value of type 'Wish' to be an object."),
        (WISH[0], {"year": CANARY, "title": "x"}, "Variable '$v' has invalid value at .year: Int cannot represent non-integer value."),
        (WISH[0], {"day": CANARY}, "Variable '$v' has invalid value: Expected value of type 'Wish' to include required field 'title'."),
        (WISH[0], {"title": "x", "yaer": CANARY}, "Variable '$v' has invalid value: Expected value of type 'Wish' not to include unknown field 'yaer'."),
        (WISH[0], {"title": "x", "canary de Paris": 1}, "Variable '$v' has invalid value."),
        (WISH[0], {"title": "x", "tone": CANARY}, "Variable '$v' has invalid value at .tone."),
        (WISH[0], {"title": [CANARY]}, "Variable '$v' has invalid value at .title: String cannot represent a non string value."),
        ("query ($v: Choice!) { choose(choice: $v) }", {"novel": {"title": CANARY}, "poem": {"title": "x"}}, "OneOf Input Object 'Choice' must specify exactly one key."),
        ("query ($v: Choice!) { choose(choice: $v) }", {"novel": None}, "Value for member field 'novel' must be non-null."),
    ],
)  # fmt: skip
def test_a_variable_that_does_not_fit_is_refused_without_its_value(
    client: TestClient, query: str, value: Any, message: str
) -> None:
    response = post(client, query, {"v": value})
    assert response.status_code == 400
    assert response.json().keys() == {"errors"}
    assert error(response)["extensions"] == {"code": "BAD_USER_INPUT"}
    assert error(response)["message"].startswith(message)
    assert CANARY not in response.text
    assert "1234" not in response.text


def test_the_type_that_a_variable_should_have_is_said(client: TestClient) -> None:
    response = post(client, "query ($v: [Date!]!) { dates(days: $v) }", {"v": [1]})
    assert error(response)["message"].endswith("The variable is of type '[Date!]!'.")
    assert error(response)["locations"] == [{"line": 1, "column": 8}]


LEAVES = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
)
SECRET = st.sampled_from(
    [CANARY, f"06 {CANARY}", f"{CANARY}'\": .", f"'{CANARY}' to be x", f"\n{CANARY}"]
)
VALUES = st.recursive(
    LEAVES | SECRET,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "year", "tone", "day", "novel", "poem", "x y"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=6,
)


@given(
    st.sampled_from(["Int!", "[Date]!", "Choice!", "Wish!", "String!"]),
    VALUES,
)
@settings(max_examples=200, deadline=None)
def test_no_value_of_a_variable_comes_back_in_an_error(kind: str, value: Any) -> None:
    query = {
        "Int!": "query ($v: Int!) { number(value: $v) }",
        "[Date]!": "query ($v: [Date]!) { dates(days: $v) }",
        "Choice!": "query ($v: Choice!) { choose(choice: $v) }",
        "Wish!": "query ($v: Wish!) { choose(choice: {novel: $v}) }",
        "String!": "query ($v: String!) { author(name: $v) { initials } }",
    }[kind]
    response = post(SHARED, query, {"v": value})
    assert response.status_code in (200, 400)
    assert CANARY not in response.text


SHARED = TestClient(endpoint(WorkerPool(threads=1, queue=8)))


# --- literals and documents


@pytest.mark.parametrize(
    ("query", "code"),
    [
        (f'{{ number(value: "{CANARY}") }}', "VALIDATION_FAILED"),
        (f'{{ dates(days: ["{CANARY}"]) }}', "VALIDATION_FAILED"),
        (f'{{ choose(choice: {{novel: {{title: 5, day: "{CANARY}"}}}}) }}', "VALIDATION_FAILED"),
        (f'{{ choose(choice: {{novel: "{CANARY}"}}) }}', "VALIDATION_FAILED"),
        (f'{{ choose(choice: {{novel: {{day: "{CANARY}"}}}}) }}', "VALIDATION_FAILED"),
        (f'{{ number "{CANARY}" }}', "PARSE_FAILED"),
        (f'{{ number """{CANARY} of \'x\'""" }}', "PARSE_FAILED"),
        (f'{{ number(value: """{CANARY}""" "x" }}', "PARSE_FAILED"),
    ],
)
def test_a_literal_in_a_document_does_not_come_back(
    client: TestClient, query: str, code: str
) -> None:
    response = post(client, query)
    assert response.status_code == 400
    assert error(response)["extensions"]["code"] == code
    assert CANARY not in response.text


def test_the_name_of_a_field_that_does_not_exist_is_said(client: TestClient) -> None:
    message = error(post(client, "{ absent }"))["message"]
    assert message == "Cannot query field 'absent' on type 'Query'."


def test_an_argument_refused_while_running_is_the_caller_s_to_mend() -> None:
    words = f"Argument 'choice' has invalid value at .novel: Expected value of type 'Wish' to be an object, found: '{CANARY}'."
    inner = GraphQLError(words)
    answer = encode(
        ExecutionResult({"a": None}, [GraphQLError(words, path=["a"], original_error=inner)])
    )
    assert answer.status == 200
    shown = orjson.loads(answer.body)["errors"][0]
    assert shown["extensions"] == {"code": "BAD_USER_INPUT"}
    assert shown["message"] == (
        "Argument 'choice' has invalid value at .novel: Expected value of type 'Wish' to be an object."
    )


def test_an_output_that_does_not_fit_its_type_is_a_fault(caplog: pytest.LogCaptureFixture) -> None:
    inner = GraphQLError(f"Int cannot represent non-integer value: '{CANARY}'")
    answer = encode(
        ExecutionResult(
            {"a": None}, [GraphQLError(inner.message, path=["a"], original_error=inner)]
        )
    )
    assert orjson.loads(answer.body)["errors"][0]["message"] == "Erreur interne"
    assert CANARY not in caplog.text


def test_a_public_error_without_a_path_refuses_the_request() -> None:
    refusal = PublicError("Sign in first.", "NOT_SIGNED_IN")
    answer = encode(ExecutionResult(None, [GraphQLError("x", original_error=refusal)]))
    assert answer == EncodedResponse(
        400, b'{"errors":[{"message":"Sign in first.","extensions":{"code":"NOT_SIGNED_IN"}}]}'
    )

"""DocumentCache are prepared once, kept within bounds, and refused with stable codes."""

import threading
from typing import Any

import pytest
from graphql import get_introspection_query

from graphql_api.engine.documents import DocumentCache, PreparedOperation, RejectedDocument
from tests.graphql_api.engine import toy


def prepare(document: str, name: str | None = None, **options: Any) -> PreparedOperation:
    prepared = toy.documents(**options).prepare(document, name)
    assert isinstance(prepared, PreparedOperation), prepared
    return prepared


def refused(document: str, name: str | None = None, **options: Any) -> tuple[str, str]:
    """The code and the message of the first error."""
    answer = toy.documents(**options).prepare(document, name)
    assert isinstance(answer, RejectedDocument)
    assert answer.status == 400
    return str((answer.errors[0].extensions or {})["code"]), answer.errors[0].message


# --- what is prepared


def test_a_prepared_operation_says_what_it_is() -> None:
    prepared = prepare('mutation Take { remove(id: "1") }')
    assert (prepared.kind, prepared.name, prepared.cost) == ("mutation", "Take", 1)
    assert prepare("{ __typename }").kind == "query"
    assert prepare("{ __typename }").name is None


def test_the_name_chooses_among_several_operations() -> None:
    document = 'query A { context } mutation B { remove(id: "1") }'
    assert prepare(document, "A").kind == "query"
    assert prepare(document, "B").kind == "mutation"
    assert prepare("query A { context }").name == "A"


@pytest.mark.parametrize(
    ("document", "name"),
    [
        ("query A { context } query B { context }", None),
        ("query A { context }", "B"),
        ("query A { context }", ""),
        ("{ context }", "A"),
    ],
)
def test_an_operation_that_cannot_be_told_is_refused(document: str, name: str | None) -> None:
    code, message = refused(document, name)
    assert code == "OPERATION_NOT_FOUND"
    assert "operationName" in message


@pytest.mark.parametrize(
    "document", ["", "{", "{ a(x: ) }", "query", "{ }}", '{ a(x: "\\ud800") }', "\x07"]
)
def test_what_cannot_be_parsed_is_refused(document: str) -> None:
    assert refused(document)[0] == "PARSE_FAILED"


@pytest.mark.parametrize(
    "document",
    [
        "{ absent }",
        "{ author { name } }",
        "{ ...F }",
        "{ ...F } fragment F on Query { ...F }",
        "{ context } fragment F on Query { context }",
        "query ($v: Int) { context }",
        "{ context } query A { context }",
        "type T { a: Int }",
        "{ number(value: $v) }",
        "{ choose(choice: {}) }",
        '{ choose(choice: {novel: {title: "a"}, poem: {title: "b"}}) }',
        "{ choose(choice: {novel: null}) }",
        "query ($w: Wish) { choose(choice: {novel: $w}) }",
    ],
)
def test_what_is_not_valid_is_refused(document: str) -> None:
    assert refused(document)[0] == "VALIDATION_FAILED"


def test_every_fault_up_to_ten_is_named() -> None:
    answer = toy.documents().prepare("{ " + " ".join(f"z{n}" for n in range(30)) + " }")
    assert isinstance(answer, RejectedDocument)
    assert len(answer.errors) == 11
    assert answer.errors[0].locations is not None


# --- mutations and subscriptions


@pytest.mark.parametrize(
    "document",
    [
        'mutation { remove(id: "1") }',
        'mutation { once: remove(id: "1") }',
        'mutation { ...F } fragment F on Mutation { remove(id: "1") }',
        'mutation { ... { ... on Mutation { remove(id: "1") } } }',
        "mutation { __typename }",
    ],
)
def test_a_mutation_of_one_field_is_accepted(document: str) -> None:
    assert prepare(document).kind == "mutation"


@pytest.mark.parametrize(
    "document",
    [
        'mutation { remove(id: "1") again: remove(id: "2") }',
        'mutation { remove(id: "1") remove(id: "1") }',
        'mutation { remove(id: "1") ...F } fragment F on Mutation { again: remove(id: "2") }',
        'mutation { ...F ...F } fragment F on Mutation { remove(id: "1") }',
        'mutation { remove(id: "1") ... @include(if: false) { again: remove(id: "2") } }',
        'mutation { __typename remove(id: "1") }',
        'query A { context } mutation B { remove(id: "1") again: remove(id: "2") }',
    ],
)
def test_a_mutation_of_several_fields_is_refused(document: str) -> None:
    assert refused(document, "A" if "query A" in document else None)[0] == "ONE_MUTATION_FIELD"


def test_subscriptions_are_not_served() -> None:
    code, _ = refused("subscription { context }")
    assert code in ("VALIDATION_FAILED", "SUBSCRIPTIONS_NOT_SERVED")


# --- development and production


def test_introspection_is_refused_unless_switched_on() -> None:
    for document in (
        "{ __schema { types { name } } }",
        '{ __type(name: "Work") { name } }',
        "{ ...F } fragment F on Query { hidden: __schema { description } }",
    ):
        assert refused(document)[0] == "INTROSPECTION_DISABLED"
        assert prepare(document, introspection=True).kind == "query"


def test_the_introspection_that_tools_ask_for_is_within_the_limits() -> None:
    for options in ({}, {"descriptions": False}, {"input_value_deprecation": True}):
        assert prepare(get_introspection_query(**options), introspection=True).kind == "query"


def test_typename_is_no_introspection() -> None:
    assert prepare("{ __typename favourite { __typename } }").kind == "query"


def test_suggestions_are_for_developers() -> None:
    document = "{ favourit { __typename } }"
    assert "favourite" not in refused(document)[1]
    assert "favourite" in refused(document, suggestions=True)[1]


# --- the cache


def test_the_same_text_is_prepared_once() -> None:
    documents = toy.documents()
    assert documents.prepare("{ context }") is documents.prepare("{ context }")
    assert documents.prepare("{ context }") is not documents.prepare("{  context }")


def test_the_least_recently_used_document_leaves_first() -> None:
    documents = toy.documents(capacity=2)
    first = documents.prepare("query A { context }")
    second = documents.prepare("query B { context }")
    documents.prepare("query A { context }")
    documents.prepare("query C { context }")
    assert len(documents) == 2
    assert documents.prepare("query A { context }") is first
    assert documents.prepare("query B { context }") is not second


def test_the_text_that_is_kept_is_bounded_too() -> None:
    documents = toy.documents(capacity_bytes=1_000)
    for number in range(50):
        assert isinstance(documents.prepare(f"{{ context }} # {number:90}"), PreparedOperation)
    assert len(documents) == 9
    assert isinstance(documents.prepare("{ context } #" + "x" * 2_000), PreparedOperation)
    assert len(documents) == 9


def test_a_refusal_pushes_nothing_out() -> None:
    documents = toy.documents(capacity=1)
    kept = documents.prepare("{ context }")
    for number in range(5):
        assert isinstance(documents.prepare(f"{{ absent{number} }}"), RejectedDocument)
    assert documents.prepare("{ context }") is kept


def test_the_cache_can_be_used_from_many_threads() -> None:
    documents: DocumentCache = toy.documents(capacity=3)
    wrong: list[object] = []

    def work() -> None:
        for number in range(60):
            prepared = documents.prepare(f"query Q{number % 5} {{ context }}")
            if not isinstance(prepared, PreparedOperation) or prepared.name != f"Q{number % 5}":
                wrong.append(prepared)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(documents) == 3
    assert documents._bytes == sum(len(text) for text in documents._cached)

"""Compiled completion: which selections it takes over, and how long it keeps what it compiled."""

import gc
import threading
import weakref
from typing import Any

import orjson
import pytest

from graphql_api.engine import completion
from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import PreparedOperation
from tests.graphql_api.engine import toy
from tests.graphql_api.engine.toy_completion import check_same, prepare, seen

# --- what is compiled

EVERYTHING = """{
  authors {
    name alive nickname tone initials
    works { __typename id title year tones ...N ... on Poem { verses rating fragile } }
    drafts { title }
    favourites { ... on Work { title } ... on Author { name tone } }
  }
} fragment N on Novel { pages published spine fragile author { name } }"""


@pytest.fixture
def completed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The types of the values that graphql-core itself completes."""
    types: list[str] = []
    original = completion.Executor.complete_value

    def complete_value(self: Any, return_type: Any, *arguments: Any) -> Any:
        types.append(str(return_type))
        return original(self, return_type, *arguments)

    monkeypatch.setattr(completion.Executor, "complete_value", complete_value)
    return types


def ran(document: str, variables: dict[str, Any] | None = None) -> Any:
    """The data of the third run of a document that has no errors."""
    prepared = prepare(document)
    for _ in range(3):
        result = run_document(toy.GRAPHQL_SCHEMA, prepared, variables, "me")
    assert result.errors is None
    return result.data


def test_a_plain_selection_is_completed_by_one_function(completed: list[str]) -> None:
    document = '{ author(name: "François Villon") { name initials works { title ...on Poem { verses } } } }'
    prepared = prepare(document)
    run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    assert len(completed) > 10
    run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    completed.clear()
    result = run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    assert completed == []
    assert result.data == {
        "author": {
            "name": "François Villon",
            "initials": "FV",
            "works": [
                {"title": "Ballade", "verses": [["Dictes moy", None], []]},
                {"title": "Élégie", "verses": [["Ô longs désirs"]]},
            ],
        }
    }


def test_a_field_whose_arguments_are_left_out_is_completed_with_its_parent(
    completed: list[str],
) -> None:
    prepared = prepare('{ author(name: "George Sand") { titled { title } } }')
    for _ in range(2):
        run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    completed.clear()
    result = run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    assert completed == []
    titles = [{"title": "La Mare au diable"}, {"title": "La Petite Fadette"}]
    assert result.data == {"author": {"titled": titles}}


def test_one_document_may_ask_for_a_field_with_its_arguments_and_without() -> None:
    titled = ran("""{ author(name: "George Sand") {
        all: titled { title } some: titled(start: "La M") { title } none: titled(start: "Le") { title }
    } }""")["author"]
    assert [len(titled[name]) for name in ("all", "some", "none")] == [2, 1, 0]


def test_a_field_with_arguments_leaves_only_its_parent_to_graphql_core(
    completed: list[str],
) -> None:
    ran('{ author(name: "George Sand") { name titled(start: "La M") { title year } } }')
    completed.clear()
    ran('{ author(name: "George Sand") { name titled(start: "La M") { title year } } }')
    assert "[Work!]!" in completed
    assert not {"Work!", "Work", "Int"} & set(completed)


def test_an_info_object_is_still_strawberry_s(completed: list[str]) -> None:
    assert ran("query Q($x: Boolean! = true) { context @include(if: $x) }") == {
        "context": "me {'x': True}"
    }
    assert ran("{ works(first: 9) { ... on Poem { greeting } } }") == {
        "works": [{}, {}, {"greeting": "me: Ballade"}, {"greeting": "me: Élégie"}]
    }


@pytest.mark.parametrize("final", [(), (ValueError,)])
def test_after_a_final_exception_graphql_core_does_not_try_again(
    completed: list[str], final: tuple[type[Exception], ...]
) -> None:
    prepared = prepare('{ author(name: "George Sand") { works { ...on Novel { fragile } } } }')
    for _ in range(3):
        completed.clear()
        result = run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me", final=final)
    (error,) = result.errors or ()
    assert isinstance(error.original_error, ValueError)
    assert ("Work" in completed) is not bool(final)


def test_directives_with_variables_are_followed_on_every_run() -> None:
    document = "query ($on: Boolean!) { favourite { ... on Work { id title @include(if: $on) } } }"
    prepared = prepare(document)
    for on in (True, False, True, True, False, False):
        assert run_document(toy.GRAPHQL_SCHEMA, prepared, {"on": on}, "me").data == {
            "favourite": {"id": "3", "title": "Ballade"} if on else {"id": "3"}
        }


def test_many_variants_of_one_document_do_not_pile_up() -> None:
    switches = [f"v{number}" for number in range(6)]
    head = ", ".join(f"${name}: Boolean!" for name in switches)
    fields = " ".join(f"{name}: title @include(if: ${name})" for name in switches)
    prepared = prepare(f"query ({head}) {{ favourite {{ ... on Work {{ id {fields} }} }} }}")
    for number in range(64):
        values = {name: bool(number >> bit & 1) for bit, name in enumerate(switches)}
        check_same(prepared, values)
    assert len(prepared.compiled["cache"]._variants) == 16


def test_everything_at_once_gives_the_same_data_and_errors() -> None:
    data, errors = check_same(prepare(EVERYTHING))
    assert orjson.loads(data)["authors"][3]["nickname"] == "3"
    assert [error["path"][-1] for error in errors] == ["fragile", "fragile", "name"]


def test_introspection_is_left_to_graphql_core() -> None:
    check_same(prepare('{ __schema { types { name } } __type(name: "Work") { fields { name } } }'))


# --- what is kept, and for how long


def test_what_was_compiled_dies_with_the_document() -> None:
    cache = toy.documents(capacity=1)
    prepared = cache.prepare("{ favourite { ... on Work { title } } }")
    assert isinstance(prepared, PreparedOperation)
    for _ in range(3):
        run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")
    functions = prepared.compiled["cache"]._variants[()].values()
    compiled = [weakref.ref(function.complete) for function in functions if function is not None]
    assert [function() is not None for function in compiled] == [True]
    cache.prepare("{ __typename }")
    del prepared, functions
    gc.collect()
    assert [function() for function in compiled] == [None]


def test_the_context_of_a_request_is_not_kept() -> None:
    class Context:
        pass

    prepared = prepare("{ favourite { ... on Work { title year } } }")
    contexts = [Context() for _ in range(3)]
    watched = [weakref.ref(context) for context in contexts]
    for context in contexts:
        run_document(toy.GRAPHQL_SCHEMA, prepared, None, context)
    del context, contexts
    gc.collect()
    assert [watch() for watch in watched] == [None, None, None]


def test_a_document_that_would_be_too_much_to_write_is_not_compiled(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completion, "_MAX_FIELDS", 2)
    prepared = prepare("{ favourite { ... on Work { title year id } } }")
    check_same(prepared)
    assert set(prepared.compiled["cache"]._variants[()].values()) == {None}


def test_what_is_compiled_for_one_document_is_bounded_by_its_text(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(completion, "_SPARE_FIELDS", 0)
    document = (
        "{ favourite { ...F } } fragment F on Work { ...G ...G ...G } fragment G on Work { id }"
    )
    prepared = prepare(document)
    check_same(prepared)
    assert prepared.compiled["cache"].fields == len(document) - 2


def test_the_operations_of_a_document_share_what_is_compiled() -> None:
    document = """
      query A($on: Boolean!) { favourite { ...F @include(if: $on) } }
      query B($on: Boolean!) { favourite { ... on Work { year } ...F @skip(if: $on) } }
      fragment F on Work { id title }"""
    documents = toy.documents()
    prepared = [documents.prepare(document, name) for name in "AB"]
    for _ in range(2):
        for operation in prepared:
            assert isinstance(operation, PreparedOperation)
            check_same(operation, {"on": True})
            check_same(operation, {"on": False})


def test_one_document_can_run_in_many_threads() -> None:
    prepared = prepare(EVERYTHING + " # threads")
    expected = seen(run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me", compiled=False))
    answers: list[Any] = []

    def run() -> None:
        answers.extend(
            seen(run_document(toy.GRAPHQL_SCHEMA, prepared, None, "me")) for _ in range(10)
        )

    threads = [threading.Thread(target=run) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == [expected] * 60


# --- variables


def test_a_one_of_input_takes_exactly_one_member() -> None:
    prepared = prepare("query ($c: Choice!) { choose(choice: $c) }")
    wish = {"title": "x"}
    assert check_same(prepared, {"c": {"poem": wish}}) == (b'{"choose":"poem"}', [])
    for wrong in ({}, {"poem": None}, {"poem": wish, "novel": wish}):
        data, errors = check_same(prepared, {"c": wrong})
        assert data == b"null"
        assert "path" not in errors[0]

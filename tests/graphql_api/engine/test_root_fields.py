"""Root fields that run without graphql-core's executor answer as with it, each resolver called once."""

import gc
import weakref
from collections import Counter
from itertools import permutations
from typing import Any

import pytest
import strawberry
from graphql import ExecutionResult, GraphQLSchema

from graphql_api.engine import completion
from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from tests.graphql_api.engine.toy_completion import prepare, seen

CALLS: Counter[str] = Counter()
CONTEXT = "somebody"


class FinalError(Exception):
    pass


@strawberry.type
class Thing:
    name: str = "thing"

    @strawberry.field
    def fragile(self) -> str:
        if self.name == "final":
            CALLS["final"] += 1
            raise FinalError
        return "solid"


@strawberry.type
class Query:
    @strawberry.field
    def thing(self, info: strawberry.Info[str, None], text: str = "a text") -> Thing:
        CALLS["thing"] += 1
        return Thing(name=f"{text} for {info.context}")

    @strawberry.field
    def nothing(self) -> Thing | None:
        CALLS["nothing"] += 1
        return None

    @strawberry.field
    def failing(self) -> Thing | None:
        CALLS["failing"] += 1
        raise LookupError("canary")

    @strawberry.field
    def odd(self) -> list[Thing | None]:
        CALLS["odd"] += 1
        return [Thing(), Thing(name=None), Thing(name="final")]  # type: ignore[arg-type]  # odd on purpose

    @strawberry.field
    def needed(self) -> Thing:
        CALLS["needed"] += 1
        raise LookupError("canary")

    @strawberry.field
    def absent(self) -> Thing:
        CALLS["absent"] += 1
        return None  # type: ignore[return-value]  # the fault that is meant

    @strawberry.field
    async def later(self) -> Thing | None:
        return Thing()

    @strawberry.field
    def many(self, names: list[str]) -> Thing:
        names.append("kept")
        return Thing(name=" ".join(names))


@strawberry.type
class Mutation:
    @strawberry.mutation
    def make(self) -> Thing:
        return Thing()


SCHEMA: GraphQLSchema = strawberry.Schema(Query, Mutation)._schema


def ready(document: str) -> PreparedOperation:
    """A document that has run often enough for its functions to be compiled."""
    prepared = prepare(document, DocumentCache(SCHEMA))
    for _ in range(2):
        run(prepared)
    CALLS.clear()
    return prepared


def run(prepared: PreparedOperation, variables: Any = None, **options: Any) -> ExecutionResult:
    return run_document(SCHEMA, prepared, variables, CONTEXT, **options)


def is_constant(prepared: PreparedOperation) -> bool:
    found: Any = prepared.compiled["cache"]
    return found.root_fields.get(prepared.name) is not None


@pytest.fixture
def executors(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """The executors that are made."""
    made: list[Any] = []
    build = completion.CompilingExecutor.build

    def noted(*arguments: Any, **options: Any) -> Any:
        made.append(build(*arguments, **options))
        return made[-1]

    monkeypatch.setattr(completion.CompilingExecutor, "build", noted)
    return made


def test_fields_that_answer_need_no_executor(executors: list[Any]) -> None:
    prepared = ready(
        '{ thing(text: "é") { name } again: thing { __typename name } nothing { name } }'
    )
    executors.clear()
    result = run(prepared)
    assert result.errors is None
    assert result.data == {
        "thing": {"name": "é for somebody"},
        "again": {"__typename": "Thing", "name": "a text for somebody"},
        "nothing": None,
    }
    assert (executors, CALLS) == ([], {"thing": 2, "nothing": 1})


@pytest.mark.parametrize("last", ["", "needed { name }", "absent { name }", "later { name }"])
def test_a_field_that_fails_anywhere_is_told_as_ever_and_asked_once(last: str) -> None:
    fields = ("thing { name }", "failing { name }", "odd { name fragile }")
    for order in permutations(fields):
        prepared = ready(f"{{ {' '.join((*order, last))} }}")
        assert is_constant(prepared) or last.startswith("later")
        expected = seen(run(prepared, compiled=False))
        CALLS.clear()
        assert seen(run(prepared)) == expected
        assert {CALLS[name] for name in ("thing", "failing", "odd")} == {1}
        assert CALLS["needed"] + CALLS["absent"] <= 1


def test_a_final_failure_is_met_once() -> None:
    prepared = ready("{ thing { name } odd { fragile } }")
    result = run(prepared, final=(FinalError,))
    assert CALLS["final"] == 1
    (error,) = result.errors or ()
    assert isinstance(error.original_error, FinalError)
    assert result.data is None


@pytest.mark.parametrize(
    "document",
    [
        "query ($on: Boolean = true) { thing { name @include(if: $on) } }",
        "query ($text: String = null) { thing(text: $text) { name } }",
        '{ many(names: ["one"]) { name } }',
        "{ thing { name } __typename }",
        "mutation { make { name } }",
    ],
)
def test_what_may_differ_from_run_to_run_is_left_to_the_executor(document: str) -> None:
    prepared = ready(document)
    assert not is_constant(prepared)
    assert seen(run(prepared)) == seen(run(prepared, compiled=False))


def test_each_operation_of_a_document_has_its_own_fields() -> None:
    documents = DocumentCache(SCHEMA)
    text = "query One { thing { name } } query Two { nothing { name } }"
    one, two = (prepare_named(documents, text, name) for name in ("One", "Two"))
    for _ in range(3):
        assert set(run(one).data or ()) == {"thing"}
        assert set(run(two).data or ()) == {"nothing"}


def prepare_named(documents: DocumentCache, text: str, name: str) -> PreparedOperation:
    prepared = documents.prepare(text, name)
    assert isinstance(prepared, PreparedOperation)
    return prepared


@pytest.mark.parametrize("document", ["{ thing { name } }", "{ failing { name } thing { name } }"])
def test_nothing_of_a_caller_stays_with_a_document(document: str) -> None:
    class Caller:
        pass

    prepared = ready(document)
    caller = Caller()
    left = weakref.ref(caller)
    gc.disable()  # nothing waits for a collection
    try:
        run_document(SCHEMA, prepared, None, caller)
        del caller
        assert left() is None
    finally:
        gc.enable()

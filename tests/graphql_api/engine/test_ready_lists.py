"""Lists whose JSON is known: given as they are to the selection that they are of, made for others."""

from typing import Any

import orjson
import pytest
import strawberry

from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.ready_lists import ReadyList


@strawberry.type
class Book:
    title: str
    first_year: int | None


@strawberry.type
class Query:
    @strawberry.field
    def shelf(self) -> "Shelf":
        return Shelf(books=_READY)  # type: ignore[arg-type]  # completion takes it for a list


@strawberry.type
class Shelf:
    books: list[Book] | None


MADE: list[bytes] = []


def _make(json: bytes) -> list[Book]:
    MADE.append(json)
    return [Book(title=one["title"], first_year=one["firstYear"]) for one in orjson.loads(json)]


ROWS = [{"title": "Élégie", "firstYear": 1550}, {"title": "Ballade", "firstYear": None}]
_READY: Any = None
SCHEMA = strawberry.Schema(Query)._schema
SELECTIONS = {
    "title firstYear": True,
    "...on Book { title firstYear }": True,
    "firstYear title": False,
    "title": False,
    "title year: firstYear": False,
    "title firstYear __typename": False,
    "title: firstYear firstYear": False,
}


@pytest.mark.parametrize("selection", SELECTIONS)
def test_a_ready_list_is_as_the_same_items(selection: str, monkeypatch: pytest.MonkeyPatch) -> None:
    ready = ReadyList("title firstYear", orjson.dumps(ROWS), _make)
    answers = []
    for books in (_make(orjson.dumps(ROWS)), ready):
        monkeypatch.setattr(f"{__name__}._READY", books)
        prepared = DocumentCache(SCHEMA).prepare(f"{{ shelf {{ books {{ {selection} }} }} }}")
        assert isinstance(prepared, PreparedOperation)
        for _ in range(4):  # of which the first is not compiled
            result = run_document(SCHEMA, prepared, None, "me")
            assert result.errors is None
            answers.append(orjson.dumps(result.data))
    assert len(set(answers)) == 1
    assert len(ready) == 2
    assert ready[0].title == "Élégie"


@pytest.mark.parametrize(("selection", "is_plain"), SELECTIONS.items())
def test_its_items_are_made_for_another_selection_alone(
    selection: str, is_plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    prepared = DocumentCache(SCHEMA).prepare(f"{{ shelf {{ books {{ {selection} }} }} }}")
    assert isinstance(prepared, PreparedOperation)
    for run in range(4):
        ready = ReadyList("title firstYear", orjson.dumps(ROWS), _make)
        monkeypatch.setattr(f"{__name__}._READY", ready)
        MADE.clear()
        run_document(SCHEMA, prepared, None, "me")
        assert len(MADE) == (0 if is_plain and run else 1)

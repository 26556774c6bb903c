"""Entries in the documents of sections."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any, cast

import pytest

from graphql_api.storage.content.documents import entries_of, entry_rows
from schema.damage import StoredKind
from schema.description.rubric import Rubric, ValidationContext
from schema.entries.shapes import SHAPE
from schema.rubrics import RUBRICS
from tests.schema.entry_samples import TODAY, an_entry


@pytest.mark.parametrize("rubric", RUBRICS, ids=lambda rubric: rubric.name.value)
def test_an_entry_that_is_read_has_all_that_its_constructor_gives(rubric: Rubric) -> None:
    made = an_entry(rubric.name, comment="Une remarque", rank=7, shareable=False)
    document = {"shape": SHAPE, "entries": entry_rows([made])}
    op = cast(Any, SimpleNamespace(content=[]))
    (read,) = entries_of(op, "", document, ValidationContext(TODAY))
    assert type(read) is type(made)
    assert read.siblings == [read]
    names = {field.name for field in fields(cast(Any, made)) if field.init} - {"siblings"}
    assert names > {"attach", "attached_links", "comment", "context", "rank"}
    assert {name: getattr(read, name) for name in names} == {
        name: getattr(made, name) for name in names
    }


NO_CONTENT: list[Any] = [[], "", None, 5, ["ab"], [["title", "BTS"]]]


@pytest.mark.parametrize("content", NO_CONTENT, ids=repr)
def test_an_entry_whose_content_is_no_object_is_set_aside(content: Any) -> None:
    damaged: dict[Any, Any] = {}
    op = cast(Any, SimpleNamespace(content=[], damaged=damaged))
    found = entries_of(op, "booklet", _document(content), ValidationContext(TODAY))
    assert [one.id for one in found] == ["good"]
    assert [(one.kind, one.id) for one in damaged.values()] == [(StoredKind.ENTRY, "bad")]


def test_the_content_of_an_entry_says_nothing_but_its_fields() -> None:
    names = ("id", "rubric", "rank", "siblings", "attached_links", "attached_documents", "canari")
    content = {"title": "BTS"} | dict.fromkeys(names, "canari")
    op = cast(Any, SimpleNamespace(content=[]))
    entry, _ = entries_of(op, "booklet", _document(content), ValidationContext(TODAY))
    assert "canari" not in map(str, vars(entry).values())
    assert entry.id == "bad"


def _document(content: Any) -> dict[str, Any]:
    """A section with an entry of that content, and another."""
    rows = [("bad", content), ("good", {"title": "BTS"})]
    return {"shape": SHAPE, "entries": [[id, "DIPLOMA", 0, 1, 10, 10, of] for id, of in rows]}

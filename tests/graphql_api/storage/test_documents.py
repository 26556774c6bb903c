"""Entries in the documents of sections."""

from dataclasses import fields
from types import SimpleNamespace
from typing import Any, cast

import pytest

from graphql_api.storage.content.documents import entries_of, entry_rows
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

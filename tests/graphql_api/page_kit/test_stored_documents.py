"""Every document that a page sends is one that the schema knows."""

import pkgutil
from importlib import import_module
from pathlib import Path

import pytest

import graphql_api
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from graphql_api.page_kit.stored_documents import StoredDocument

ROOM = Path(graphql_api.__path__[0])
SPACES = sorted(folder.name for folder in ROOM.glob("*_space"))


def documents() -> dict[str, StoredDocument]:
    """The documents of all spaces, by module and name, those that are only spread left out."""
    found = {}
    for space in SPACES:
        package = import_module(f"graphql_api.{space}")
        for _, name, _ in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            for one in vars(import_module(name)).values():
                if isinstance(one, StoredDocument) and not one.text.startswith("fragment "):
                    found[f"{space}/{one.name}"] = one
    return found


def test_there_are_documents_and_each_file_is_sent_or_spread() -> None:
    paths = {
        f"{path.relative_to(ROOM).parts[0]}/{path.stem}": path
        for path in ROOM.glob("*_space/**/*.graphql")
    }
    files = set(paths)
    fragments = {
        name
        for name, path in paths.items()
        if path.read_text(encoding="utf-8").startswith("fragment ")
    }
    assert len(files) > 5
    assert set(documents()) == files - fragments


@pytest.mark.parametrize("name", documents())
def test_a_stored_document_is_valid_and_within_the_limits(name: str) -> None:
    prepared = DocumentCache(GRAPHQL_SCHEMA).prepare(documents()[name].text)
    assert isinstance(prepared, PreparedOperation), prepared

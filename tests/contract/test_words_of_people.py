"""One thing has one French word, that of docs/glossary.md, wherever people read."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import graphql_api
import print_site
import schema

ROOT = Path(__file__).parents[2]
ROOMS = [Path(room.__file__).parent for room in (graphql_api, print_site, schema)]
GLOSSARY = (ROOT / "docs/glossary.md").read_text("utf-8")
# What is written instead of a word of the glossary.
INSTEAD = {"consentement": re.compile(r"(?<!d’)\baccords?\b", re.IGNORECASE)}


def french_texts() -> Iterator[tuple[Path, str]]:
    """Each template and text, and each literal of a module, with its file."""
    for room in ROOMS:
        for path in sorted(room.rglob("*.*")):
            if path.suffix in (".html", ".txt", ".md"):
                yield path, path.read_text("utf-8")
            elif path.suffix == ".py":
                for node in ast.walk(ast.parse(path.read_text("utf-8"))):
                    if isinstance(node, ast.Constant) and isinstance(node.value, str):
                        yield path, node.value


@pytest.mark.parametrize("word", INSTEAD)
def test_no_text_has_another_word_for_one_of_the_glossary(word: str) -> None:
    texts = list(french_texts())
    assert f"\n- {word} = " in GLOSSARY
    assert sum(word in text.lower() for _, text in texts) > 20
    found = [str(path) for path, text in texts if INSTEAD[word].search(text)]
    assert found == []

"""Reference data: one file for what is the same for everybody, with a version to keep it by."""

import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest
from graphql import GraphQLObjectType, get_named_type, is_leaf_type

from graphql_api.graphql_schema import GRAPHQL_SCHEMA
from schema import reference
from schema.codes import CODE_TABLES
from schema.description.rubric import RubricName
from tests.conftest import Here

# Reference data is not about rubrics by name: `screen` and `rubric` are parts of what is here.
QUERIES = [
    "screens",
    "menu",
    "parts",
    "rubrics",
    "identityForm",
    "situationForm",
    "dossierForm",
    "dossierIdentityForm",
    "dispenseForm",
    "shareLinkForm",
    "consentForm",
    "dossierPurposes",
    "codeTables",
    "charter",
    "decree",
    "closingWords",
    "referenceVersion",
]


def whole_selection(kind: Any) -> str:
    """A selection of everything that a type has."""
    named = get_named_type(kind)
    if is_leaf_type(named):
        return ""
    assert isinstance(named, GraphQLObjectType)
    fields = (f"{name} {whole_selection(field.type)}" for name, field in named.fields.items())
    return "{" + " ".join(fields) + "}"


def asked_one_by_one(here: Here) -> dict[str, Any]:
    fields = GRAPHQL_SCHEMA.type_map["Query"].fields
    answers: dict[str, Any] = {}
    for name in QUERIES:
        answers |= here.nobody().ask(f"{{ {name} {whole_selection(fields[name].type)} }}")
    return answers


def test_the_file_is_what_the_queries_answer_to_anybody(here: Here) -> None:
    answer = here.client.get("/reference.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.json() == asked_one_by_one(here)


def test_a_rubric_is_asked_for_by_its_name(here: Here) -> None:
    fields = "rubric key fields { key } help { whatItIs }"
    every = here.nobody().ask(f"{{ rubrics {{ {fields} }} }}")["rubrics"]
    document = f"query($name: RubricName!) {{ rubric(name: $name) {{ {fields} }} }}"
    alone = [here.nobody().ask(document, name=name.value)["rubric"] for name in RubricName]
    assert alone == every


def version_of(monkeypatch: pytest.MonkeyPatch, **changed: Any) -> str:
    with monkeypatch.context() as patch:
        for name, value in changed.items():
            patch.setattr(reference, name, value)
        reference.reference_version.cache_clear()
        found = reference.reference_version()
    reference.reference_version.cache_clear()
    return found


def test_the_version_changes_when_a_label_does_and_comes_back_with_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    first, *others = CODE_TABLES
    before = version_of(monkeypatch)
    relabelled = (replace(first, label=first.label + " "), *others)
    assert version_of(monkeypatch, CODE_TABLES=relabelled) != before
    assert version_of(monkeypatch, CODE_TABLES=(first, *others)) == before


def test_two_processes_have_the_same_version() -> None:
    command = "from schema.reference import reference_version; print(reference_version())"
    found = {
        subprocess.run(
            [sys.executable, "-c", command],
            env={"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert found == {reference.reference_version()}

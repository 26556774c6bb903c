"""docs/record.md says what the code does."""

import json
import re
from pathlib import Path

import graphql_api
from graphql_api.engine.http_request import MAX_BODY_BYTES
from graphql_api.records.routes import RECORD_BYTES
from schema.dossiers.dossier import MAX_DOSSIERS
from schema.entries.entries import COMMENT_LENGTH, NOTE_LENGTH
from schema.record.reading import INFORMATIONAL
from tests.conftest import Caller
from tests.graphql_api.records.records import exported, upload
from tests.schema.record.record_sample import RECORD

PAGE = (Path(graphql_api.__file__).parent.parent / "docs" / "record.md").read_text("utf-8")
ROWS = re.findall(r"^\| (`[a-zA-Z`, ]+`) \|(.*)\|$", PAGE, re.MULTILINE)


def rows(columns: int) -> dict[str, str]:
    """The keys of the tables of so many columns, with the last of them."""
    return {
        key: rest.split("|")[-1].strip()
        for keys, rest in ROWS
        if rest.count("|") == columns - 2
        for key in re.findall(r"\w+", keys)
    }


def test_the_page_names_every_key_and_which_are_imported(owner: Caller) -> None:
    upload(owner, RECORD)
    record = exported(owner)
    told = rows(3)
    assert set(told) == set(record)
    assert {key for key, imported in told.items() if imported == "no"} == set(INFORMATIONAL)
    assert set(rows(2)) == {key for entry in record["entries"] for key in entry}
    for section in ("account", "booklet", "charter"):
        inside = record[section][0] if section == "charter" else record[section]
        assert inside, section
        assert all(f"`{key}`" in PAGE for key in inside), section


def test_the_page_states_the_bounds() -> None:
    for bound in (RECORD_BYTES, MAX_BODY_BYTES, MAX_DOSSIERS, COMMENT_LENGTH):
        assert f"{bound:,}" in PAGE
    assert "as many as a booklet may hold ([limits.md](limits.md))" in PAGE
    assert f"at most {NOTE_LENGTH} characters" in PAGE


def test_the_entry_of_the_page_is_imported(owner: Caller) -> None:
    (entry,) = (
        json.loads(block)
        for block in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)
        if "rubric" in block
    )
    head = {"format": "livret", "formatVersion": 1}
    assert upload(owner, head | {"entries": [entry]}).status_code == 200
    assert exported(owner)["entries"] == [entry]

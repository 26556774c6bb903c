"""Incomplete answers are refused in French; nothing is written, and their data are not told."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from graphql import FieldNode, OperationDefinitionNode, parse
from msgspec.inspect import CustomType, NoneType, StructType, UnionType, type_info

from print_site import build, generator
from print_site.__main__ import main
from print_site.dossier import client
from print_site.dossier.model import DossierAnswer, LinkAnswer, PrintedDossier, PrintedLinks
from print_site.dossier.parsing import parse_dossier
from print_site.errors import PrintError, Reason
from tests.print_site.conftest import shortened
from tests.print_site.hostile import BOOKLET, Data, compact, worded

ABSENT = object()
DAMAGES = (None, 7, -1, 0.5, 10**400, True, "canari", ["canari", None], {"canari": 1}, ABSENT)
OPTIONAL = {
    *(
        "soughtPost",
        "recipient",
        "dispense",
        "holder.civility",
        "profile",
        "dispense.total",
        "parts.rubrics.entries.links.note",
    ),
    *(
        "panorama.lastUpdate",
        "panorama.highestLevel",
        "panorama.experience",
        "panorama.matrix.rows.kind",
    ),
    *("panorama.trainingDays.statutoryType", "panorama.validity.validUntil"),
}
COUNTS = {
    *("panorama.counters.count", "panorama.experience.months", "panorama.trainingDays.days"),
    "panorama.evidence.proved",
}
Path_ = tuple[str | int, ...]


def small() -> Data:
    """Return a dossier with one item in each list, as far as possible."""
    data = worded(compact(shortened(BOOKLET)), lambda word: word)
    first, *_, competence = (
        rubric["entries"][0] for part in data["parts"] for rubric in part["rubrics"] if rubric["entries"]
    )  # fmt: skip
    named = {"entry": first["entry"], "headline": "Master", "when": "2018"}
    tie = {"relation": {"code": "USED", "label": "Mise en œuvre"}, "note": "Au quotidien"}
    first |= {"links": [{"entry": competence["entry"], **tie}]}
    first |= {"attachments": [first["entry"]], "proves": [first["entry"]]}
    data["dispense"]["supports"] = [{**named, "counts": "Niveau 7"}]
    panorama = data["panorama"]
    panorama["currentPosts"] = [named]
    panorama["validity"] = [{**BOOKLET["panorama"]["validity"][0], "entry": first["entry"]}]
    row = {**BOOKLET["panorama"]["matrix"]["rows"][0], "competence": competence["entry"]}
    panorama["matrix"] = {
        "columns": [{"entry": first["entry"], "rubric": "DIPLOMA", "headline": "Master"}],
        "rows": [{**row, "cells": [{"entry": first["entry"], "relation": "USED"}]}],
    }
    for legal in (data["charter"], data["decree"]):
        legal["sections"] = legal["sections"][:1]
    return data


SMALL = small()


def places(
    value: Any, path: Path_ = (), met: set[str] | None = None
) -> Iterator[tuple[str, Path_]]:
    """Yield the first place of each name, with the names that lead to it; items of lists too."""
    met = set() if met is None else met
    name = ".".join(str(key) if isinstance(key, str) else "*" for key in path)
    if name not in met:
        met.add(name)
        yield name, path
    keys = (
        value if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    )
    for key in keys:
        yield from places(value[key], (*path, key), met)


PLACES = {name: path for name, path in places(SMALL) if path}


def damaged(path: Path_, damage: Any) -> Data:
    data = holder = copy.deepcopy(SMALL)
    for key in path[:-1]:
        holder = holder[key]  # type: ignore[index]  # a path may lead through lists
    if damage is ABSENT:
        del holder[path[-1]]  # type: ignore[arg-type]  # as above
    else:
        holder[path[-1]] = damage  # type: ignore[index]  # as above
    return data


def may_be(name: str, damage: Any) -> bool:
    """Whether the damaged value is valid: another text or number, or null where that is allowed."""
    path, plain = PLACES[name], name.replace(".*", "")
    value: Any = SMALL
    for key in path:
        value = value[key]
    if damage is None:
        return plain in OPTIONAL and not name.endswith("*")
    if damage is ABSENT:
        return isinstance(path[-1], int)
    if type(damage) is int:
        return plain in COUNTS and damage == 7
    if isinstance(damage, float):
        return plain == "panorama.trainingDays.days"
    return type(damage) is type(value) is bool or (
        isinstance(damage, str) and isinstance(value, str)
    )


@pytest.mark.parametrize("name", PLACES)
def test_a_value_of_another_type_anywhere_is_refused_and_what_is_not_is_printed(
    tmp_path: Path, name: str
) -> None:
    for damage in DAMAGES:
        read = outcome(damaged(PLACES[name], damage))
        if isinstance(read, PrintedDossier):
            assert may_be(name, damage), damage
            build.build_html(read, tmp_path / "d.html")
            continue
        assert read.reason is Reason.UNREADABLE
        assert "canari" not in read.message + read.detail
        if not isinstance(damage, str) and damage is not ABSENT:
            place = place_in(read)
            assert name.startswith(place) or place.startswith(name), read.detail
        # A text may name nothing, or be no date.
        assert isinstance(damage, str) or damage is ABSENT or not may_be(name, damage), damage


def place_in(error: PrintError) -> str:
    """Return the place that the error names, as `places` writes it."""
    found = re.search(r" - at `\$\.?(.*)`$", error.detail)
    assert found or error.detail.startswith(("Expected", "Object missing")), error.detail
    return re.sub(r"\[(\d+|\.\.\.)\]", ".*", found[1]) if found else ""


def outcome(data: Data) -> PrintedDossier | PrintError:
    try:
        return parse_dossier(data)
    except PrintError as error:
        return error


def test_the_structs_are_those_of_the_query() -> None:
    text = (client.QUERIES / "shared_dossier.graphql").read_text(encoding="utf-8")
    (operation,) = parse(text).definitions
    assert isinstance(operation, OperationDefinitionNode)
    (field,) = operation.selection_set.selections
    assert names_of(type_info(DossierAnswer)) == asked_by(field)


def names_of(kind: Any) -> Any:
    if isinstance(kind, StructType):
        return {field.encode_name: names_of(field.type) for field in kind.fields}
    if isinstance(kind, UnionType):
        return names_of(next(one for one in kind.types if not isinstance(one, NoneType)))
    if isinstance(kind, CustomType) and kind.cls is PrintedLinks:
        return names_of(type_info(LinkAnswer))
    return names_of(kind.item_type) if hasattr(kind, "item_type") else {}


def asked_by(field: Any) -> Any:
    below = field.selection_set.selections if field.selection_set else ()
    assert all(isinstance(one, FieldNode) for one in below)
    return {one.name.value: asked_by(one) for one in below}


WHOLE = json.dumps({"data": {"sharedDossier": SMALL}}).encode()
ANSWERS = {
    **{f"cut at {share} %": WHOLE[: len(WHOLE) * share // 100] for share in range(0, 100, 9)},
    "cut at the end": WHOLE[:-1],
    "twice": WHOLE * 2,
    "with an error": WHOLE[:-1] + b', "errors": [{"message": "Julliard", "path": ["canari"]}]}',
    "a null deep inside": json.dumps(
        {"data": {"sharedDossier": damaged(("parts", 0, "rubrics"), None)}}
    ).encode(),
    "another encoding": json.dumps({"data": {"sharedDossier": SMALL}}, ensure_ascii=False).encode(
        "cp1252", "replace"
    ),
    "a number that is none": WHOLE.replace(b'"months": ', b'"months": NaN, "x": '),
    "a number of a thousand figures": WHOLE.replace(b'"months": ', b'"months": 9' + b"9" * 5_000),
    "a name that has no letters": WHOLE.replace(b'"lastName"', b'"\\ud800"'),
    "deep": b'{"data": {"sharedDossier": ' + b'{"a":' * 50_000 + b"1" + b"}" * 50_002,
}


@pytest.mark.parametrize("answer", ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_not_whole_leaves_the_former_dossier_as_it_was(
    api: Any, tmp_path: Path, answer: bytes, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    monkeypatch.setenv("LIVRET_TOKEN", "canari-token")
    api.answer = answer
    former = {"html": b"page", "zip": b"archive", "pdf": b"%PDF-", "folder": None}
    for form, content in former.items():
        target = tmp_path / form
        if content is None:
            target.mkdir()
            (target / build.PAGE).write_bytes(b"page")
        else:
            target.write_bytes(content)
        asked = ["build", "--api", api.url, "--dossier", "d", "--out", str(target), f"--{form}"]
        assert main(asked) == 6
        out, said = capfd.readouterr()
        assert out == ""
        assert said.count("\n") == 1
        assert not {"Julliard", "canari", "Traceback"} & set(said.split())
        assert said in {
            "Les données reçues ne sont pas celles d’un dossier complet.\n",
            "La réponse de l’API n’est pas celle d’un livret.\n",
            "L’API n’a pas pu tout lire\u202f: un dossier incomplet n’est pas écrit.\n",
        }
        assert content in (None, target.read_bytes() if target.is_file() else b"")
    assert (tmp_path / "folder" / build.PAGE).read_bytes() == b"page"
    found = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*")}
    assert found == {*former, f"folder/{build.PAGE}"}


@pytest.mark.parametrize("form", ["html", "zip", "folder"])
def test_a_fault_while_laying_out_tells_its_kind_only_and_leaves_the_former_dossier(
    api: Any, tmp_path: Path, form: str, monkeypatch: pytest.MonkeyPatch, capfd: Any
) -> None:
    def faulty(*_: object) -> None:
        raise LookupError("Julliard")

    monkeypatch.setenv("LIVRET_TOKEN", "canari-token")
    asked = ["build", "--api", api.url, "--dossier", BOOKLET["id"], f"--{form}"]
    target = tmp_path / "d"
    assert main([*asked, "--out", str(target)]) == 0
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    capfd.readouterr()
    monkeypatch.setattr(generator, "draw_timeline", faulty)
    assert main([*asked, "--out", str(target)]) == 8
    out, said = capfd.readouterr()
    assert (out, said) == ("", "print_site: LookupError\nLa mise en page du dossier a échoué.\n")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before

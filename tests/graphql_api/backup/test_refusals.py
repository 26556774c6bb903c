"""A restore is whole or not at all: what is refused, one by one, and leaves the databases empty."""

import gzip
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import orjson
import peewee
import pyrage
import pytest

from graphql_api.backup import restoring
from graphql_api.storage.store import Store
from tests.conftest import Here, with_booklet
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.documents import whole

EMPTY: tuple[list[str], list[str]] = ([], [])
Edit = Callable[[list[Any]], list[Any]]


def edited(file: Path, edit: Edit) -> None:
    """Change the lines of a backup, without mending its last one."""
    lines = [orjson.loads(line) for line in gzip.decompress(file.read_bytes()).splitlines()]
    file.write_bytes(gzip.compress(b"".join(orjson.dumps(one) + b"\n" for one in edit(lines))))


def with_header(**changes: object) -> Edit:
    return lambda lines: [lines[0] | changes, *lines[1:]]


def restore(there: Place, data: Path, keys: Path) -> str:
    """What a refused restore says; nothing was restored."""
    code, out, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, out) == (1, ""), errors
    assert there.tables() == EMPTY
    return errors


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (lambda lines: lines[:-1], "abîmée ou coupée"),
        (lambda lines: lines[:-3] + lines[-1:], "abîmée ou coupée"),
        (lambda lines: [*lines, lines[-2]], "abîmée ou coupée"),
        (lambda lines: [*lines[:1], *lines], "abîmée"),
        (with_header(at="2020-01-01T00:00:00+00:00"), "abîmée ou coupée"),
        (with_header(format="other"), "n’est pas une sauvegarde de Livret"),
        (with_header(store=7), "n’est pas une sauvegarde de Livret"),
        (with_header(at="yesterday"), "n’est pas une sauvegarde de Livret"),
        (with_header(version=2), "version plus récente de Livret"),
        (with_header(version="1"), "n’est pas une sauvegarde de Livret"),
        (with_header(migrations={"migrations": ["0001_initial", "9999_later"]}), "plus récente"),
        (with_header(migrations={"other": ["0001_initial"]}), "plus récente"),
        (with_header(part="keys"), "c’en est une de clés"),
        (lambda _lines: [], "abîmée ou coupée"),
        (lambda _lines: [[1]], "n’est pas une sauvegarde de Livret"),
    ],
)
def test_a_file_that_is_not_a_whole_backup_is_refused(
    place: Place, elsewhere: Elsewhere, edit: Edit, said: str
) -> None:
    data, keys = backed_up(place)
    edited(data, edit)
    assert said in restore(elsewhere(), data, keys)


@pytest.mark.parametrize(
    "value", [{"b64": "abcde"}, {"b64": "é"}, {"b64": 5}, {"other": 1}, [[1]], 2**63], ids=repr
)
def test_a_file_with_a_value_that_no_column_takes_is_refused(
    here: Here, place: Place, elsewhere: Elsewhere, value: object
) -> None:
    with_booklet(here, "owner")
    data, keys = backed_up(place)

    def changed(lines: list[Any]) -> list[Any]:
        at = next(at for at, line in enumerate(lines) if isinstance(line, list) and len(line) > 2)
        return [*lines[:at], [*lines[at][:-1], value], *lines[at + 1 :]]

    edited(data, changed)
    assert "abîmée" in restore(elsewhere(), data, keys)


def test_a_file_with_a_row_twice_is_refused(here: Here, place: Place, elsewhere: Elsewhere) -> None:
    with_booklet(here, "owner")
    data, keys = backed_up(place)

    def twice(lines: list[Any]) -> list[Any]:
        at = next(at for at, line in enumerate(lines) if isinstance(line, list))
        return [*lines[: at + 1], *lines[at:]]

    edited(data, twice)
    assert "abîmée" in restore(elsewhere(), data, keys)


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_a_file_that_is_cut_or_changed_anywhere_is_refused(
    here: Here, place: Place, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    with_booklet(here, "owner")
    key = pyrage.x25519.Identity.generate()
    (identity := tmp_path / "key.txt").write_text(str(key))
    there = elsewhere()
    for options in ((), ("--recipient", str(key.to_public()))):
        data, keys = backed_up(place, *options)
        whole = data.read_bytes()
        named = ("restore", "--data", data, "--keys", keys, "--identity", identity)
        for at in (0, 1, 30, len(whole) // 3, len(whole) - 5, len(whole) - 1):
            data.write_bytes(whole[:at])
            assert there.livret(*named)[0] == 1, at
            data.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
            assert there.livret(*named)[0] == 1, at
        data.write_bytes(whole + b"more")
        assert there.livret(*named)[0] == 1
        assert there.tables() == EMPTY
    data.write_bytes(whole)
    assert there.livret(*named)[0] == 0


def test_a_database_that_is_not_empty_is_left_as_it_is(place: Place, elsewhere: Elsewhere) -> None:
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("migrate")[0] == 0
    before = there.tables()
    code, _, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, "n’est pas vide" in errors) == (1, True), errors
    assert there.tables() == before
    code, _, errors = place.livret("restore", "--data", data)
    assert (code, "n’est pas vide" in errors) == (1, True), errors


def test_two_files_of_different_services_are_refused(place: Place, elsewhere: Elsewhere) -> None:
    data, _ = backed_up(place)
    other, there = elsewhere(), elsewhere()
    assert other.livret("migrate")[0] == 0
    _, keys = backed_up(other)
    assert "pas du même service" in restore(there, data, keys)


def test_data_are_not_restored_beside_the_key_store_of_another_service(
    place: Place, elsewhere: Elsewhere
) -> None:
    data, _ = backed_up(place)
    other = elsewhere()
    assert other.livret("migrate")[0] == 0
    other.lose_data()
    code, out, errors = other.livret("restore", "--data", data)
    assert (code, out, other.tables()[0]) == (3, "", []), errors
    assert "n’est pas celle de ces livrets" in errors


def test_a_master_key_that_does_not_open_the_keys_restores_nothing(
    place: Place, elsewhere: Elsewhere
) -> None:
    data, keys = backed_up(place)
    there = elsewhere()
    there = replace(there, settings=replace(there.settings, master_key=bytes(range(1, 33))))
    code, out, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, out, there.tables()) == (3, "", EMPTY), errors
    assert "clé maîtresse" in errors


def test_one_file_is_not_restored_beside_an_empty_store(place: Place, elsewhere: Elsewhere) -> None:
    data, keys = backed_up(place)
    there = elsewhere()
    for words in (("--data", data), ("--keys", keys)):
        code, _, errors = there.livret("restore", *words)
        assert (code, "restaurez-la en même temps" in errors) == (1, True), errors
        assert there.tables() == EMPTY


@pytest.mark.parametrize("words", [(), ("--data", "no-such-file")])
def test_a_file_that_is_not_there_is_refused(elsewhere: Elsewhere, words: tuple[str, ...]) -> None:
    there = elsewhere()
    assert there.livret("restore", *words)[0] == 1
    assert there.tables() == EMPTY


def test_a_secret_key_that_is_none_is_refused(place: Place, elsewhere: Elsewhere) -> None:
    data, _ = backed_up(place)
    there = elsewhere()
    code, _, errors = there.livret("restore", "--data", data, "--identity", data)
    assert (code, "aucune clé secrète" in errors) == (1, True), errors
    assert there.tables() == EMPTY


@pytest.mark.parametrize("which", [0, 1])
@pytest.mark.parametrize("moment", ["filling", "commit"])
def test_a_store_that_fails_while_restoring_leaves_both_empty(
    here: Here,
    place: Place,
    elsewhere: Elsewhere,
    monkeypatch: pytest.MonkeyPatch,
    which: int,
    moment: str,
) -> None:
    with_booklet(here, "owner")
    data, keys = backed_up(place)
    there = elsewhere()
    failing = (there.settings.database_url, there.settings.key_store_url)[which]
    full = peewee.OperationalError("database or disk is full")

    class FailingStore(Store):
        """A store that has no room any more, while it is filled or at its commit."""

        def __init__(self, url: str, **options: Any) -> None:
            super().__init__(url, **options)
            self.fails = url == failing

        @contextmanager
        def writing(self) -> Iterator[None]:
            with super().writing():
                yield
                if self.fails and moment == "commit":
                    self.fails = False  # what takes the data out again is let
                    raise full

    fill = restoring._fill

    def filled(part: Any) -> list[str]:
        unknown = fill(part)
        if part.store.fails and moment == "filling":
            raise full
        return unknown

    monkeypatch.setattr("graphql_api.serving.Store", FailingStore)
    monkeypatch.setattr(restoring, "_fill", filled)
    restore(there, data, keys)
    monkeypatch.undo()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0


def test_keys_from_before_a_rotation_are_restored_with_the_previous_master_key(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner = with_booklet(here, "owner")
    data, keys = backed_up(place)
    there = elsewhere()
    old = there.settings.master_key
    rotated = replace(there.settings, master_key=bytes(range(1, 33)), previous_master_key=old)
    there = replace(there, settings=rotated)
    code, _, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, errors) == (0, "")
    with there.serving(here.clock) as client:
        owner.client = client
        assert whole(owner)["state"] == "OPEN"

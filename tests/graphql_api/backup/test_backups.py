"""A backup is two files, whole or not there, that give the same service back on either database."""

import gzip
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import orjson
import pyrage
import pytest

from tests.conftest import DATABASES, Here, with_booklet
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.booklets.closing import full_booklet
from tests.graphql_api.documents import WHOLE

Elsewhere = Callable[..., Place]
NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)


def backed_up(place: Place, *options: str) -> tuple[Path, Path]:
    """Back a service up, and return the file of data and the file of keys."""
    data, keys = place.folder / "data.livret", place.folder / "keys.livret"
    code, _, errors = place.livret("backup", "--data", data, "--keys", keys, *options)
    assert code == 0, errors
    return data, keys


@pytest.mark.parametrize("kind", DATABASES)
def test_a_restored_service_answers_the_same_record_byte_for_byte(
    here: Here, place: Place, elsewhere: Elsewhere, kind: str
) -> None:
    here.clock.stop(NOW)
    owner, other = full_booklet(here), with_booklet(here, "other")
    before = [record(here.client, one) for one in (owner, other)]
    data, keys = backed_up(place)
    there = elsewhere(kind)
    code, said, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, errors) == (0, "")
    assert "Données restaurées" in said
    with there.serving(here.clock) as client:
        assert [record(client, one) for one in (owner, other)] == before


def test_the_files_are_their_owner_s_alone_and_nothing_stands_beside_them(
    here: Here, place: Place
) -> None:
    full_booklet(here)
    files = backed_up(place)
    assert [stat.S_IMODE(file.stat().st_mode) for file in files] == [0o600, 0o600]
    assert place.files() == ["data.livret", "keys.livret"]


def test_a_backup_holds_neither_the_master_key_nor_what_a_booklet_says(
    here: Here, place: Place
) -> None:
    full_booklet(here)
    key = here.deployment.settings.master_key
    for file in backed_up(place):
        content = gzip.decompress(file.read_bytes())
        values = [orjson.loads(line) for line in content.splitlines()]
        assert len(values) > 2
        for secret in (key, key.hex().encode(), b"canari", b"Canari"):
            assert secret not in content


def test_a_backup_for_a_recipient_is_opened_by_their_secret_key_alone(
    here: Here, place: Place, elsewhere: Elsewhere, tmp_path: Path
) -> None:
    here.clock.stop(NOW)
    owner = full_booklet(here)
    before = record(here.client, owner)
    keys_of = [pyrage.x25519.Identity.generate() for _ in range(3)]
    files = [tmp_path / f"{number}.txt" for number in range(3)]
    for file, key in zip(files, keys_of, strict=True):
        file.write_text(f"# created: today\n# public key: {key.to_public()}\n{key}\n")
    data, keys = backed_up(
        place,
        "--recipient",
        str(keys_of[0].to_public()),
        "--recipient",
        str(keys_of[1].to_public()),
    )
    for file in (data, keys):
        assert file.read_bytes().startswith(b"age-encryption.org/v1\n")
        assert b"booklet" not in file.read_bytes()
    there = elsewhere()
    named = ("restore", "--data", data, "--keys", keys)
    code, _, errors = there.livret(*named)
    assert (code, "est chiffré" in errors) == (1, True)
    code, _, errors = there.livret(*named, "--identity", files[2])
    assert (code, "n’ouvre pas cette sauvegarde" in errors) == (1, True), errors
    assert there.tables() == ([], [])
    assert there.livret(*named, "--identity", files[1])[0] == 0
    with there.serving(here.clock) as client:
        assert record(client, owner) == before


def test_sessions_do_not_come_back_with_a_restore(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner = full_booklet(here)
    assert here.deployment.store.database.execute_sql("SELECT * FROM share_session").fetchall()
    data, keys = backed_up(place)
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    assert there.rows("share_session") == []
    with there.serving(here.clock) as client:
        owner.client = client
        assert owner.ask(WHOLE)["booklet"]["entries"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ((), "nommez un fichier"),
        (("--data", "x", "--keys", "./x"), "le même fichier"),
        (("--data", "x", "--recipient", "age1nonsense"), "clé publique"),
        (("--data", "no/such/folder/x"), "écriture impossible"),
    ],
)
def test_a_backup_that_cannot_be_made_is_refused_and_leaves_nothing(
    place: Place, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...], said: str
) -> None:
    monkeypatch.chdir(place.folder)
    code, out, errors = place.livret("backup", *words)
    assert (code, out) == (1, "")
    assert said in errors
    assert place.files() == []


def test_an_empty_database_is_no_backup(elsewhere: Elsewhere) -> None:
    there = elsewhere()
    code, _, errors = there.livret("backup", "--data", there.folder / "data.livret")
    assert (code, "il n’y a rien à sauvegarder" in errors) == (1, True), errors
    assert there.files() == []


def test_what_a_killed_backup_left_goes_with_the_next(here: Here, place: Place) -> None:
    (left := place.folder / ".data.livret.killed.part").write_bytes(b"half")
    (other := place.folder / ".other.livret.killed.part").write_bytes(b"of another file")
    backed_up(place)
    assert not left.exists()
    assert other.exists()


def test_an_older_backup_of_that_name_stays_whole_until_the_new_one_is(
    here: Here, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, _ = backed_up(place)
    before = data.read_bytes()

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    code, _, errors = place.livret("backup", "--data", data)
    assert (code, "écriture impossible" in errors) == (1, True), errors
    assert data.read_bytes() == before
    assert place.files() == ["data.livret", "keys.livret"]


def test_a_terminal_shows_how_far_it_is_and_a_log_does_not(
    here: Here, place: Place, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    full_booklet(here)
    data, keys = place.folder / "data.livret", place.folder / "keys.livret"
    for is_terminal in (False, True):
        shown = partial(bool, is_terminal)
        monkeypatch.setattr("graphql_api.commands.stores.backup_commands.is_terminal", shown)
        _, _, errors = place.livret("backup", "--data", data, "--keys", keys)
        assert ("Données" in errors) == is_terminal
        there = elsewhere()
        _, _, errors = there.livret("restore", "--data", data, "--keys", keys)
        assert ("Données" in errors) == is_terminal

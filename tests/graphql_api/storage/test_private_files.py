"""Whatever the service writes is for its own account: files 0600, folders 0700."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphql_api.commands.cli import main
from graphql_api.configuration.unsafe_settings import unsafe_settings
from graphql_api.private_files import make_private_folder
from graphql_api.storage.store import Store

KEY = "6f1cf0a7b3e2295d84c61b0e57aa39d2f8035b9c7d46e1180c92bfe4a5731d6e"


@pytest.fixture(autouse=True)
def _usual_umask() -> Iterator[None]:
    """As on most machines: what is written is read by everybody, unless somebody minds."""
    before = os.umask(0o022)
    yield
    os.umask(before)


def open_to_others(folder: Path) -> list[str]:
    """What others than its owner may read or enter, in a folder."""
    return [
        f"{path.name} {stat.S_IMODE(path.lstat().st_mode):o}"
        for path in sorted(folder.rglob("*"))
        if path.lstat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    ]


def test_a_database_and_its_logs_are_private_from_the_first_byte(tmp_path: Path) -> None:
    for journal in ("wal", "delete"):
        store = Store(f"sqlite:///{tmp_path}/{journal}.db", journal=journal)
        with store.writing():
            store.database.execute_sql("CREATE TABLE x (y)")
            assert open_to_others(tmp_path) == []
        store.close()
    assert {path.name for path in tmp_path.iterdir()} >= {"wal.db", "delete.db"}


def test_a_database_that_everybody_reads_is_closed_to_them(tmp_path: Path) -> None:
    path = tmp_path / "livret.db"
    store = Store(f"sqlite:///{path}")
    with store.writing():
        store.database.execute_sql("CREATE TABLE x (y)")
    for one in tmp_path.iterdir():
        one.chmod(0o666)
    again = Store(f"sqlite:///{path}")
    with again.writing():
        again.database.execute_sql("INSERT INTO x VALUES (1)")
    assert open_to_others(tmp_path) == []
    again.close()
    store.close()


def test_a_folder_that_was_there_is_closed_to_others(tmp_path: Path) -> None:
    folder = tmp_path / "mail"
    folder.mkdir(mode=0o777)
    make_private_folder(folder)
    make_private_folder(tmp_path / "one" / "two")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((tmp_path / "one" / "two").stat().st_mode) == 0o700


def test_commands_write_nothing_that_others_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, data = tmp_path / "keys", tmp_path / "data"
    keys.mkdir(mode=0o700)
    data.mkdir(mode=0o700)
    (keys / "master.key").touch(mode=0o600)
    (keys / "master.key").write_text(KEY)
    monkeypatch.chdir(data)
    monkeypatch.setenv("LIVRET_DATABASE_URL", f"sqlite:///{data}/livret.db")
    monkeypatch.setenv("LIVRET_KEY_STORE_URL", f"sqlite:///{keys}/keys.db")
    monkeypatch.setenv("LIVRET_MASTER_KEY_FILE", str(keys / "master.key"))
    both = ["backup", "--data", str(data / "data.livret"), "--keys", str(keys / "keys.livret")]
    for words in (["migrate"], ["sweep"], both, ["status"]):
        assert main(words) == 0, capsys.readouterr().err
    assert (data / "data.livret").exists()
    assert open_to_others(tmp_path) == []


def test_a_command_leaves_the_umask_of_its_process_as_it_was(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["sdl"]) == 0
    assert capsys.readouterr().out
    assert os.umask(0o022) == 0o022


def test_a_database_of_another_account_or_that_anybody_may_replace_is_refused_at_start(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o700)
    (folder / "livret.db").touch(mode=0o644)
    key = tmp_path / "master.key"
    key.write_text(KEY)
    key.chmod(0o600)
    given = {
        "LIVRET_DATABASE_URL": f"sqlite:///{folder}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{tmp_path}/keys/keys.db",
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_PUBLIC_URL": "https://livret.cnfpt.fr",
        "LIVRET_SMTP_URL": "smtps://courriel.cnfpt.fr",
        "LIVRET_MAIL_FROM": "livret@cnfpt.fr",
    }
    assert unsafe_settings(given) == ()
    folder.chmod(0o777)
    (finding,) = unsafe_settings(given)
    assert finding.variable == "LIVRET_DATABASE_URL"
    assert "chmod 700" in finding.remedy
    folder.chmod(0o1777)  # as /tmp: nobody replaces what is another's
    assert unsafe_settings(given) == ()
    ours = os.geteuid()
    monkeypatch.setattr("os.geteuid", lambda: ours + 1)
    assert [one.variable for one in unsafe_settings(given)] == ["LIVRET_DATABASE_URL"]

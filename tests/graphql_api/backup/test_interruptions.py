"""Backing up under writes, and what a kill or a full disk leaves of a backup and of a restore."""

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from graphql_api.backup import backing_up
from graphql_api.backup.backup_file import open_backup
from graphql_api.storage.store import Store
from tests.conftest import Here, with_booklet
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.booklets.closing import full_booklet
from tests.graphql_api.documents import added
from tests.patience import PATIENCE_SECONDS
from tests.torture.killing import runner, spread

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIVRET = Path(sys.executable).with_name("livret")
KILLS = 4
FEW = 8  # blocks of 512 bytes: the first page of a file, and not its second
SOME = 128  # as much as SQLite needs beside a database that is only read


def test_what_was_acknowledged_before_the_start_is_there_and_nothing_of_what_came_later(
    here: Here, place: Place, elsewhere: Elsewhere, monkeypatch: pytest.MonkeyPatch
) -> None:
    here.clock.stop(NOW)
    owner = full_booklet(here)
    added(owner, "diploma")
    before = record(here.client, owner)
    dump = backing_up.dump_tables
    written = []

    def dumped(store: Store) -> Iterator[bytes]:
        for number, line in enumerate(dump(store)):
            if number % 20 == 1 and len(written) < 5:
                written.append(added(owner, "diploma"))
            yield line

    monkeypatch.setattr(backing_up, "dump_tables", dumped)
    data, keys = place.folder / "data.livret", place.folder / "keys.livret"
    assert place.livret("backup", "--data", data)[0] == 0
    assert len(written) >= 3
    monkeypatch.setattr(backing_up, "dump_tables", dump)
    assert place.livret("backup", "--keys", keys)[0] == 0
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    with there.serving(here.clock) as client:
        assert record(client, owner) == before


def lines_of(file: Path) -> int:
    """How many lines a backup has. One that is not whole is refused here."""
    with open_backup(file, [], lambda _more: None) as (_, lines):
        return sum(1 for _ in lines)


def test_a_backup_that_is_killed_leaves_no_half_file_that_bears_a_name(
    here: Here, place: Place
) -> None:
    with_booklet(here, "owner")
    data, keys = place.folder / "data.livret", place.folder / "keys.livret"
    words = ("backup", "--data", str(data), "--keys", str(keys))
    with runner() as run:
        command = ("graphql_api.commands", *words)
        whole = run.run(*command, environment=place.environment)
        assert not whole.failed
        for before in spread(whole.statements, KILLS):
            for file in (data, keys):
                file.unlink(missing_ok=True)
            ended = run.run(*command, environment=place.environment, before=before)
            assert ended.killed, before
            for file in (data, keys):
                assert not file.exists() or lines_of(file), before
        assert not run.run(*command, environment=place.environment).failed
    assert place.files() == [data.name, keys.name]


def test_a_restore_that_is_killed_leaves_nothing_on_which_a_service_starts(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    here.clock.stop(NOW)
    owner = full_booklet(here)
    before = record(here.client, owner)
    data, keys = backed_up(place)
    command = ("graphql_api.commands", "restore", "--data", str(data), "--keys", str(keys))
    with runner() as run:
        whole = run.run(*command, environment=elsewhere().environment)
        assert not whole.failed
        for at in spread(whole.statements, KILLS):
            there = elsewhere()
            ended = run.run(*command, environment=there.environment, before=at)
            assert ended.killed, at
            tables = there.tables()
            if tables == ([], []):
                assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0, at
            elif not tables[1]:  # killed between the two commits
                assert there.livret("migrate")[0] == 3, at
            else:  # killed after both
                with there.serving(here.clock) as client:
                    assert record(client, owner) == before


def limited(place: Place, blocks: int, *words: object) -> "subprocess.CompletedProcess[str]":
    """A command in a process whose files cannot grow over some blocks, as on a disk that is full.

    Not on a database that this process has open: the limit also stops what SQLite shares there.
    """
    command = ["sh", "-c", f'ulimit -f {blocks}; exec "$@"', "sh", LIVRET, *map(str, words)]
    environment = os.environ | place.environment
    return subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=PATIENCE_SECONDS
    )


def test_a_backup_without_room_on_the_disk_says_so_and_leaves_nothing(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    owner = full_booklet(here)
    for number in range(30):
        added(owner, "diploma", comment=b64encode(Random(number).randbytes(2_900)).decode())
    data, keys = backed_up(place)
    assert data.stat().st_size > SOME * 512
    there = elsewhere()
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0
    before = there.files()
    ended = limited(there, SOME, "backup", "--data", there.folder / "again.livret")
    assert ended.returncode == 1, ended
    assert "écriture impossible" in ended.stderr
    assert there.files() == before


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_a_restore_without_room_on_the_disk_says_so_and_leaves_nothing(
    here: Here, place: Place, elsewhere: Elsewhere
) -> None:
    full_booklet(here)
    data, keys = backed_up(place)
    there = elsewhere()
    ended = limited(there, FEW, "restore", "--data", data, "--keys", keys)
    assert (ended.returncode, ended.stdout) == (1, ""), ended
    assert there.tables() == ([], [])
    assert there.livret("restore", "--data", data, "--keys", keys)[0] == 0

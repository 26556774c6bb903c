"""Backing up under writes, and what a full disk leaves of a backup and of a restore.

What a kill leaves is in `tests/torture/test_kills_while_backing_up.py`.
"""

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
from graphql_api.storage.store import Store
from tests.conftest import Here
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.booklets.closing import full_booklet
from tests.graphql_api.documents import added
from tests.patience import PATIENCE_SECONDS

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
LIVRET = Path(sys.executable).with_name("livret")
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

"""`livret backup` and `livret restore`, killed at statements from the first to the last.

A file of a backup is whole or not there; a place is restored wholly, or no service starts on it.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from graphql_api.backup.backup_file import open_backup
from graphql_api.backup.backup_header import BackupError
from tests.conftest import Here
from tests.graphql_api.backup.places import Place, record
from tests.graphql_api.booklets.closing import full_booklet
from tests.torture.figures import Figures
from tests.torture.killing import Runner, runner, spread

pytestmark = pytest.mark.torture

NOW = datetime(2026, 11, 29, 12, tzinfo=UTC)
DATA, KEYS = "data.livret", "keys.livret"


def livret(
    run: Runner, place: Place, verb: str, folder: Path | None = None, before: int = 0
) -> Any:
    """Run a command on the stores of a place, with the files of a folder."""
    key = place.folder / "master.key"
    if not key.exists():
        key.touch(0o600)
        key.write_text(place.settings.master_key.hex())
    environment = {
        "LIVRET_DATABASE_URL": place.settings.database_url,
        "LIVRET_KEY_STORE_URL": place.settings.key_store_url,
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_PROFILE": "development",
    }
    words = [] if folder is None else ["--data", str(folder / DATA), "--keys", str(folder / KEYS)]
    return run.run("graphql_api.commands", verb, *words, environment=environment, before=before)


def is_whole(file: Path) -> bool:
    try:
        with open_backup(file, [], lambda _size: None) as (_, lines):
            return sum(1 for _ in lines) > 0
    except BackupError:
        return False


def test_a_backup_that_is_killed_leaves_no_file_that_is_not_whole(
    here: Here,
    place: Place,
    tmp_path: Path,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    here.clock.stop(NOW)
    owner = full_booklet(here)
    before = record(here.client, owner)
    killed = cut = 0
    cut_short: list[Path] = []
    with runner() as run:
        (folder := tmp_path / "whole").mkdir()
        full = livret(run, place, "backup", folder)
        assert not full.failed
        for number in spread(full.statements, times(3, 30)):
            (folder := tmp_path / f"killed-{number}").mkdir()
            killed += livret(run, place, "backup", folder, number).killed
            cut += sum(not is_whole(file) for file in folder.glob("*.livret"))
            cut_short += [folder] if list(folder.glob(".*.part")) else []
        assert not livret(run, place, "backup", cut_short[0]).failed
        left = len(list(cut_short[0].iterdir())) - len((DATA, KEYS))
    figures.at_least("kills of a backup", killed, times(3, 25))
    figures.exactly("files with the name of a backup that are not whole", cut, 0)
    figures.exactly("drafts left after the next backup of that name", left, 0)
    figures.exactly("booklets that changed", int(record(here.client, owner) != before), 0)


def test_a_restore_that_is_killed_is_whole_or_no_service_starts_on_it(
    here: Here,
    place: Place,
    elsewhere: Callable[[], Place],
    tmp_path: Path,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    here.clock.stop(NOW)
    owner = full_booklet(here)
    before = record(here.client, owner)
    killed = halves = whole = stuck = 0
    with runner() as run:
        (files := tmp_path / "files").mkdir()
        assert not livret(run, place, "backup", files).failed
        full = livret(run, elsewhere(), "restore", files)
        assert not full.failed
        for number in spread(full.statements, times(3, 30)):
            there = elsewhere()
            killed += livret(run, there, "restore", files, number).killed
            data, keys = there.tables()
            if not data and not keys:  # nothing was restored: it can be begun anew
                stuck += livret(run, there, "restore", files).failed
            elif not keys:  # killed between the two commits
                halves += not livret(run, there, "migrate").failed
            else:  # a service starts
                with there.serving(here.clock) as client:
                    is_same = record(client, owner) == before
                whole, halves = whole + is_same, halves + (not is_same)
    figures.at_least("kills of a restore", killed, times(3, 25))
    figures.size("of them, after all was restored", whole)
    figures.exactly("places where nothing was restored, and nothing can be", stuck, 0)
    figures.exactly("places half restored on which a service starts", halves, 0)

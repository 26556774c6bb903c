"""`livret keys rotate-master`, killed at statements from the first to the last, then run again.

Whatever instant it was killed at, a service that has both keys reads every booklet; when the
command has ended, the new key alone does.
"""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_application
from graphql_api.configuration.settings import Settings
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.documents import added, whole
from tests.torture.figures import Figures
from tests.torture.killing import Runner, runner, spread

pytestmark = pytest.mark.torture

KEYS = [bytes([number]) * 16 + bytes(range(16)) for number in (1, 2)]


def rotate(
    run: Runner, settings: Settings, folder: Path, new: bytes, old: bytes, before: int = 0
) -> Any:
    for name, key in (("new", new), ("old", old)):
        file = folder / name
        file.touch(0o600)
        file.write_text(key.hex())
    environment = {
        "LIVRET_DATABASE_URL": settings.database_url,
        "LIVRET_KEY_STORE_URL": settings.key_store_url,
        "LIVRET_MASTER_KEY_FILE": str(folder / "new"),
        "LIVRET_PREVIOUS_MASTER_KEY_FILE": str(folder / "old"),
        "LIVRET_PROFILE": "development",
    }
    words = ("keys", "rotate-master")
    return run.run("graphql_api.commands", *words, environment=environment, before=before)


def unread(settings: Settings, wanted: dict[str, tuple[Caller, Any]]) -> int:
    """How many of the booklets a service with these settings does not answer as before."""
    with TestClient(create_application(settings), base_url=settings.public_url) as client:
        return sum(
            whole(Caller(client, one.token, one.name)) != before for one, before in wanted.values()
        )


def test_a_rotation_that_is_killed_leaves_every_booklet_readable_and_is_finished_by_the_next(
    here: Here, tmp_path: Path, figures: Figures, times: Callable[[int, int], int]
) -> None:
    settings = here.deployment.settings
    wanted = {}
    for number in range(6):
        owner = with_booklet(here, f"agent {number}")
        added(owner, "diploma")
        wanted[owner.name] = (owner, whole(owner))
    first, killed, during, after, failed = settings.master_key, 0, 0, 0, 0
    current = first
    with runner() as run:
        full = rotate(run, settings, tmp_path, KEYS[0], current)
        assert not full.failed
        current = KEYS[0]
        for number, before in enumerate(spread(full.statements, times(2, 30))):
            old, current = current, KEYS[(number + 1) % 2]
            killed += rotate(run, settings, tmp_path, current, old, before).killed
            both = replace(settings, master_key=current, previous_master_key=old)
            during += unread(both, wanted)
            failed += rotate(run, settings, tmp_path, current, old).failed
            after += unread(replace(settings, master_key=current), wanted)
        assert not rotate(run, settings, tmp_path, first, current).failed
    figures.at_least("kills", killed, times(2, 25))
    figures.exactly("booklets not read after a kill, with both keys", during, 0)
    figures.exactly("rotations that the next command did not finish", failed, 0)
    figures.exactly("booklets not read afterwards, with the new key alone", after, 0)

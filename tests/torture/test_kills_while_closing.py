"""Closing a booklet, killed at statements from the first to the last: closed wholly, or as before.

What a kill leaves between the commits of the two stores, the next start of the service finishes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphql_api.serving import recover_and_clean_up
from tests.conftest import Here
from tests.graphql_api.booklets.closing import destroyed, full_booklet, rows, tables_with_rows_of
from tests.graphql_api.documents import WHOLE, whole
from tests.torture.figures import Figures
from tests.torture.killing import runner, spread

pytestmark = pytest.mark.torture

OUTLIVES = {"tombstone", "closing"}  # of a booklet that was closed


def environment(here: Here, folder: Path) -> dict[str, str]:
    """The settings of the service under test, for a child."""
    key = folder / "master.key"
    key.write_text(here.deployment.settings.master_key.hex())
    key.chmod(0o600)
    return {
        "LIVRET_DATABASE_URL": here.deployment.settings.database_url,
        "LIVRET_KEY_STORE_URL": here.deployment.settings.key_store_url,
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_PROFILE": "development",
    }


def connect_anew(here: Here) -> None:
    """Begin the time of statements anew: each connection has five seconds."""
    for store in (here.deployment.store, here.deployment.key_store):
        store.connect()


def rows_of(here: Here, booklet: str) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of both stores in which the id of a booklet turns up."""
    return {
        f"{number}.{table}": found
        for number, store in enumerate((here.deployment.store, here.deployment.key_store))
        for table in store.database.get_tables()
        if (found := [row for row in rows(store, table) if booklet in row])
    }


def test_a_closing_that_is_killed_is_done_or_undone_and_a_start_finishes_it(
    here: Here, tmp_path: Path, figures: Figures, times: Callable[[int, int], int]
) -> None:
    settings = environment(here, tmp_path)
    other = full_booklet(here, "other")
    theirs = whole(other)
    killed = undone = half = left = readable = 0
    with runner() as run:

        def close(name: str, before: int = 0) -> Any:
            return run.run("tests.torture.closing_child", name, environment=settings, before=before)

        full_booklet(here, "first")
        full = close("first")
        assert not full.failed
        for before in spread(full.statements, times(3, 30)):
            name = f"agent {before}"
            owner = full_booklet(here, name)
            booklet = whole(owner)["id"]
            connect_anew(here)
            there = rows_of(here, booklet)
            killed += close(name, before).killed
            connect_anew(here)
            if rows_of(here, booklet) == there:
                undone += 1
                assert not close(name).failed
                connect_anew(here)
            half += not tables_with_rows_of(here.deployment, booklet) <= {*OUTLIVES, "booklet_key"}
            connect_anew(here)
            readable += owner.ask(WHOLE) != {"booklet": None}
            recover_and_clean_up(here.deployment.service)
            connect_anew(here)
            left += tables_with_rows_of(here.deployment, booklet) != OUTLIVES
            left += not destroyed(here.deployment, booklet)
    figures.at_least("kills", killed, times(3, 30))
    figures.size("closings that were undone by it, then done", undone)
    figures.exactly("closings half done in the data", half, 0)
    figures.exactly("booklets that still read after a closing", readable, 0)
    figures.exactly("rows or keys left after the next start", left, 0)
    figures.exactly("booklets of others that changed", int(whole(other) != theirs), 0)

"""`livret migrate`, killed at statements from the first to the last: each migration whole or not at all."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from graphql_api.identity_provider import migrating as provider_migrating
from graphql_api.storage import migrating
from graphql_api.storage.migrating import migrate_one
from graphql_api.storage.store import Store
from tests.torture.figures import Figures
from tests.torture.killing import Runner, runner, spread
from tests.torture.stores import applied, empty_pair, opened, schema_of

pytestmark = pytest.mark.torture

FOLDERS = (
    (0, Path(migrating.__file__).parent / "migrations"),
    (1, Path(migrating.__file__).parent / "key_migrations"),
    (0, Path(provider_migrating.__file__).parent / "migrations"),
)
State = tuple[frozenset[str], list[tuple[Any, ...]]]


def state(store: Store) -> State:
    return applied(store), schema_of(store)


def whole_states(urls: tuple[str, str], home: Path) -> list[State]:
    """The states of both stores between two migrations, when nothing interrupts them."""
    seen: list[State] = []
    for which, folder in FOLDERS:
        home.mkdir()
        for file in sorted(folder.glob("[0-9]*.py")):
            shutil.copy(file, home)
            migrate_one(Store(urls[which], journal="delete" if which else "wal"), home)
            with opened(urls[which]) as (store,):
                seen.append(state(store))
        shutil.rmtree(home)
    return seen


def migrated(run: Runner, urls: tuple[str, str], key: Path, before: int = 0) -> Any:
    environment = {
        "LIVRET_DATABASE_URL": urls[0],
        "LIVRET_KEY_STORE_URL": urls[1],
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_PROFILE": "development",
    }
    return run.run("graphql_api.commands", "migrate", environment=environment, before=before)


def test_a_migration_that_is_killed_is_done_or_not_begun_and_can_go_on(
    database: str,
    tmp_path: Path,
    request: pytest.FixtureRequest,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    create = request.getfixturevalue("postgresql") if database == "postgresql" else None
    key = tmp_path / "master.key"
    key.write_text(bytes(range(32)).hex())
    key.chmod(0o600)

    def pair(name: str) -> tuple[str, str]:
        return empty_pair(tmp_path, create, f"{tmp_path.name}-{name}")

    whole = [(frozenset(), []), *whole_states(pair("whole"), tmp_path / "home")]
    halves, unfinished, killed = 0, 0, 0
    with runner() as run:
        once = pair("once")
        full = migrated(run, once, key)
        assert not full.failed
        with opened(*once) as stores:
            finished = [state(store) for store in stores]
        assert all(each in whole for each in finished), "the comparison knows the whole"
        for before in spread(full.statements, times(3, 30)):
            urls = pair(f"{before}")
            killed += migrated(run, urls, key, before).killed
            with opened(*urls) as stores:
                halves += sum(state(store) not in whole for store in stores)
            unfinished += migrated(run, urls, key).failed
            with opened(*urls) as stores:
                unfinished += [state(store) for store in stores] != finished
    figures.at_least("kills", killed, times(3, 30))
    figures.exactly("stores left between two migrations", halves, 0)
    figures.exactly("migrations that did not go on after it", unfinished, 0)

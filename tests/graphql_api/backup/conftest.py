"""The place where the service of a test runs, and empty places on both kinds of database."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Here
from tests.graphql_api.backup.places import Place, place_of


@pytest.fixture
def place(
    here: Here,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Place:
    """Where the service of `here` has its stores."""
    for store in (here.deployment.store, here.deployment.key_store):
        with store.writing():  # the tests before have emptied it row by row
            store.database.execute_sql("UPDATE store_mark SET serial = 0")
    (folder := tmp_path / "here").mkdir()
    return Place(here.kind, here.deployment.settings, folder, monkeypatch, capsys)


@pytest.fixture
def elsewhere(
    here: Here,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    request: pytest.FixtureRequest,
) -> Callable[[str], Place]:
    """Makes a place with two empty databases of a kind; of the same as `here` without one."""

    def make(kind: str = "") -> Place:
        kind = kind or here.kind
        create = request.getfixturevalue("postgresql") if kind == "postgresql" else None
        folder = tmp_path / f"elsewhere-{len(list(tmp_path.iterdir()))}"
        return place_of(kind, here.deployment.settings, folder, monkeypatch, capsys, create)

    return make

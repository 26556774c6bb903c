"""The service as a command line, as browsers see it, and on a real port with what it prints."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from graphql_api.commands import cli
from tests.conftest import Deployment, Here
from tests.graphql_api.commands.commands import Livret
from tests.graphql_api.dossiers.downloads import Served, serving
from tests.graphql_api.site import Site


@pytest.fixture
def livret(
    here: Here,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> Livret:
    """Runs a command on the databases of `here`: its exit code, its output, its errors."""
    settings = here.deployment.settings
    key = tmp_path / "master.key"
    key.write_text(settings.master_key.hex())
    monkeypatch.setenv("LIVRET_DATABASE_URL", settings.database_url)
    monkeypatch.setenv("LIVRET_KEY_STORE_URL", settings.key_store_url)
    monkeypatch.setenv("LIVRET_MASTER_KEY_FILE", str(key))
    monkeypatch.setenv("LIVRET_PROFILE", "development")
    monkeypatch.chdir(tmp_path)

    def run(*words: str) -> tuple[int, str, str]:
        try:
            code = cli.main(list(words))
        except SystemExit as end:
            code = int(end.code or 0)
        said = capsys.readouterr()
        return code, said.out, said.err

    return run


@pytest.fixture
def site(here: Here) -> Site:
    """The service as browsers see it, on each database in turn, with no account yet."""
    return Site(here, here.client)


@pytest.fixture(scope="module")
def running(deploy: Callable[[str], Deployment]) -> Iterator[Served]:
    """One service on PostgreSQL, whose worker serves the tests of a file."""
    with serving(deploy("postgresql"), "postgresql") as served:
        yield served


@pytest.fixture
def served(running: Served, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    """The same, beginning empty; nothing may be left in the folder for temporary files."""
    running.here.deployment.empty()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield running
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def alone(
    deploy: Callable[[str], Deployment], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    """An empty deployment on SQLite; no temporary file may be left."""
    deployment = deploy("sqlite")
    deployment.empty()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    yield deployment
    assert list(tmp_path.iterdir()) == []

"""The service before, during and after its migrations; and the command."""

from pathlib import Path

import pytest

from graphql_api.app import create_application
from graphql_api.commands import cli
from graphql_api.configuration.settings import Settings
from graphql_api.serving import build_service, migrate_stores
from schema.typography import typeset
from tests.client import TestClient
from tests.graphql_api.storage.test_migrations import ALL, HERE, Place, place

__all__ = ["place"]  # a fixture

PROVIDER = [
    f"migrations/{file.stem}"
    for file in sorted((HERE.parent / "identity_provider/migrations").glob("[0-9]*.py"))
]


@pytest.fixture
def settings(place: Place, tmp_path: Path) -> Settings:
    """The settings of a service on two empty stores."""
    return Settings(
        database_url=place.urls[0],
        key_store_url=place.urls[1],
        master_key=bytes(32),
        mail_folder=tmp_path,
        threads=1,
    )


def test_the_service_is_ready_only_when_nothing_is_pending(
    place: Place, settings: Settings
) -> None:
    with TestClient(create_application(settings)) as client:
        assert client.get("/readyz").status_code == 503
        service = build_service(settings)
        migrate_stores(service)
        service.close()
        data, keys = place.stores()
        assert client.get("/readyz").status_code == 200
        for store in (data, keys):
            store.connect()
            forget = "UPDATE schema_migration SET name = '{}' WHERE name = '{}'"
            store.database.execute_sql(forget.format("forgotten", "0001_initial"))
            assert client.get("/readyz").status_code == 503
            store.database.execute_sql(forget.format("0001_initial", "forgotten"))
            assert client.get("/readyz").status_code == 200
            store.close()


def test_a_service_that_starts_before_its_migrations_says_which_command_they_are(
    settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    def said() -> list[str]:
        caplog.clear()
        with TestClient(create_application(settings)):
            lines = caplog.records
        return [one.message for one in lines if getattr(one, "event", "") == "not-ready"]

    assert "livret migrate" in "".join(said())
    service = build_service(settings)
    migrate_stores(service)
    service.close()
    assert said() == []


def test_the_command_migrates_and_says_what_it_did(
    place: Place,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = tmp_path / "master.key"
    key.write_text("00" * 32)
    monkeypatch.setenv("LIVRET_DATABASE_URL", place.urls[0])
    monkeypatch.setenv("LIVRET_KEY_STORE_URL", place.urls[1])
    monkeypatch.setenv("LIVRET_MASTER_KEY_FILE", str(key))
    monkeypatch.setenv("LIVRET_PROFILE", "development")
    for said in ("\n".join([*ALL, *PROVIDER]), typeset("Rien à faire : les bases sont à jour.")):
        assert cli.main(["migrate"]) == 0
        assert capsys.readouterr().out == f"{said}\n"

"""A backup of an older version is restored as it was, and then brought to the present shape."""

from pathlib import Path

import pytest

from graphql_api.backup.backing_up import FOLDERS
from graphql_api.storage.migrating import migrate_within
from tests.conftest import Here
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up

LAST = {"migrations": "0006_statistics", "provider": "0004_upstream", "key_migrations": None}


@pytest.fixture
def older(elsewhere: Elsewhere) -> Place:
    """A service before codes had references and stores had marks, with a code."""
    place = elsewhere()
    with place.stores() as stores:
        for store, folders in zip(stores, FOLDERS.values(), strict=True):
            with store.writing():
                for name, folder in folders.items():
                    migrate_within(store, folder, LAST[name] or "0002_account_keys")
        mark = "?" if stores[0].is_sqlite else "%s"
        stores[0].database.execute_sql(
            "INSERT INTO authorization_code (code_hash, siret, created_at, expires_at, uses, max_uses)"
            f" VALUES ({mark}, '21330063500017', 1, 2, 0, 1)",
            ("a" * 64,),
        )
    return place


def test_an_older_backup_is_upgraded_by_the_migrations_that_it_lacks(
    here: Here, older: Place, elsewhere: Elsewhere
) -> None:
    data, keys = backed_up(older)
    there = elsewhere()
    code, _, errors = there.livret("restore", "--data", data, "--keys", keys)
    assert (code, errors) == (0, "")
    assert there.livret("migrate")[0] == 0  # which gives the stores their marks
    (row,) = there.rows("authorization_code")
    assert row[0] == "a" * 64
    assert row[7]  # the reference that the migration gave it
    assert there.livret("check")[0] == 0


def test_a_database_newer_than_the_program_is_not_backed_up(here: Here, older: Place) -> None:
    with older.stores() as (store, _):
        store.database.execute_sql(
            "INSERT INTO schema_migration (name, applied) VALUES ('9999_later', '2030-01-01')"
        )
    file = Path(older.folder / "data.livret")
    code, _, errors = older.livret("backup", "--data", file)
    assert (code, "plus récente de Livret" in errors, file.exists()) == (1, True, False)

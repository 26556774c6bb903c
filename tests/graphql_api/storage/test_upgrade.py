"""Upgrading a database that was in use before codes had batches and references, charters versions."""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import peewee
import pytest

import graphql_api
from graphql_api.storage import migrating
from graphql_api.storage.store import Store
from tests.conftest import DATABASES

HERE = Path(graphql_api.__file__).parent / "storage"
OLD_CODES = [("a" * 64, None), ("b" * 64, 1_700_000_000_000_000)]


@pytest.fixture(params=DATABASES)
def upgraded(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    """A database that only the first migration had made, with two codes and two booklets."""
    home = tmp_path / "home"
    for folder in ("migrations", "key_migrations"):
        (home / folder).mkdir(parents=True)
        for file in (HERE / folder).glob("0001_*.py"):
            shutil.copy(file, home / folder)
    if request.param == "sqlite":
        urls = [f"sqlite:///{tmp_path}/{name}.db" for name in ("livret", "keys")]
    else:
        create: Callable[[str], str] = request.getfixturevalue("postgresql")
        urls = [create(f"{name}-{tmp_path.name}") for name in ("livret", "keys")]
    stores = [Store(url) for url in urls]
    migrating.migrate(*stores, home=home)
    database = stores[0].database
    stores[0].connect()
    mark = "?" if request.param == "sqlite" else "%s"
    for code, used_at in OLD_CODES:
        database.execute_sql(
            "INSERT INTO authorization_code (code_hash, siret, created_at, expires_at, used_at)"
            f" VALUES ({mark}, '21330063500017', 1, 2, {mark})",
            (code, used_at),
        )
    for id, version, at in (("open", "1", 5), ("given", None, None)):
        database.execute_sql(
            "INSERT INTO booklet (id, person, state, version, code_hash, charter_version,"
            " charter_accepted_at, created_at, updated_at, identity_version)"
            f" VALUES ({mark}, {mark}, 'OPEN', 1, 'x', {mark}, {mark}, 1, 1, 0)",
            (id, id, version, at),
        )
    stores[0].disconnect()
    assert "migrations/0002_roles_journal_and_closing" in migrating.migrate(*stores)
    stores[0].connect()
    yield database
    for store in stores:
        store.close()


def test_a_code_that_was_used_stays_used(upgraded: Any) -> None:
    rows = upgraded.execute_sql(
        "SELECT code_hash, uses, max_uses FROM authorization_code ORDER BY code_hash"
    ).fetchall()
    assert rows == [("a" * 64, 0, 1), ("b" * 64, 1, 1)]


def test_every_code_gets_a_name_so_that_it_can_be_listed(upgraded: Any) -> None:
    rows = upgraded.execute_sql("SELECT id, batch FROM authorization_code").fetchall()
    assert len({id for id, _ in rows}) == 2
    assert len({batch for _, batch in rows}) == 1
    assert all(len(id) == len(batch) == 36 for id, batch in rows)


def test_every_code_gets_a_reference_of_its_own(upgraded: Any) -> None:
    rows = upgraded.execute_sql("SELECT reference FROM authorization_code").fetchall()
    assert len(set(rows)) == 2
    assert all(re.fullmatch("[0-9]{4}-[0-9]{4}", reference) for (reference,) in rows)


def test_two_codes_of_a_collectivite_never_share_a_reference(upgraded: Any) -> None:
    with pytest.raises(peewee.IntegrityError):
        upgraded.execute_sql("UPDATE authorization_code SET reference = '0000-0000'")


def test_a_charter_that_was_accepted_stays_recorded(upgraded: Any) -> None:
    rows = upgraded.execute_sql("SELECT booklet, version, accepted_at FROM charter_acceptance")
    assert rows.fetchall() == [("open", "1", 5)]

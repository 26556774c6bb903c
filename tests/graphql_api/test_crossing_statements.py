"""Which statements cross booklets: the lists are whole, the check sees what it must, the page says it."""

from pathlib import Path

import pytest

from tests.conftest import Caller
from tests.statements import (
    APART,
    CROSSING,
    Watch,
    columns_of_tables,
    names_its_owner,
    owned_tables,
)

PAGE = (Path(__file__).parents[2] / "docs/scale.md").read_text("utf-8")
PRODUCT = Path(__file__).parents[2] / "graphql_api"
ONE = 'FROM "draft" AS "t1"'


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT "t1"."id" {ONE} WHERE ("t1"."booklet" = ?)',
        f'SELECT "t1"."id" {ONE} WHERE (("t1"."saved_at" > %s) AND ("t1"."booklet" IN (%s, %s)))',
        'INSERT INTO "draft" ("booklet", "id") VALUES (?, ?)',
        'UPDATE "booklet" SET "version" = ? WHERE ("booklet"."id" = ?)',
        'SELECT "t1"."id" FROM "booklet" AS "t1" WHERE ("t1"."person" IS NULL)',
    ],
)
def test_a_statement_that_names_its_booklet_or_its_person_is_seen_to(sql: str) -> None:
    assert names_its_owner(sql)


@pytest.mark.parametrize(
    "sql",
    [
        f'SELECT "t1"."booklet" {ONE}',
        f'SELECT "t1"."id" {ONE} WHERE ("t1"."id" = ?)',
        f'SELECT "t1"."id" {ONE} WHERE ("t1"."booklet" > ?) ORDER BY "t1"."booklet"',
        f'SELECT "t1"."id" {ONE} WHERE ("t1"."booklet" IN (SELECT "t2"."id" FROM "booklet" AS "t2"))',
        'UPDATE "draft" SET "booklet" = ? WHERE ("draft"."id" = ?)',
        'INSERT INTO "draft" ("id") VALUES (?)',
    ],
)
def test_a_statement_that_does_not_is_seen_not_to(sql: str) -> None:
    assert not names_its_owner(sql)


def test_a_statement_of_the_service_that_names_nobody_is_caught(
    owner: Caller, watch: Watch, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tests.statements.names_its_owner", lambda _sql: False)
    watch.forget()
    owner.ask("{ booklet { version } }")
    unlisted, watch.unlisted = watch.unlisted, []
    assert any(one.startswith("storage/") and '"booklet"' in one for one in unlisted)


def test_each_table_has_an_owner_or_says_why_it_has_none() -> None:
    owned = owned_tables()
    apart = {table for table, _ in columns_of_tables()} - owned
    assert {table for table in apart if not table.startswith(tuple(APART))} == set()
    assert {table for table in owned if table.startswith(tuple(APART))} == set()


def test_the_modules_that_may_cross_are_there() -> None:
    assert {module for module in CROSSING if not (PRODUCT / module).exists()} == set()


def test_the_page_on_scale_lists_what_crosses_and_what_stands_apart() -> None:
    rows = {line for line in PAGE.splitlines() if line.startswith("| `")}
    listed = {f"| `{name}` | {why} |" for name, why in (CROSSING | APART).items()}
    assert rows == listed

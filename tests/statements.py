"""Every statement that the service runs under test names its booklet or its person, or is listed here.

A database that is spread over machines by booklet answers a statement that names its owner on one
of them. What stands in `CROSSING` may look at many; the tables of `APART` belong to no booklet.
docs/scale.md has both lists.
"""

import re
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import peewee
import pytest

from graphql_api.identity_provider import outbox_table
from graphql_api.identity_provider import tables as provider_tables
from graphql_api.identity_provider.accounts import tables as account_tables
from graphql_api.identity_provider.upstream import tables as upstream_tables
from graphql_api.storage import tables
from graphql_api.storage.postgresql import PipelinedDatabase
from graphql_api.storage.store import Store

# Where statements may look at many booklets: a module or a folder of graphql_api, and why.
CROSSING = {
    "backup/": "a backup, a restoration and a comparison of the stores read whole tables, by a command",
    "booklets/abandoned.py": "the daily sweep looks for booklets that were begun and left",
    "callers/access_log.py": "who asks for a dossier that is not theirs names the dossier alone; its owner is told",
    "callers/officers.py": "the operator lists officers and operators, who are few",
    "callers/sessions.py": "a browser has a cookie, not a booklet: the session is found by the hash of its secret, and whose it is with it",
    "operating/": "the operator’s status counts what there is",
    "share_links/opening.py": "a visitor has a link or a cookie, not a booklet: found by the hash of its secret",
    "statistics/": "the statistics of a month read each booklet once, page after page",
    "storage/batches.py": "the daily sweep deletes what has ended, a batch at a time",
    "storage/communicated/consent_repository.py": "the daily sweep ends the consents that have expired, by site",
    "storage/communicated/reminder_repository.py": "reminders that are due, and the link that stops them without a sign-in",
    "storage/communicated/share_link_repository.py": "a visitor names the link alone: found by its id",
    "storage/former_content/": "booklets that were kept row by row are carried over one after another, by a command",
    "storage/key_migrations/": "a migration changes whole tables, by a command",
    "storage/keys/authenticated_rows.py": "rows that were there before they were authenticated are signed once, by a migration",
    "storage/communicated/consent_events.py": "the chain of consents is checked whole, by a command",
    "storage/keys/known_heads.py": "a check compares the heads of all booklets, by a command; heads are told many at once",
    "storage/keys/master_rotation.py": "a rotation of the master key counts the keys that are still to be wrapped",
    "storage/keys/store_checks.py": "at a start: whether there is any booklet at all",
    "storage/keys/wrapped_keys.py": "a rotation of the master key wraps each key anew, page after page",
    "storage/migrations/": "a migration changes whole tables, by a command",
    "storage/tombstones.py": "closings that a crash interrupted are finished, at a start and daily",
    "summaries/statements.py": "a site reads the summaries of all who consented, page after page along an index",
}
# Tables without a booklet and without a person, and how they stand beside those that are spread.
APART = {
    "authorization_code": "handed out before there is a booklet; found by its hash or its batch",
    "local_authority": "small; the same on each machine",
    "site": "small; the same on each machine",
    "session": "found by the hash of a secret; any machine may have it",
    "kept_form": "found by the hash of a secret; any machine may have it",
    "attempt": "a counter, found by its name; any machine may have it",
    "consent_event": "one chain of hashes over all consents: one machine has it, and gives its numbers",
    "summary_stone": "of a site; any machine may have it",
    "operator_act": "the operators’ log; one machine has it",
    "closing": "of an interrupted closing; one machine has it",
    "statistics_month": "one row a month; one machine has it",
    "statistics_cell": "a few rows a month; one machine has it",
    "sweep": "of the last sweeps; one machine has it",
    "backup": "of the last backups; one machine has it",
    "store_mark": "one row a store",
    "service_key": "small; the same on each machine",
    "account_key": "the key of an account, in the key store; found by the account",
    "schema_migration": "small; one machine has it",
    "idp_": "the embedded issuer: its accounts, applications, sessions and letters have ids and hashes of their own; it may have a database of its own, or give way to the organisation’s issuer",
}

_PRODUCT = str(Path(__file__).parents[1] / "graphql_api") + "/"
_RUNNING = tuple(f"{_PRODUCT}storage/{name}.py" for name in ("store", "postgresql"))
_RUNNING += (str(peewee.__file__), __file__)
_DOORS: tuple[tuple[Any, str], ...] = (
    (peewee.Database, "execute_sql"),
    (Store, "_execute_many"),
    (PipelinedDatabase, "execute_sql"),
    (PipelinedDatabase, "execute_each"),
    (PipelinedDatabase, "execute_alone"),
    (PipelinedDatabase, "defer"),
    (PipelinedDatabase, "defer_apart"),
)
_OWNERS = ("booklet", "person")
_IDS = {("booklet", "id"), ("person", "id"), ("identity", "subject")}
_CATALOGUE = {"main", "pg_catalog"}
_OF_ROWS = ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH")
_TABLE = re.compile(r'\b(?:FROM|JOIN|(?<!DO )(?<!FOR )UPDATE|INTO) "?(\w+)"?(?: AS "(\w+)")?')
_COMPARED = re.compile(r'"(\w+)"\."(\w+)" (?:= (?:\?|%s)|IN \((?:\?|%s)|IS NULL)')
_INSERTED = re.compile(r'INSERT (?:OR \w+ )?INTO "(\w+)" \(([^)]*)\)')


def owned_tables() -> set[str]:
    """The tables that have a booklet or a person, which would be spread."""
    return {table for table, columns in columns_of_tables() if columns & {*_OWNERS}} | {*_OWNERS}


def columns_of_tables() -> Iterable[tuple[str, set[str]]]:
    """Each table of the service with the names of its columns."""
    for module in (tables, provider_tables, account_tables, upstream_tables, outbox_table):
        for one in vars(module).values():
            if isinstance(one, type) and issubclass(one, peewee.Model) and one is not peewee.Model:
                meta: Any = one._meta  # Peewee has no types
                yield meta.table_name, set(meta.fields)


def names_its_owner(sql: str) -> bool:
    """Whether a statement is of the booklets or the people that it names by a value."""
    aliases = {alias or table: table for table, alias in _TABLE.findall(sql)}
    _, _, conditions = sql.partition(" WHERE ")
    named = {(aliases.get(of, of), column) for of, column in _COMPARED.findall(conditions)}
    if inserted := _INSERTED.match(sql):
        table, columns = inserted.groups()
        named |= {(table, column.strip('" ')) for column in columns.split(",")}
    return any(column in _OWNERS or (of, column) in _IDS for of, column in named)


def may_cross(module: str, sql: str) -> bool:
    """Whether a statement of that module need not name its owner."""
    found = {table for table, _ in _TABLE.findall(sql)} - _CATALOGUE
    if all(table.startswith(tuple(APART)) for table in found):
        return True
    return module.startswith(tuple(CROSSING))


class Watch:
    """What the service has run under test that crosses booklets and is not listed."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.unlisted: list[str] = []
        self._known: set[str] = set()
        for database, name in _DOORS:
            patch.setattr(database, name, self._watched(getattr(database, name)))

    def _watched(self, run: Callable[..., Any]) -> Callable[..., Any]:
        def watched(database: Any, sql: Any, *params: Any, **options: Any) -> Any:
            for one in [sql] if isinstance(sql, str) else [text for text, _ in sql]:
                if one not in self._known:
                    self._look_at(one)
            return run(database, sql, *params, **options)

        return watched

    def forget(self) -> None:
        """Look at each statement anew."""
        self._known.clear()

    def _look_at(self, sql: str) -> None:
        module = _module_that_asks()
        if module is None:  # a test
            return
        self._known.add(sql)
        if (
            sql.split(" ", 1)[0] in _OF_ROWS
            and not names_its_owner(sql)
            and not may_cross(module, sql)
        ):
            self.unlisted.append(f"{module}: {sql}")


def _module_that_asks() -> str | None:
    """The module of the service on whose behalf Peewee is asked; None for a test."""
    frame = sys._getframe(1)
    while frame is not None and frame.f_code.co_filename in _RUNNING:
        frame = frame.f_back
    file = frame.f_code.co_filename if frame is not None else ""
    return file.removeprefix(_PRODUCT) if file.startswith(_PRODUCT) else None

"""An editor of the database gains no right and destroys no key: what they wrote counts as absent."""

import secrets
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from graphql_api.callers import sessions, sites
from graphql_api.callers.officers import add_operator, is_operator, require_officer
from graphql_api.callers.permissions import CallerRole
from graphql_api.callers.sessions import ProviderSignIn
from graphql_api.codes import codes
from graphql_api.engine.encoding import PublicError
from graphql_api.share_links import opening
from graphql_api.storage.actors import Agent, Anonymous
from graphql_api.storage.communicated import share_link_repository
from graphql_api.storage.content.booklet_rows import row_by_id
from graphql_api.storage.keys.authenticated_rows import (
    BOOKLETS,
    CODES,
    CONSENTS,
    LOGIN_IDENTITIES,
    OFFICERS,
    OPERATORS,
    REGISTERED_SITES,
    SESSIONS,
    SHARE_LINKS,
    SHARE_SESSIONS,
    TABLES,
    TOMBSTONES,
    AuthenticatedTable,
    encoded,
)
from graphql_api.storage.operation import Operation, digest
from graphql_api.storage.people import person_named
from graphql_api.storage.tables import SiteTable
from graphql_api.storage.tombstones import buried, bury_without_key
from graphql_api.summaries import statements
from tests.conftest import OPEN, Here
from tests.graphql_api.roles import SIRET, Scene, absent
from tests.graphql_api.roles import scene as scene

Row = dict[str, Any]
SECRETS: dict[str, str] = {}  # of the share sessions that the fixture writes, by their hash


def is_person(op: Operation, row: Row) -> bool:
    named = Agent(row["issuer"], row["subject"], frozenset())
    return bool(person_named(op, named) == row["person"])


def is_officer(op: Operation, row: Row) -> bool:
    try:
        require_officer(replace(op, person=row["person"]), row["siret"])
    except PublicError:
        return False
    return True


def opens(op: Operation, row: Row) -> bool:
    secret = SECRETS.get(row["secret_hash"], secrets.token_urlsafe(32))
    return opening.readable_dossier(op, row["link"], secret) is not None


def is_in_a_page(op: Operation, row: Row) -> bool:
    """Whether the site of a consent reads by it."""
    client = op.store.row(
        SiteTable.select(SiteTable.client).where(SiteTable.id == row["site"]).tuples()
    )
    if client is None:
        return False
    _, rows = statements.consents_after(op, *client, "", 100)
    read = {one.id for one in rows if one.consent is not None}
    return row["id"] in read


# Whether a row gives what it says, asked where the service asks.
GIVES: dict[str, tuple[AuthenticatedTable, Callable[[Operation, Row], bool]]] = {
    "identity": (LOGIN_IDENTITIES, is_person),
    "booklet": (BOOKLETS, lambda op, row: row_by_id(op, row["id"]) is not None),
    "officer": (OFFICERS, is_officer),
    "operator": (OPERATORS, lambda op, row: is_operator(replace(op, person=row["person"]))),
    "site": (
        REGISTERED_SITES,
        lambda op, row: sites.site_of(op, row["client"] or "") == row["id"],
    ),
    "consent": (
        CONSENTS,
        is_in_a_page,
    ),
    "share_link": (
        SHARE_LINKS,
        lambda op, row: share_link_repository.find(op, row["id"]) is not None,
    ),
    "share_session": (SHARE_SESSIONS, opens),
    "session": (
        SESSIONS,
        lambda op, row: sessions.find(op.store, row["secret_hash"], op.now) is not None,
    ),
    "authorization_code": (CODES, lambda op, row: codes.is_usable(op, row["code_hash"])),
    "tombstone": (TOMBSTONES, lambda op, row: row["booklet"] in buried(op.store)),
}
# Where the altered row is not even looked at.
NOT_READ = {
    ("authorization_code", "revoked_at"),
    ("site", "disabled_at"),
    ("share_session", "secret_hash"),
    ("consent", "booklet"),
    ("consent", "site"),
    ("authorization_code", "uses"),
}


class Editor:
    """Somebody who writes to the database, and to nothing else."""

    def __init__(self, here: Here, of: AuthenticatedTable) -> None:
        self.here, self.of = here, of
        self.store = here.deployment.store

    def operation(self) -> Operation:
        return self.here.deployment.service.operation(Anonymous())

    def rows(self) -> list[Row]:
        """Every row of the table, whole."""
        cursor = self.store.database.execute_sql(f"SELECT * FROM {self.of.name} ORDER BY 1, 2")
        names = [one[0] for one in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

    def run(self, sql: str, *values: Any) -> None:
        marked = sql if self.here.kind == "sqlite" else sql.replace("?", "%s")
        self.store.database.execute_sql(marked, values)

    def alter(self, row: Row, **changes: Any) -> Row:
        """Write other values into a row, and return it as it is then."""
        keys = [key.name for key in self.of.table._meta.get_primary_keys()]
        self.run(
            f"UPDATE {self.of.name} SET {', '.join(f'{name} = ?' for name in changes)}"
            f" WHERE {' AND '.join(f'{key} = ?' for key in keys)}",
            *changes.values(),
            *(row[key] for key in keys),
        )
        return row | changes

    def add(self, row: Row) -> None:
        marks = ", ".join("?" * len(row))
        self.run(f"INSERT INTO {self.of.name} ({', '.join(row)}) VALUES ({marks})", *row.values())


def other(value: Any, name: str) -> Any:
    """Another value of a column; of a time, a later one."""
    if isinstance(value, int):
        return value + 1
    if value is None:
        return "x" if name in ("acr", "pin_mark", "reference", "batch", "id") else 1
    return f"{value[:-1]}{'1' if value[-1] != '1' else '2'}"


@pytest.fixture
def here_with_rights(scene: Scene) -> Here:
    """The scene, with sessions of browsers and of share links, and codes that serve twice."""
    here = scene.here
    service, clock = here.deployment.service, here.clock
    with service.store.writing():
        op = service.operation(Anonymous())
        codes.issue(op, SIRET, 2, uses=2)
        for closed in (absent(), absent()):
            bury_without_key(op.store, closed, op.now_us)
        for name in ("one", "two"):
            who = ProviderSignIn("livret", name, int(clock().timestamp()), None, "token")
            sessions.create(service.store, who, clock())
        for ids in (scene.owners, scene.others):
            secret = secrets.token_urlsafe(32)
            SECRETS[digest(secret)] = secret
            row = {
                "secret_hash": digest(secret),
                "booklet": ids["booklet"],
                "link": ids["share link"],
                "expires_at": op.now_us + 60_000_000,
            }
            service.store.run(SHARE_SESSIONS.table.insert(SHARE_SESSIONS.signed(op.store, row)))
    return here


def test_every_table_is_tried() -> None:
    assert [of for of, _ in GIVES.values()] == list(TABLES)


@pytest.mark.parametrize("name", GIVES)
def test_a_row_that_was_altered_counts_as_absent(
    here_with_rights: Here, name: str, caplog: pytest.LogCaptureFixture
) -> None:
    of, gives = GIVES[name]
    editor = Editor(here_with_rights, of)
    row = next(one for one in editor.rows() if gives(editor.operation(), one))
    for column in of.fields:
        caplog.clear()
        altered = editor.alter(row, **{column: other(row[column], column)})
        assert not gives(editor.operation(), altered), column
        if (name, column) not in NOT_READ:
            assert f"not authentic: {name} " in caplog.text, column
        editor.alter(altered, **{column: row[column]})
        assert gives(editor.operation(), row), column
    caplog.clear()
    editor.alter(row, mac=None)
    assert not gives(editor.operation(), row)


@pytest.mark.parametrize("name", GIVES)
def test_the_macs_of_two_rows_do_not_serve_each_other(here_with_rights: Here, name: str) -> None:
    of, gives = GIVES[name]
    editor = Editor(here_with_rights, of)
    one, two, *_ = [row for row in editor.rows() if gives(editor.operation(), row)]
    editor.alter(one, mac=two["mac"])
    editor.alter(two, mac=one["mac"])
    assert not gives(editor.operation(), one)
    assert not gives(editor.operation(), two)


@pytest.mark.parametrize("name", GIVES)
@pytest.mark.parametrize("with_mac", [False, True])
def test_a_row_that_was_added_counts_as_absent(
    here_with_rights: Here, name: str, with_mac: bool
) -> None:
    """A copy of a genuine row under another key, with its MAC or with none."""
    of, gives = GIVES[name]
    editor = Editor(here_with_rights, of)
    row = next(one for one in editor.rows() if gives(editor.operation(), one))
    keys = [key.name for key in of.table._meta.get_primary_keys()]
    added = row | {keys[-1]: other(row[keys[-1]], keys[-1])}
    if not with_mac:
        added["mac"] = None
    for unique in {"booklet": ["person"], "site": ["client"]}.get(name, ()):
        added[unique] = other(added[unique], unique)
    if name == "authorization_code":
        added |= {"reference": "0000-0000"}
    editor.add(added)
    assert not gives(editor.operation(), added)
    assert gives(editor.operation(), row)


def test_what_was_revoked_is_not_revived_by_setting_back_the_time(here_with_rights: Here) -> None:
    service = here_with_rights.deployment.service
    editor = Editor(here_with_rights, CODES)
    row = next(
        one for one in editor.rows() if codes.is_usable(editor.operation(), one["code_hash"])
    )
    with service.store.writing():
        codes.revoke(editor.operation(), row["siret"], row["reference"])
    editor.alter(row, revoked_at=None)
    assert not codes.is_usable(editor.operation(), row["code_hash"])
    links = Editor(here_with_rights, SHARE_LINKS)
    link = links.rows()[0]
    with service.store.writing():
        found = share_link_repository.find(links.operation(), link["id"])
        assert found is not None
        share_link_repository.update(links.operation(), found, revoked_at=1)
    links.alter(link, revoked_at=None)
    assert share_link_repository.find(links.operation(), link["id"]) is None


def test_an_identity_that_was_added_opens_nobodys_booklet(here_with_rights: Here) -> None:
    here = here_with_rights
    editor = Editor(here, LOGIN_IDENTITIES)
    victim = next(row for row in editor.rows() if row["subject"] == CallerRole.OWNER.name)
    editor.add(victim | {"subject": "stranger"})
    stranger = here.caller("stranger")
    assert stranger.ask("{ booklet { id } }") == {"booklet": None}
    assert stranger.do(OPEN, code=here.code())["__typename"] == "BookletOpened"
    assert stranger.ask("{ booklet { state } }") == {"booklet": {"state": "CODE_GIVEN"}}
    owner = here.caller(CallerRole.OWNER.name)
    assert owner.ask("{ booklet { state } }") == {"booklet": {"state": "OPEN"}}


def test_a_right_is_given_anew_in_the_place_of_a_row_that_is_not_authentic(
    here_with_rights: Here,
) -> None:
    editor = Editor(here_with_rights, OPERATORS)
    row = editor.rows()[0]
    editor.alter(row, mac=b"wrong")
    op = replace(editor.operation(), person=row["person"])
    assert not is_operator(op)
    identity = next(
        one
        for one in Editor(here_with_rights, LOGIN_IDENTITIES).rows()
        if one["person"] == op.person
    )
    with editor.store.writing():
        add_operator(op, Agent(identity["issuer"], identity["subject"], frozenset()))
    assert is_operator(op)


def test_values_are_told_apart_by_their_kinds_and_lengths() -> None:
    told = [
        encoded(*values)
        for values in (
            ("a", "b"),
            ("ab",),
            ("a", "b", ""),
            ("a", None, "b"),
            ("1",),
            (1,),
            (b"1",),
            (None,),
            ("",),
            ("s\0\0", "a"),
            (),
        )
    ]
    assert len(set(told)) == len(told)
    assert encoded(True) == encoded(1), "databases store truth differently"

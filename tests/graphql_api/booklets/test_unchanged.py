"""Stored queries of the owner's content: their address, their tag, and what changes it."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest

from graphql_api.app import Application
from graphql_api.booklets import unchanged
from graphql_api.booklets.unchanged import UNVERSIONED
from graphql_api.configuration.settings import SettingError
from graphql_api.engine.stored_queries import hash_of
from graphql_api.serving import build_service
from graphql_api.storage.content.sections import Section
from tests.client import TestClient
from tests.conftest import SERVICE, Caller, Here, with_booklet
from tests.graphql_api.consents.consents import given, registered
from tests.graphql_api.documents import SAVE_DRAFT, added, whole
from tests.graphql_api.reminders.reminders import SET as SET_REMINDER
from tests.graphql_api.share_links.share_links import issued
from tests.graphql_api.whole_booklet import whole_booklet_without
from tests.graphql_api.written_sections import replace_section, sealed_section

CONTENT = whole_booklet_without(UNVERSIONED)
SMALL = "{ booklet { id version } }"
NOT_CONTENT = (
    "{ booklet { id accessRecords { nodes { who } } } }",
    "{ booklet { dossiers { ...Links } } } fragment Links on Dossier { shareLinks { id } }",
    "{ booklet { id } parts { label } }",
    "{ booklet { id damaged { id } } }",
    "query($id: ID) { booklet(id: $id) { id } }",
    '{ booklet(id: "c0ffee") { id } }',
    "query A { booklet { id } } query B { booklet { id version } }",
    'mutation { charterAccept(version: "1") { __typename } }',
)


class Reader:
    """Reads stored queries by their address, of a service that has them."""

    def __init__(self, here: Here, folder: Path) -> None:
        settings = replace(here.deployment.settings, queries=folder)
        self.service = build_service(settings, here.clock)
        application = Application(settings, self.service).starlette()
        self.client = TestClient(application, base_url=SERVICE)

    def get(self, caller: Caller, document: str = CONTENT, **headers: str) -> Any:
        if caller.token is not None:
            headers["authorization"] = f"Bearer {caller.token}"
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        headers.setdefault("accept", "application/graphql-response+json")
        return self.client.get(f"/q/{hash_of(document)}", headers=headers)

    def has_changed(self, caller: Caller, tag: str, document: str = CONTENT) -> bool:
        answer = self.get(caller, document, if_none_match=tag)
        assert answer.status_code in (200, 304)
        assert (answer.headers["etag"] == tag) == (answer.status_code == 304)
        return bool(answer.status_code == 200)


@pytest.fixture
def reader(here: Here, tmp_path: Path) -> Iterator[Reader]:
    for number, text in enumerate((CONTENT, *NOT_CONTENT)):
        (tmp_path / f"{number}.graphql").write_text(text, "utf-8")
    manifest = {"format": "apollo-persisted-query-manifest", "version": 1}
    operations = [{"id": hash_of(SMALL), "name": "Small", "type": "query", "body": SMALL}]
    (tmp_path / "manifest.json").write_bytes(orjson.dumps({**manifest, "operations": operations}))
    (tmp_path / "README.md").write_text("not a query", "utf-8")
    made = Reader(here, tmp_path)
    with made.client:
        yield made


def test_an_answer_that_has_not_changed_is_not_sent_again(reader: Reader, owner: Caller) -> None:
    added(owner, "training")
    first = reader.get(owner)
    assert first.status_code == 200
    assert first.json() == owner.post({"query": CONTENT}).json()
    again = reader.get(owner, if_none_match=f'"another", {first.headers["etag"]}')
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["cache-control"] == again.headers["cache-control"] == "no-store"
    assert reader.get(owner, SMALL).json() == owner.post({"query": SMALL}).json()


def test_a_write_a_day_another_scope_and_another_query_change_the_tag(
    here: Here, reader: Reader, owner: Caller
) -> None:
    tag = reader.get(owner).headers["etag"]
    assert not reader.has_changed(owner, tag)
    assert reader.has_changed(owner, tag, SMALL)
    assert reader.has_changed(here.caller("owner", scope="livret:read"), tag)
    here.clock.moved += timedelta(days=2)
    assert reader.has_changed(here.caller("owner"), tag)
    here.clock.moved -= timedelta(days=2)
    added(owner, "training")
    assert reader.has_changed(owner, tag)


def test_another_edition_of_the_code_changes_the_tag(
    reader: Reader, owner: Caller, monkeypatch: pytest.MonkeyPatch
) -> None:
    tag = reader.get(owner).headers["etag"]
    monkeypatch.setattr(unchanged, "EDITION", "another")
    assert reader.has_changed(owner, tag)


def test_the_tag_of_somebody_else_is_not_mine(here: Here, reader: Reader, owner: Caller) -> None:
    other = with_booklet(here, "other")
    tag = reader.get(owner).headers["etag"]
    answer = reader.get(other, if_none_match=tag)
    assert answer.status_code == 200
    assert answer.json()["data"]["booklet"]["id"] == whole(other)["id"]


def test_whatever_leaves_the_version_alone_leaves_the_answer_as_it_was(
    here: Here, reader: Reader, owner: Caller
) -> None:
    registered(here)
    events: tuple[Callable[[], object], ...] = (
        lambda: owner.do(SAVE_DRAFT, entry={"training": {"title": "Un début"}}),
        lambda: owner.do(SET_REMINDER, enabled=True),
        lambda: issued(owner),
        lambda: given(here, owner),
    )
    before = reader.get(owner)
    for happens in events:
        happens()
        after = reader.get(owner)
        if after.headers["etag"] == before.headers["etag"]:
            assert after.json() == before.json()
        before = after


def test_an_answer_from_which_something_is_missing_has_no_tag(
    here: Here, reader: Reader, owner: Caller
) -> None:
    added(owner, "training")
    tag, id = reader.get(owner).headers["etag"], whole(owner)["id"]
    store = here.deployment.store
    with store.writing():
        sealed = sealed_section(store, id, Section.FORMATIONS)
        replace_section(store, id, Section.FORMATIONS, b"altered")
    answer = reader.get(owner)
    assert answer.json()["data"]["booklet"]["entries"] == []
    assert "etag" not in answer.headers
    with store.writing():
        replace_section(store, id, Section.FORMATIONS, sealed)
    assert not reader.has_changed(owner, tag)


def test_who_may_not_read_gets_no_tag_and_is_told_nothing_of_it(
    here: Here, reader: Reader, owner: Caller
) -> None:
    for caller, status, code in (
        (here.nobody(), 200, "UNAUTHENTICATED"),
        (here.caller("owner", scope="livret:write"), 200, "INSUFFICIENT_SCOPE"),
        (Caller(here.client, "forged", "forged"), 401, "INVALID_TOKEN"),
    ):
        for tag in ("*", reader.get(owner).headers["etag"]):
            answer = reader.get(caller, if_none_match=tag)
            assert answer.status_code == status
            assert answer.json()["errors"][0]["extensions"]["code"] == code
            assert "etag" not in answer.headers
    without = reader.get(here.caller("no booklet yet"))
    assert without.json() == {"data": {"booklet": None}}
    assert "etag" not in without.headers


@pytest.mark.parametrize("document", [*NOT_CONTENT, "{ booklet { version } }"])
def test_a_query_that_is_unknown_or_reads_more_than_the_booklet_has_no_address(
    reader: Reader, owner: Caller, document: str
) -> None:
    answer = reader.get(owner, document)
    assert answer.status_code == 404
    assert answer.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_NOT_FOUND"


def test_a_stored_query_is_read_by_get_and_from_our_own_pages(reader: Reader) -> None:
    path = f"/q/{hash_of(SMALL)}"
    refused = reader.client.post(path, json={})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET")
    cookie = {"cookie": "a=b", "sec-fetch-site": "same-origin"}
    assert reader.client.get(path, headers=cookie).status_code == 403
    allowed = reader.client.get(path, headers={**cookie, "graphql-require-preflight": "1"})
    assert allowed.status_code == 200


def test_an_unchanged_answer_costs_one_statement(here: Here, reader: Reader, owner: Caller) -> None:
    here.clock.stop(here.clock())  # keys and clients are read once a second
    tag = reader.get(owner).headers["etag"]
    stores = (reader.service.store, reader.service.key_store)
    before = [store.statements for store in stores]
    assert not reader.has_changed(owner, tag)
    assert [store.statements for store in stores] == [before[0] + 1, before[1]]


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.graphql", b"{ nothing }", "Cannot query field 'nothing' on type 'Query'."),
        ("a.graphql", b"\xff", "a.graphql : fichier de requêtes illisible."),
        ("a.json", b"[]", "a.json : fichier de requêtes illisible."),
        ("a.json", b'{"operations": [{"id": "1"}]}', "a.json : fichier de requêtes illisible."),
        ("a.json", b'{"1": "{ __typename }"}', "l’identifiant 1 n’est pas le SHA-256"),
    ],
)
def test_files_of_queries_that_cannot_be_served_keep_the_service_from_starting(
    here: Here, tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(SettingError, match="LIVRET_QUERIES") as refusal:
        Reader(here, tmp_path)
    assert message in str(refusal.value)
    with pytest.raises(SettingError, match="dossier introuvable"):
        Reader(here, tmp_path / "absent")

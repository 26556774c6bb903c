"""A restore begins an epoch: what it brought is right, and so is what is written from then on; no more."""

import json
from contextlib import AbstractContextManager
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from graphql_api.commands import common
from graphql_api.serving import build_service
from graphql_api.storage.content.sections import tag_of
from graphql_api.storage.keys.known_heads import KnownHeads
from tests.client import TestClient
from tests.clock import Clock
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.backup.places import Place
from tests.graphql_api.backup.test_backups import Elsewhere, backed_up
from tests.graphql_api.backup.test_restored_heads import damaged, told
from tests.graphql_api.documents import ADD, added, entry

ENTRIES = "{ booklet { damaged { kind } entries { id } } }"


class Restoring:
    """A booklet that was backed up, and written to three times more, which no restore brings back."""

    def __init__(self, here: Here, place: Place, elsewhere: Elsewhere) -> None:
        self.here, self.elsewhere = here, elsewhere
        self.owner = with_booklet(here, "owner")
        self.code = here.code()  # for somebody who has no booklet yet
        self.data, self.keys = backed_up(place)
        for _ in range(3):
            added(self.owner, "training")
        self.before = told(place).rows("booklet_section")
        self.known_before = place.rows("known_head", keys=True)
        self.newer_keys = place.folder / "newer.livret"
        assert place.livret("backup", "--keys", self.newer_keys)[0] == 0

    def restored(self, *, keys: Path | None = None, data: Path | None = None) -> Place:
        there = self.elsewhere()
        files = ("--data", data or self.data, "--keys", keys or self.keys)
        code, _, errors = there.livret("restore", *files)
        assert (code, errors) == (0, "")
        return there

    def asking(self, there: Place) -> AbstractContextManager[TestClient]:
        return there.serving(self.here.clock)


@pytest.fixture
def restoring(here: Here, place: Place, elsewhere: Elsewhere) -> Restoring:
    return Restoring(here, place, elsewhere)


@pytest.fixture(autouse=True)
def _no_second_look_later(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graphql_api.backup.comparing.time.sleep", lambda _seconds: None)


def is_seen(there: Place, owner: Caller, rows: list[Any]) -> bool:
    """Whether these sections, once they are put back, are told as rolled back, and kept as they are."""
    there.put_back("booklet_section", rows)
    if not damaged(owner):
        return False
    assert damaged(owner) == ["HEAD"]
    assert owner.do(ADD, entry=entry("diploma"))["code"] == "DAMAGED"
    assert there.rows("booklet_section") == rows, "nothing was written over it"
    return True


def older(there: Place, *words: str) -> int:
    """How many booklets a check finds to be older than the key store knows."""
    found = json.loads(there.livret("check", "--json", *words)[1])["found"]
    return int(found["older_booklets"]["count"])


@pytest.mark.parametrize("has_newer_keys", [True, False])
def test_data_of_before_a_restore_are_seen_at_once_and_after_further_writes(
    restoring: Restoring, has_newer_keys: bool
) -> None:
    there = restoring.restored(keys=restoring.newer_keys if has_newer_keys else None)
    owner, restored = restoring.owner, there.rows("booklet_section")
    with restoring.asking(there) as client:
        owner.client = client
        assert damaged(owner) == []
        assert is_seen(there, owner, restoring.before)
        assert older(there) == 1
        there.put_back("booklet_section", restored)
        assert older(there) == 0
        for _ in range(2):  # fewer than were lost
            new = added(owner, "diploma")["id"]
            assert damaged(owner) == []
            present = there.rows("booklet_section")
            assert is_seen(there, owner, restoring.before)
            there.put_back("booklet_section", present)
            told(there)
            assert is_seen(there, owner, restoring.before)
            assert is_seen(there, owner, restored)
            there.put_back("booklet_section", present)
            assert owner.ask(ENTRIES)["booklet"]["damaged"] == []
            assert older(there) == 0
        assert new in {one["id"] for one in owner.ask(ENTRIES)["booklet"]["entries"]}


def test_what_was_written_after_a_restore_is_seen_after_the_next_of_the_same_files(
    restoring: Restoring,
) -> None:
    first, owner = restoring.restored(), restoring.owner
    with restoring.asking(first) as client:
        owner.client = client
        added(owner, "diploma")
    written = first.rows("booklet_section")
    second = restoring.restored()
    with restoring.asking(second) as client:
        owner.client = client
        assert damaged(owner) == []
        assert is_seen(second, owner, written)
        assert is_seen(second, owner, restoring.before)


@pytest.mark.parametrize("hours", [0, -1])
def test_a_backup_that_was_made_after_a_restore_is_restored_like_any_other(
    restoring: Restoring, monkeypatch: pytest.MonkeyPatch, hours: int
) -> None:
    first, owner = restoring.restored(), restoring.owner
    with restoring.asking(first) as client:
        owner.client = client
        kept = added(owner, "diploma")["id"]
        data, keys = backed_up(first)
        added(owner, "diploma")
    lost = told(first).rows("booklet_section")
    clock = Clock(moved=timedelta(hours=hours))  # which may have been put right meanwhile
    monkeypatch.setattr(common, "build_service", partial(build_service, clock=clock))
    second = restoring.restored(data=data, keys=keys)
    with restoring.asking(second) as client:
        owner.client = client
        assert owner.ask(ENTRIES)["booklet"] == {"damaged": [], "entries": [{"id": kept}]}
        added(owner, "training")
        assert damaged(owner) == []
        assert is_seen(second, owner, lost)
        assert is_seen(second, owner, restoring.before)


def test_a_head_of_before_that_a_process_has_still_to_tell_is_not_told(
    restoring: Restoring,
) -> None:
    there, owner = restoring.restored(keys=restoring.newer_keys), restoring.owner
    with there.stores() as (_, keys):
        heads = KnownHeads(keys, delay=-1)
        for booklet, section, version, sealed in restoring.before:
            if section == "HEAD":
                heads.note(booklet, version, tag_of(bytes(sealed)))
        heads.tell()
    with restoring.asking(there) as client:
        owner.client = client
        assert damaged(owner) == []
        assert is_seen(there, owner, restoring.before)


def test_data_of_a_later_epoch_than_the_key_store_knows_are_right(restoring: Restoring) -> None:
    there, owner = restoring.restored(), restoring.owner
    with restoring.asking(there) as client:
        owner.client = client
        added(owner, "diploma")
        present = there.rows("booklet_section")
        there.put_back(
            "known_head", restoring.known_before, keys=True
        )  # as after a copy of the key store was put back
        assert damaged(owner) == []
        added(owner, "diploma")
        assert damaged(owner) == []
        told(there)
        assert is_seen(there, owner, restoring.before)
        assert is_seen(there, owner, present)


def test_what_a_kill_left_without_its_acceptance_is_seen_until_it_is_accepted(
    restoring: Restoring,
) -> None:
    there, owner = restoring.restored(keys=restoring.newer_keys), restoring.owner
    there.put_back("known_head", restoring.known_before, keys=True)
    restored = there.rows("booklet_section")
    with restoring.asking(there) as client:
        owner.client = client
        assert is_seen(there, owner, restored)
        assert (older(there), older(there, "--accept-older")) == (1, 0)
        assert damaged(owner) == []
        assert is_seen(there, owner, restoring.before)
        there.put_back("booklet_section", restored)
        added(owner, "diploma")
        assert damaged(owner) == []
        assert is_seen(there, owner, restoring.before)


def test_a_head_that_is_gone_is_accepted_and_that_of_before_is_seen(restoring: Restoring) -> None:
    there, owner = restoring.restored(keys=restoring.newer_keys), restoring.owner
    rows = there.rows("booklet_section")
    there.put_back("booklet_section", [row for row in rows if row[1] != "HEAD"])
    assert (older(there), older(there, "--accept-older"), older(there)) == (1, 0, 0)
    with restoring.asking(there) as client:
        owner.client = client
        assert damaged(owner) == ["HEAD"]
        assert is_seen(there, owner, rows)
        assert is_seen(there, owner, restoring.before)


def test_a_version_that_was_forged_keeps_no_restore_from_beginning_an_epoch(
    restoring: Restoring,
) -> None:
    """It is stored in clear, and does not open."""
    first, owner = restoring.restored(), restoring.owner
    rows = [[row[0], row[1], 2**63 - 1, row[3]] for row in first.rows("booklet_section")]
    first.put_back("booklet_section", rows)
    data, keys = backed_up(first)
    second = restoring.restored(data=data, keys=keys)
    data, keys = backed_up(second)
    third = restoring.restored(data=data, keys=keys)
    with restoring.asking(third) as client:
        owner.client = client
        assert "HEAD" in damaged(owner)
        third.put_back("booklet_section", restoring.before)
        assert damaged(owner) == ["HEAD"]
    fourth = restoring.restored(keys=keys)
    with restoring.asking(fourth) as client:
        owner.client = client
        added(owner, "diploma")
        assert damaged(owner) == []


def test_a_booklet_that_is_opened_after_a_restore_is_right(restoring: Restoring) -> None:
    there = restoring.restored()
    with restoring.asking(there) as client:
        new = restoring.here.caller("new")
        new.client = client
        assert new.do(OPEN, code=restoring.code)["__typename"] == "BookletOpened"
        assert new.do(CHARTER)["__typename"] == "CharterAccepted"
        assert new.do(IDENTIFY, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
        opened = there.rows("booklet_section")
        added(new, "diploma")
        present = told(there).rows("booklet_section")
        assert damaged(new) == []
        assert is_seen(there, new, opened)
        there.put_back("booklet_section", present)
    assert older(there) == 0


def test_data_are_restored_beside_a_key_store_of_the_version_before(restoring: Restoring) -> None:
    there, owner = restoring.restored(keys=restoring.newer_keys), restoring.owner
    there.lose_data()
    with there.stores() as (_, keys):
        keys.database.execute_sql("ALTER TABLE known_head DROP COLUMN epoch")
        keys.database.execute_sql("DELETE FROM schema_migration WHERE name = '0006_epochs'")
    assert there.livret("restore", "--data", restoring.data)[0] == 0
    with restoring.asking(there) as client:
        owner.client = client
        assert damaged(owner) == []
        assert is_seen(there, owner, restoring.before)

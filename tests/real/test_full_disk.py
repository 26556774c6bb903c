"""Closing on a disk that is full, or all but: it is done wholly or not at all, and the answer is true.

The disk is a real one of two megabytes, which only root may mount.
"""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from graphql_api.app import create_application
from graphql_api.configuration.settings import Settings
from graphql_api.serving import build_service, migrate_stores
from tests.conftest import Deployment, Here
from tests.graphql_api.booklets.closing import (
    ACCOUNT_WORDS,
    CLOSE,
    CLOSE_ACCOUNT,
    WORDS,
    everything,
    full_booklet,
    tables_with_rows_of,
)
from tests.graphql_api.documents import ADD, entry, whole
from tests.signing import signing_key

pytestmark = pytest.mark.real

PAGE = 4096
DISK = "2m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk. Without the right to mount one the tests are skipped."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place], capture_output=True
    )
    if not mounted or mounted.returncode:
        pytest.skip("a disk can only be mounted by root")
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@contextmanager
def deployed(here: Here, place: Path) -> Iterator[Here]:
    """A service whose stores are both in a folder, migrated."""
    settings: Settings = replace(
        here.deployment.settings,
        database_url=f"sqlite:///{place}/livret.db",
        key_store_url=f"sqlite:///{place}/keys.db",
        printers=1,
    )
    service = build_service(settings)
    migrate_stores(service)
    key = signing_key(service)
    for store in (service.store, service.key_store):
        store.connect()
    try:
        with TestClient(create_application(settings)) as client:
            yield Here("sqlite", Deployment(settings, service, key), client)
    finally:
        service.close()


@pytest.fixture
def made(here: Here, tmp_path: Path) -> Path:
    """A folder with both stores, where the owner has a full booklet."""
    folder = tmp_path / "made"
    folder.mkdir()
    with deployed(here, folder) as there:
        full_booklet(there)
        there.deployment.store.truncate_log()
    return folder


def fill(place: Path, free_pages: int) -> Path:
    """Leave so many pages of the disk free."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        free = os.statvfs(place).f_bavail
        file.write(bytes(PAGE) * (free - free_pages))
    assert os.statvfs(place).f_bavail == free_pages
    return filler


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
@pytest.mark.parametrize(
    ("document", "words"), [(CLOSE, WORDS), (CLOSE_ACCOUNT, ACCOUNT_WORDS)], ids=["booklet", "all"]
)
def test_however_little_room_is_left_a_booklet_is_closed_or_as_before(
    here: Here, made: Path, disk: Path, document: str, words: str
) -> None:
    refused, closed = [], []
    for free_pages in range(120):
        for name in ("livret.db", "keys.db"):
            shutil.copyfile(made / name, disk / name)
        with deployed(here, disk) as there:
            owner, deployment = there.caller("owner"), there.deployment
            booklet, before = whole(owner), everything(deployment)
            filler = fill(disk, free_pages)
            answer = owner.post({"query": document, "variables": {"words": words}})
            if answer.status_code == 503:
                refused.append(free_pages)
                assert whole(owner) == booklet, "reading goes on"
                assert everything(deployment) == before, free_pages
                filler.unlink()
                assert owner.do(document, words=words)
            else:
                closed.append(free_pages)
                assert answer.json()["data"]
                filler.unlink()
            assert tables_with_rows_of(deployment, booklet["id"]) == {"tombstone", "closing"}
        for file in disk.iterdir():
            file.unlink()
        if len(closed) > 3:
            break
    assert refused[0] == 0
    assert len(refused) > 8, "every stage of the closing had too little room once"
    assert len(closed) > 3


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_a_service_on_a_full_disk_is_not_ready_until_there_is_room(
    here: Here, made: Path, disk: Path
) -> None:
    for name in ("livret.db", "keys.db"):
        shutil.copy(made / name, disk / name)
    with deployed(here, disk) as there:
        owner = there.caller("owner")
        assert there.client.get("/readyz").json() == {"ready": True}
        filler = fill(disk, 0)
        refused = owner.post({"query": ADD, "variables": {"entry": entry("diploma")}})
        assert refused.status_code == 503
        assert int(refused.headers["retry-after"]) > 0
        assert whole(owner)["entries"]
        assert there.client.get("/readyz").status_code == 503
        filler.unlink()
        assert there.client.get("/readyz").json() == {"ready": True}
        assert owner.do(ADD, entry=entry("diploma"))["__typename"] == "EntryAdded"

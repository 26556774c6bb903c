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
from graphql_api.serving import build_service, migrate_stores
from graphql_api.settings import Settings
from tests.conftest import Caller, Deployment, Here
from tests.graphql_api.booklets.closing import (
    ACCOUNT_WORDS,
    CLOSE,
    CLOSE_ACCOUNT,
    WORDS,
    everything,
    full_booklet,
    tables_with_rows_of,
)
from tests.graphql_api.documents import whole
from tests.signing import signing_key

pytestmark = pytest.mark.real

PAGE = 4096
DISK = "2m"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A small disk. Without the right to mount one the tests are skipped; in CI they fail."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = shutil.which("mount")
    mounted = mount and subprocess.run(
        [mount, "-t", "tmpfs", "-o", f"size={DISK}", "tmpfs", place], capture_output=True
    )
    if not mounted or mounted.returncode:
        reason = "a disk can only be mounted by root"
        pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    try:
        yield place
    finally:
        subprocess.run(["umount", place], check=True)


@contextmanager
def deployed(here: Here, place: Path) -> Iterator[Deployment]:
    """Both stores on that disk, migrated."""
    settings: Settings = replace(
        here.deployment.settings,
        database_url=f"sqlite:///{place}/livret.db",
        key_store_url=f"sqlite:///{place}/keys.db",
    )
    service = build_service(settings)
    migrate_stores(service)
    key = signing_key(service.store, settings)
    for store in (service.store, service.key_store):
        store.connect()
    try:
        yield Deployment(settings, service, key)
    finally:
        service.close()


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
    here: Here, disk: Path, document: str, words: str
) -> None:
    refused, closed = [], []
    for free_pages in range(60):
        with (
            deployed(here, disk) as deployment,
            TestClient(create_application(deployment.settings)) as client,
        ):
            there = Here("sqlite", deployment, client)
            owner = full_booklet(there)
            deployment.store.truncate_log()
            booklet, before = whole(owner), everything(deployment)
            filler = fill(disk, free_pages)
            answer = owner.post({"query": document, "variables": {"words": words}})
            if answer.status_code == 503:
                refused.append(free_pages)
                assert whole(owner) == booklet, "reading goes on"
                assert everything(deployment) == before, free_pages
                filler.unlink()
                assert Caller(client, owner.token, "owner").do(document, words=words)
            else:
                closed.append(free_pages)
                assert answer.json()["data"]
                filler.unlink()
            assert tables_with_rows_of(deployment, booklet["id"]) == {"tombstone"}
        for file in disk.iterdir():
            file.unlink()
        if len(closed) > 3:
            break
    assert refused[0] == 0
    assert len(refused) > 8, "every stage of the closing had too little room once"
    assert len(closed) > 3

"""Every mutation on a disk that is full, or all but: done and kept, or refused and as before.

For SQLite the disk is a real one of two megabytes; for PostgreSQL, a tablespace on such a disk.
Closing page by page is tests/real/test_full_disk.py.
"""

import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import psycopg
import pytest

from graphql_api.app import create_application
from graphql_api.callers.permissions import FIELDS, TABLE, CallerRole, Effect
from graphql_api.serving import build_service, migrate_stores
from tests.client import TestClient
from tests.conftest import Caller, Deployment, Here, open_booklet
from tests.graphql_api.booklets.closing import everything
from tests.graphql_api.documents import ADD, WHOLE, entry, whole
from tests.graphql_api.roles import ROOT_FIELDS, Scene, document, samples
from tests.real.test_full_disk import deployed, disk, fill  # noqa: F401 - a fixture, and helpers
from tests.signing import signing_key
from tests.torture.figures import Figures
from tests.torture.stores import opened

pytestmark = pytest.mark.torture

PAGES = (0, 1, 2, 4, 8, 16, 32)
MUTATIONS = [name for name in ROOT_FIELDS if name.startswith("Mutation.")]
FILES = ("livret.db", "keys.db")


def actor_of(field: str, scene: Scene) -> Caller:
    """The first role that may do it: the owner, an officer, an operator."""
    roles = (CallerRole.OWNER, CallerRole.OFFICER, CallerRole.OPERATOR)
    rule = TABLE[FIELDS[field]]
    return next(scene.callers[one] for one in roles if rule.decision(one).effect is Effect.ALLOW)


def moved(scene: Scene, there: Here) -> Scene:
    """The same people before another service, which has a copy of their stores."""
    callers = {
        role: Caller(there.client, one.token, one.name) for role, one in scene.callers.items()
    }
    return Scene(there, callers, scene.owners, scene.others, scene.codes)


def state_on_disk(place: Path) -> list[Any]:
    """Every row of the stores as another process finds them."""
    with opened(*(f"sqlite:///{place}/{name}" for name in FILES)) as stores:
        return [
            store.database.execute_sql(f'SELECT * FROM "{table}" ORDER BY 1, 2').fetchall()
            for store in stores
            for table in sorted(store.database.get_tables())
            if table != "schema_migration"
        ]


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_a_mutation_on_a_full_disk_is_done_and_kept_or_refused_and_undone(
    here: Here,
    scene: Scene,
    disk: Path,  # noqa: F811
    tmp_path: Path,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    for store, name in zip((here.deployment.store, here.deployment.key_store), FILES, strict=True):
        store.database.execute_sql("VACUUM INTO ?", (str(tmp_path / name),))
    tried = refused = lost = halves = unread = faults = 0
    for field in MUTATIONS[:: times(8, 1)]:
        for free_pages in PAGES[:: times(3, 1)]:
            for name in FILES:
                shutil.copyfile(tmp_path / name, disk / name)
            with deployed(here, disk) as there:
                there_scene = moved(scene, there)
                actor = actor_of(field, there_scene)
                sent = samples(scene.owners, there_scene, there_scene.callers[CallerRole.OWNER])
                asked = {"query": document(field, sent[field]), "variables": sent[field]}
                before, filler = everything(there.deployment), fill(disk, free_pages)
                answer = actor.post(asked)
                tried += 1
                if answer.status_code == 503:
                    refused += 1
                    halves += everything(there.deployment) != before
                elif answer.status_code != 200 or "errors" in answer.json():
                    faults += 1
                    print(field, free_pages, answer.status_code, answer.text[:200])
                owner = there_scene.callers[CallerRole.OWNER]
                unread += owner.post({"query": WHOLE}).status_code != 200
                filler.unlink()
                after = state_on_disk(disk)
            lost += state_on_disk(disk) != after
            for file in disk.iterdir():
                file.unlink()
    figures.size("mutations tried, at 0 to 32 free pages", tried)
    figures.at_least("refused for want of room", refused, tried // 10)
    figures.exactly("faults other than a refusal", faults, 0)
    figures.exactly("refused, yet something was written", halves, 0)
    figures.exactly("acknowledged, and gone when the service had ended", lost, 0)
    figures.exactly("reads refused on a full disk", unread, 0)


@contextmanager
def on_tablespace(here: Here, url: str, place: Path) -> Iterator[Here]:
    """A service whose data lie in a tablespace of PostgreSQL at a place."""
    user = pwd.getpwnam("embedded_postgres")
    shutil.chown(place, user.pw_uid, user.pw_gid)
    with psycopg.connect(url, autocommit=True) as admin:
        admin.execute(f"CREATE TABLESPACE small LOCATION '{place}'")
        admin.execute("CREATE DATABASE on_small TABLESPACE small")
    small = url.replace("/full-disk?", "/on_small?")
    assert small != url
    settings = replace(here.deployment.settings, database_url=small)
    service = build_service(settings)
    try:
        migrate_stores(service)
        key = signing_key(service)
        with TestClient(create_application(settings), base_url=settings.public_url) as client:
            yield Here("postgresql", Deployment(settings, service, key), client)
    finally:
        service.close()
        with psycopg.connect(url, autocommit=True) as admin:
            admin.execute("DROP DATABASE on_small WITH (FORCE)")
            admin.execute("DROP TABLESPACE small")


@pytest.mark.parametrize("here", ["postgresql"], indirect=True)
def test_a_tablespace_that_is_full_refuses_writes_and_keeps_what_it_acknowledged(
    here: Here,
    postgresql: Callable[[str], str],
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    # Not pytest's own folder: another session as root would close it to the server's user.
    place = Path(tempfile.mkdtemp(prefix="livret-tablespace-"))
    mount = ["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True).returncode:
        place.rmdir()
        pytest.skip("a disk can only be mounted by root")
    acknowledged, statuses, reads = set(), [], []
    try:
        with on_tablespace(here, postgresql("full-disk"), place) as there:
            owner = there.caller("owner")
            open_booklet(owner, there)
            filler = fill(place, 60)

            def write() -> None:
                sent = {"entry": entry("training", content="é" * 2_000)}
                answer = owner.post({"query": ADD, "variables": sent})
                statuses.append(answer.status_code)
                if answer.status_code == 200:
                    acknowledged.add(answer.json()["data"]["entryAdd"]["entry"]["id"])

            while statuses.count(503) < times(5, 50) and len(statuses) < 2_000:
                write()
                reads.append(owner.post({"query": WHOLE}).status_code)
            filler.unlink()
            written = len(acknowledged)
            write()
            kept = {one["id"] for one in whole(owner)["entries"]}
    finally:
        subprocess.run(["umount", place], check=True)
        place.rmdir()
    figures.size("writes acknowledged before and among refusals", written)
    figures.at_least("refused for want of room", statuses.count(503), times(5, 50))
    figures.exactly("answers other than done or refused", len(set(statuses) - {200, 503}), 0)
    figures.exactly("acknowledged and lost", len(acknowledged - kept), 0)
    figures.exactly("written although refused", len(kept - acknowledged), 0)
    figures.exactly("reads refused on a full disk", len(set(reads) - {200}), 0)
    figures.exactly("writes refused once there is room", int(len(acknowledged) == written), 0)

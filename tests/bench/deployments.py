"""Deployments to measure: a database with so many booklets, its servers, and how they are asked."""

import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from graphql_api.callers import sites
from graphql_api.configuration.settings import Settings
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.actors import Anonymous
from tests.bench.booklets import (
    DELTA_SITE,
    ENTRIES,
    FIRST_AGENT,
    SITE,
    Content,
    enter_template,
    load_copies,
    template,
)
from tests.bench.databases import MASTER_KEY, PUBLIC_URL, PostgreSQL, bench_settings
from tests.bench.document import whole_booklet
from tests.bench.processes import free_port, listening, python
from tests.signing import access_token, signing_key

# So many writers that their booklets stay what they were: each gets a few more entries in a run.
READERS, WRITERS = 100, 2_000
PAGE_SIZE = 50
AGENT_SCOPE = "livret:read livret:write"
ENTRY = {
    "title": "La commande publique en pratique",
    "role": "STAGIAIRE",
    "start": "2021-03-15",
    "end": "2021-03-17",
    "providerName": "CNFPT",
    "providerCity": "Orléans",
    "content": "Seuils, procédures, critères, exécution : deux jours d’exercices sur des marchés réels.",
}
SMALL_DOCUMENT = "{ booklet { id version } }"
ADD_DOCUMENT = """mutation ($entry: EntryInput!) { entryAdd(entry: $entry) {
  __typename ... on EntryAdded { entry { id version } }
  ... on Refusal { code message } ... on InvalidEntry { problems { path code } } } }"""


@dataclass
class Deployment:
    """A database with so many booklets; tokens of some of their owners, and of the site."""

    name: str  # of the engine
    size: int
    urls: tuple[str, str]
    folder: Path
    content: Content
    key: ECKey
    settings: Settings
    readers: list[str]
    writers: list[str]
    site: str
    delta_site: str
    postgresql: PostgreSQL | None
    sized: dict[int, str] = field(default_factory=dict)

    def token(self, subject: str) -> str:
        """A token of an owner."""
        return access_token(self.key, self.settings, subject=subject, scope=AGENT_SCOPE)

    def site_token(self) -> str:
        """A token of the machine of the site that reads whole."""
        return self._machine_token(self.site)

    def delta_token(self) -> str:
        """A token of the machine of the site that reads deltas, of which nothing is kept."""
        return self._machine_token(self.delta_site)

    def _machine_token(self, client: str) -> str:
        return access_token(
            self.key, self.settings, subject=client, scope="livret:summary", client=client
        )


def deploy(
    name: str,
    size: int,
    urls: tuple[str, str],
    folder: Path,
    postgresql: PostgreSQL | None = None,
    sizes_of_one: Sequence[int] = (),
    entries: int = ENTRIES,
) -> Deployment:
    """Fill a database with booklets of so many entries, and one of each of these numbers of entries.

    A folder that a deployment was made in is not filled again.
    """
    (folder / "queries").mkdir(parents=True, exist_ok=True)
    (folder / "queries" / "whole.graphql").write_text(whole_booklet())
    settings = bench_settings(urls, 0, folder)
    service = build_service(settings)
    migrate_stores(service)
    key, kept = signing_key(service), folder / "callers.json"
    if not kept.exists():
        first = access_token(key, settings, subject=FIRST_AGENT, scope=AGENT_SCOPE)
        kept.write_text(json.dumps(_filled(service, first, name, size, sizes_of_one, entries)))
    content = template(service).of_size(entries)
    service.close()
    return Deployment(
        name=name,
        size=size,
        urls=urls,
        folder=folder,
        content=content,
        key=key,
        settings=settings,
        postgresql=postgresql,
        **_callers(json.loads(kept.read_text())),
    )


def _filled(
    service: Service, first: str, name: str, size: int, sizes_of_one: Sequence[int], entries: int
) -> dict[str, Any]:
    """Fill a database; who may ask: the subjects of some owners, of each size of one, and the sites."""
    with service.store.writing():
        site, delta_site = (
            sites.register(service.operation(Anonymous()), code).client_id
            for code in (SITE, DELTA_SITE)
        )
    enter_template(service, first)
    content = template(service).of_size(entries)
    subjects = load_copies(service, content, size, name)
    sized = {
        number: load_copies(service, content.of_size(number), 1, f"of {number} entries, {name}")[0]
        for number in sizes_of_one
    }
    chosen = subjects[:: max(1, size // (READERS + WRITERS))][: READERS + WRITERS]
    asking = {"readers": chosen[:READERS], "writers": chosen[READERS:]}
    return asking | {"site": site, "delta_site": delta_site, "sized": sized}


def _callers(written: dict[str, Any]) -> dict[str, Any]:
    """Who may ask, as it was written: JSON has no numbers for keys."""
    return written | {"sized": {int(number): one for number, one in written["sized"].items()}}


@contextmanager
def service_of(deployment: Deployment, *, compiled: bool = True) -> Iterator[tuple[int, int]]:
    """The service of a deployment, running; its port and its process."""
    port = free_port()
    file = deployment.folder / f"server-{port}.json"
    told = {"urls": deployment.urls, "port": port, "folder": str(deployment.folder)}
    file.write_text(json.dumps(told | {"compiled": compiled}))
    command = python("tests.bench.server", str(file))
    with listening(command, port, log=file.with_suffix(".log")) as process:
        yield port, process


@contextmanager
def livret_serve(deployment: Deployment) -> Iterator[tuple[int, int]]:
    """`livret serve` on a deployment, as an operator starts it; its port and its process."""
    port = free_port()
    environment = os.environ | {
        "LIVRET_DATABASE_URL": deployment.urls[0],
        "LIVRET_KEY_STORE_URL": deployment.urls[1],
        "LIVRET_MASTER_KEY": MASTER_KEY.hex(),
        "LIVRET_PUBLIC_URL": PUBLIC_URL,
        "LIVRET_PORT": str(port),
        "LIVRET_PROFILE": "development",
        "LIVRET_MAIL_FOLDER": str(deployment.folder),
        "LIVRET_QUERIES": str(deployment.folder / "queries"),
        "LIVRET_CALLER_LIMITS": "off",
    }
    command = [str(Path(sys.executable).with_name("livret")), "serve"]
    with listening(command, port, environment, deployment.folder / "serve.log") as process:
        yield port, process


def first_answer(deployment: Deployment, port: int) -> None:
    """Ask one small query, and wait for its answer."""
    headers = {"authorization": f"Bearer {deployment.token(deployment.readers[0])}"}
    body = json.dumps({"query": SMALL_DOCUMENT}).encode()
    with opened(port, "/graphql", headers | {"content-type": "application/json"}, body) as answer:
        assert b'"version"' in answer.read()


def opened(port: int, path: str, headers: dict[str, str], body: bytes | None = None) -> Any:
    return urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    )

"""Deployments to measure: a database with so many booklets, its servers, and how they are asked."""

import datetime
import json
import os
import sys
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from joserfc.jwk import ECKey

from graphql_api.callers import sites
from graphql_api.commands.copies.pull_command import DOCUMENT as PAGE_DOCUMENT
from graphql_api.configuration.settings import Settings
from graphql_api.engine.stored_queries import hash_of
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
from tests.bench.goals import (
    ADD,
    PAGE,
    PAGE_ANEW,
    SMALL,
    UNCHANGED,
    WHILE_ALLOWED,
    WHILE_PULLING,
    WHOLE,
    Contender,
)
from tests.bench.load_client import Load, request
from tests.bench.peer_queries import ADD as PEER_ADD
from tests.bench.peer_queries import SMALL as PEER_SMALL
from tests.bench.peer_queries import page as peer_page
from tests.bench.peer_queries import whole as peer_whole
from tests.bench.peer_server import PlainRows, peer
from tests.bench.processes import free_port, listening, python
from tests.signing import access_token, signing_key

READERS, WRITERS = 100, 200
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
_STORED = {
    "title": ENTRY["title"],
    "role": "STAGIAIRE",
    "start": ENTRY["start"],
    "end": ENTRY["end"],
    "provider_name": ENTRY["providerName"],
    "provider_city": ENTRY["providerCity"],
    "content": ENTRY["content"],
    "shareable": True,
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


def yesterday() -> str:
    """What a delta asks for, so that all that was loaded is told."""
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)).isoformat()


def first_answer(deployment: Deployment, port: int) -> None:
    """Ask one small query, and wait for its answer."""
    headers = {"authorization": f"Bearer {deployment.token(deployment.readers[0])}"}
    body = json.dumps({"query": SMALL_DOCUMENT}).encode()
    with _opened(port, "/graphql", headers | {"content-type": "application/json"}, body) as answer:
        assert b'"version"' in answer.read()


def of_service(
    deployment: Deployment, name: str, port: int, process: int, *, counts: bool = True
) -> Contender:
    """The service as a contender, with all rows; `counts` says that it tells how many statements it ran."""
    agent, writer = (
        [{"authorization": f"Bearer {deployment.token(one)}"} for one in subjects]
        for subjects in (deployment.readers, deployment.writers)
    )
    site = [{"authorization": f"Bearer {deployment.site_token()}"}]
    following = {"first": PAGE_SIZE, "counts": False}  # all pages of a reading but its first
    pages = Load(port, _posted(site, PAGE_DOCUMENT, following), 1, 0, size=10_000)
    deltas = [{"authorization": f"Bearer {deployment.delta_token()}"}]
    since = following | {"since": yesterday()}
    add = Load(
        port, _posted(writer, ADD_DOCUMENT, {"entry": {"training": ENTRY}}), 1, 0,
        contains=['"EntryAdded"'],
    )  # fmt: skip
    rows = {
        WHOLE: Load(
            port, _posted(agent, whole_booklet()), 1, 0, contains=['"dossiers"'], size=20_000
        ),
        SMALL: Load(port, _posted(agent, SMALL_DOCUMENT), 1, 0, contains=['"version":']),
        PAGE: pages,
        PAGE_ANEW: Load(port, _posted(deltas, PAGE_DOCUMENT, since), 1, 0, size=10_000),
        ADD: add,
        WHILE_PULLING: add,
        WHILE_ALLOWED: add,
        UNCHANGED: Load(port, _unchanged(port, agent), 1, 0, status=304),
    }
    return _contender(deployment, name, port, process, rows, pulling=pages, counts=counts)


def of_limit(deployment: Deployment, name: str, port: int, process: int) -> Contender:
    """What the same stored values cost without GraphQL, as a contender."""
    agent, writer = (
        [{"authorization": f"Bearer {deployment.token(one)}"} for one in subjects]
        for subjects in (deployment.readers, deployment.writers)
    )
    site = [{"authorization": f"Bearer {deployment.site_token()}"}]
    body = json.dumps({"rubric": "TRAINING", "content": _STORED})
    rows = {
        WHOLE: Load(port, _got(agent, "/limit/whole"), 1, 0, contains=['"dossiers"'], size=20_000),
        SMALL: Load(port, _got(agent, "/limit/small"), 1, 0, contains=['"version":']),
        PAGE: Load(port, _got(site, "/limit/page"), 1, 0, size=10_000),
        PAGE_ANEW: Load(port, _got(site, "/limit/sections"), 1, 0, size=10_000),
        ADD: Load(
            port, [request("POST", "/limit/add", one, body) for one in writer], 1, 0,
            contains=['"entryAdd"'],
        ),
    }  # fmt: skip
    return _contender(deployment, name, port, process, rows)


def of_size(deployment: Deployment, number: int, port: int, process: int) -> Contender:
    """The service asked for one booklet of so many entries."""
    agent = [{"authorization": f"Bearer {deployment.token(deployment.sized[number])}"}]
    rows = {
        WHOLE: Load(port, _posted(agent, whole_booklet()), 1, 0, contains=['"dossiers"']),
        SMALL: Load(port, _posted(agent, SMALL_DOCUMENT), 1, 0, contains=['"version":']),
    }
    return _contender(deployment, f"{number} entries, {deployment.name}", port, process, rows)


@contextmanager
def peer_of(deployment: Deployment, modules: Path, database: str) -> Iterator[Contender]:
    """The peer on the same booklets as plain rows, in a database of the same server."""
    assert deployment.postgresql is not None
    rows, port = PlainRows(database, deployment.content), free_port()
    others = [f"agent-{number}" for number in range(deployment.size)]
    subjects = [*deployment.readers, *deployment.writers, *others][: deployment.size]
    rows.make(subjects)
    told = {
        "database": database,
        "port": port,
        "key": deployment.key.as_dict(private=False),
        "issuer": PUBLIC_URL,
        "audience": deployment.settings.token_audience,
    }
    with peer(modules, told, deployment.folder) as process:
        yield _of_peer(deployment, rows, port, process)


def _of_peer(deployment: Deployment, rows: PlainRows, port: int, process: int) -> Contender:
    agent, writer = (
        [{"authorization": f"Bearer {deployment.token(one)}"} for one in subjects]
        for subjects in (deployment.readers, deployment.writers)
    )
    added = [
        request("POST", "/graphql", one, json.dumps({
            "query": PEER_ADD,
            "variables": {"entry": {"bookletId": id, "rubric": "TRAINING"} | ENTRY},
        }))
        for one, id in zip(writer, _ids(port, writer), strict=True)
    ]  # fmt: skip
    pages = Load(port, _posted(agent, peer_page(rows, PAGE_SIZE)), 1, 0, size=10_000)
    add = Load(port, added, 1, 0, contains=['"createEntry"'])
    asked = {
        WHOLE: Load(port, _posted(agent, peer_whole(rows)), 1, 0, size=20_000),
        SMALL: Load(port, _posted(agent, PEER_SMALL), 1, 0, contains=['"version":']),
        PAGE: pages,
        PAGE_ANEW: pages,  # which is the same to it
        ADD: add,
        WHILE_PULLING: add,
        WHILE_ALLOWED: add,
    }
    return _contender(deployment, "peer", port, process, asked, pulling=pages, counts=False)


def _contender(
    deployment: Deployment,
    name: str,
    port: int,
    process: int,
    rows: dict[str, Load],
    pulling: Load | None = None,
    *,
    counts: bool = True,
) -> Contender:
    on = deployment.postgresql
    return Contender(
        name=name,
        port=port,
        rows=rows,
        process=process,
        database_processes=on.processes if on else list,
        written_bytes=on.written_bytes if on else None,
        statements=partial(_statements, port) if counts else None,
        pulling=pulling,
    )


def _posted(callers: Sequence[dict[str, str]], query: str, variables: Any = None) -> list[str]:
    body = json.dumps({"query": query} | ({"variables": variables} if variables else {}))
    accept = {"accept": "application/json"}
    return [request("POST", "/graphql", accept | one, body) for one in callers]


def _got(callers: Sequence[dict[str, str]], path: str) -> list[str]:
    return [request("GET", path, one) for one in callers]


def _unchanged(port: int, callers: Sequence[dict[str, str]]) -> list[str]:
    """Requests for the whole booklet by its address, each with the tag of the present answer."""
    path = f"/q/{hash_of(whole_booklet())}"
    asked = []
    for one in callers:
        with _opened(port, path, one) as answer:
            tag = answer.headers["etag"]
        asked.append(request("GET", path, one | {"if-none-match": tag}))
    return asked


def _ids(port: int, callers: Sequence[dict[str, str]]) -> list[str]:
    body = json.dumps({"query": PEER_SMALL}).encode()
    found = []
    for one in callers:
        with _opened(port, "/graphql", one | {"content-type": "application/json"}, body) as answer:
            found.append(json.load(answer)["data"]["ownBooklet"]["rowId"])
    return found


def _statements(port: int) -> int:
    with _opened(port, "/counters", {}) as answer:
        return int(answer.read())


def _opened(port: int, path: str, headers: dict[str, str], body: bytes | None = None) -> Any:
    return urllib.request.urlopen(
        urllib.request.Request(f"http://127.0.0.1:{port}{path}", body, headers)
    )

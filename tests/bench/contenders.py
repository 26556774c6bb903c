"""How each server of a deployment is asked what the bench measures."""

import datetime
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

from graphql_api.commands.copies.pull_command import DOCUMENT as PAGE_DOCUMENT
from graphql_api.engine.stored_queries import hash_of
from tests.bench.databases import PUBLIC_URL
from tests.bench.deployments import (
    ADD_DOCUMENT,
    ENTRY,
    PAGE_SIZE,
    SMALL_DOCUMENT,
    Deployment,
    opened,
)
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
from tests.bench.processes import free_port

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


def yesterday() -> str:
    """What a delta asks for, so that all that was loaded is told."""
    return (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)).isoformat()


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
        with opened(port, path, one) as answer:
            tag = answer.headers["etag"]
        asked.append(request("GET", path, one | {"if-none-match": tag}))
    return asked


def _ids(port: int, callers: Sequence[dict[str, str]]) -> list[str]:
    body = json.dumps({"query": PEER_SMALL}).encode()
    found = []
    for one in callers:
        with opened(port, "/graphql", one | {"content-type": "application/json"}, body) as answer:
            found.append(json.load(answer)["data"]["ownBooklet"]["rowId"])
    return found


def _statements(port: int) -> int:
    with opened(port, "/counters", {}) as answer:
        return int(answer.read())

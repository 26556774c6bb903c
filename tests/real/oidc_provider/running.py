"""The service and the independent provider over real HTTP, each on a loopback port of its own.

The service is `127.0.0.1` and the provider `localhost`, so that no cookie of one goes to the other.
"""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from socket import SO_REUSEADDR, SOL_SOCKET, socket
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from joserfc.jwk import ECKey

from graphql_api.app import application
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.desk import Desk
from graphql_api.identity_provider.passwords import hashed
from graphql_api.serving import migrate_stores, service_from
from graphql_api.settings import Settings
from graphql_api.storage.operation import to_microseconds

HERE = Path(__file__).parent
EMAIL, PASSWORD = "maelle@example.org", "quatre mots sans aucun rapport"


def node_for(folder: Path, package: str) -> str:
    """Where Node is. Without it, or without the package, the test is skipped; in CI it fails."""
    found = shutil.which("node")
    missing = "" if found else "Node is not installed"
    if found and not (folder / "node_modules" / package).is_dir():
        missing = (
            f"npm install --no-package-lock --prefix {folder.relative_to(Path.cwd())} was not run"
        )
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return str(found)


def settings_at(url: str, folder: Path, **changes: Any) -> Settings:
    """A service at that address, with its stores and letters in that folder."""
    given = {
        "database_url": f"sqlite:///{folder}/livret.db",
        "key_store_url": f"sqlite:///{folder}/keys.db",
        "master_key": bytes(range(32)),
        "public_url": url,
        "internal_url": url,
        "token_issuer": url,
        "token_audience": f"{url}/graphql",
        "mail_folder": folder,
        "threads": 2,
    }
    return Settings(**{**given, **changes})


def bound(port: int = 0) -> socket:
    """A socket at a port of this machine, a free one by itself."""
    one = socket()
    one.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    one.bind(("127.0.0.1", port))
    return one


def port_of(one: socket) -> int:
    """The port at which a socket is."""
    return int(one.getsockname()[1])


def free_port() -> int:
    """A port that is free now."""
    with bound() as one:
        return port_of(one)


@contextmanager
def serving(settings: Settings) -> Iterator[None]:
    """The service, answering at its address until the end."""
    server = uvicorn.Server(uvicorn.Config(application(settings), log_level="critical"))
    with bound(urlsplit(settings.public_url).port or 0) as listening:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield
        finally:
            server.should_exit = True
            thread.join(10)


def prepare(settings: Settings) -> str:
    """Make the stores, with Maëlle's account of the service; its id."""
    service = service_from(settings)
    migrate_stores(service)
    desk = Desk(
        store=service.store,
        key_store=service.key_store,
        master_key=settings.master_key,
        public_url=settings.public_url,
        now=to_microseconds(service.clock()),
    )
    details = accounts.Details("Lefèvre", "Maëlle", EMAIL, "MME", hashed(PASSWORD))
    with desk.writing():
        account = accounts.create(desk, details, activated=True)
    service.close()
    return account


@dataclass
class Provider:
    """The independent provider: it starts, stops, and starts again with other keys."""

    node: str
    port: int
    said: Mapping[str, Any]
    running: subprocess.Popen[str] | None = None
    is_as_said: bool = False

    @property
    def issuer(self) -> str:
        return f"http://localhost:{self.port}"

    def start(self, **changes: Any) -> None:
        """Begin to answer, anew if need be, as `said` and the changes to it describe."""
        self.stop()
        told = {"issuer": self.issuer, "port": self.port, **self.said, **changes}
        self.running = subprocess.Popen(
            [self.node, HERE / "provider.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self.running.stdin
        assert self.running.stdout
        self.running.stdin.write(json.dumps(told))
        self.running.stdin.close()
        lines = iter(self.running.stdout)
        assert any("listening" in line for line in lines), "the provider does not start"
        self.is_as_said = not changes

    def stop(self) -> None:
        """Answer nothing any more; harmless when it is stopped already."""
        if self.running is None:
            return
        self.running.kill()
        self.running.wait(10)
        assert self.running.stdout
        self.running.stdout.close()
        self.running, self.is_as_said = None, False


def fresh_key(kid: str) -> ECKey:
    """A key for the provider to sign with."""
    return ECKey.generate_key("P-256", {"kid": kid, "use": "sig", "alg": "ES256"})


def key_set(key: ECKey) -> dict[str, object]:
    """What the provider is told of its only key."""
    return {"keys": [key.as_dict(private=True)]}

"""The service as people run it: `livret serve`, in a process apart, over HTTP on a free port."""

import os
import secrets
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from pathlib import Path
from socket import create_server

import httpx2

from graphql_api.configuration.settings import Settings, from_environment
from graphql_api.identity_provider.accounts import accounts
from graphql_api.identity_provider.accounts.account_context import AccountContext
from graphql_api.identity_provider.passwords import hash_password
from graphql_api.serving import build_service, migrate_stores
from graphql_api.storage.operation import to_microseconds
from tests.conftest import Caller, Deployment, Here, open_booklet
from tests.patience import PATIENCE_SECONDS
from tests.processes import interrupt, interruptible, wait_until
from tests.signing import signing_key

LIVRET = Path(sys.executable).with_name("livret")
EMAIL, PASSWORD = "maelle@example.org", "quatre mots sans aucun rapport"


@dataclass(frozen=True)
class RealService:
    """A service with its stores in a folder. It answers while the block of `running` lasts."""

    folder: Path
    environment: Mapping[str, str]
    deployment: Deployment

    @property
    def settings(self) -> Settings:
        return self.deployment.settings

    @property
    def url(self) -> str:
        return self.settings.public_url

    def on_port(self, port: int) -> "RealService":
        """The same service, as a process of its own on a port."""
        environment = {**self.environment, "LIVRET_PORT": str(port)}
        own = replace(self.settings, public_url=f"http://127.0.0.1:{port}", port=port)
        folder = self.folder / str(port)
        folder.mkdir()
        return RealService(folder, environment, replace(self.deployment, settings=own))

    @contextmanager
    def running(self, *program: str | Path) -> Iterator[None]:
        """Serve until the block ends; `program` stands in for `livret serve`."""
        log = self.folder / "service.log"
        with (
            log.open("ab") as errors,
            subprocess.Popen(
                interruptible(*(program or (LIVRET, "serve"))),
                cwd=self.folder,
                env=dict(self.environment),
                stderr=errors,
                text=True,
            ) as process,
        ):
            try:
                wait_until(process, self.is_ready)
                yield
            finally:
                code = interrupt(process)
                print(log.read_text("utf-8"))  # pytest shows it where a test fails
        assert code == 0

    def is_ready(self) -> bool:
        """Whether the service answers and both its stores are ready."""
        with suppress(httpx2.TransportError):
            answer = httpx2.get(f"{self.url}/readyz", trust_env=False, timeout=PATIENCE_SECONDS)
            return answer.status_code == 200
        return False

    @contextmanager
    def owner(self, name: str) -> Iterator[Caller]:
        """An agent of that name with an open, empty booklet, who calls over HTTP."""
        with httpx2.Client(base_url=self.url, trust_env=False, timeout=PATIENCE_SECONDS) as client:
            here = Here("sqlite", self.deployment, client)
            caller = here.caller(name)
            open_booklet(caller, here)
            yield caller

    def add_account(self, email: str = EMAIL) -> str:
        """Add an account of Maëlle's, with `PASSWORD`, and return its id."""
        service = self.deployment.service
        context = AccountContext(
            store=service.store,
            key_store=service.key_store,
            master_key=service.master_key,
            service_keys=service.service_keys,
            public_url=self.url,
            now=to_microseconds(service.clock()),
        )
        details = accounts.AccountDetails(
            "Lefèvre", "Maëlle", email, "MME", hash_password(PASSWORD)
        )
        with context.writing():
            return accounts.create(context, details, activated=True)


@contextmanager
def prepared(folder: Path, **settings: str) -> Iterator[RealService]:
    """A service that is ready to run: migrated, with these settings besides its stores."""
    key = folder / "master.key"
    key.write_text(secrets.token_hex(32), "ascii")
    key.chmod(0o600)
    environment = {name: value for name, value in os.environ.items() if "LIVRET_" not in name} | {
        "LIVRET_DATABASE_URL": f"sqlite:///{folder}/livret.db",
        "LIVRET_KEY_STORE_URL": f"sqlite:///{folder}/keys.db",
        "LIVRET_MASTER_KEY_FILE": str(key),
        "LIVRET_MAIL_FOLDER": str(folder),
        "LIVRET_PORT": str(free_port()),
        "LIVRET_PRINTERS": "1",
        "LIVRET_PROFILE": "development",
        "LIVRET_THREADS": "2",
        "NO_PROXY": "127.0.0.1,localhost",
        **settings,
    }
    read = from_environment(environment)
    service = build_service(read)
    migrate_stores(service)
    deployment = Deployment(read, service, signing_key(service))
    try:
        yield RealService(folder, environment, deployment)
    finally:
        deployment.close()


@contextmanager
def serving(folder: Path, **settings: str) -> Iterator[RealService]:
    """A service that answers until the block ends."""
    with prepared(folder, **settings) as service, service.running():
        yield service


def free_port() -> int:
    """Return a port that is free now."""
    with create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])

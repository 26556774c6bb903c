"""A service on a real port, with the print processes that it starts: what it prints is read over HTTP."""

import io
import socket
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx2
import pytest
import uvicorn

from graphql_api import app
from graphql_api.app import create_application
from graphql_api.dossiers.printing import PrintProcessPool
from tests.conftest import Caller, Deployment, Here, with_booklet
from tests.graphql_api.documents import added, whole
from tests.patience import PATIENCE_SECONDS, until

WHOLE = "Livret complet - Livret individuel de formation"  # the file of the built-in dossier
NOT_FOUND = {"errors": [{"message": "Dossier introuvable.", "extensions": {"code": "NOT_FOUND"}}]}


@dataclass
class Served:
    """A service on a real port, with the print processes that it started, and those of PDFs if there are any."""

    here: Here
    client: httpx2.Client
    pool: PrintProcessPool
    pdf_pool: PrintProcessPool | None = None

    def caller(self, name: str, scope: str = "livret:read livret:write") -> Caller:
        return Caller(self.client, self.here.caller(name, scope).token, name)  # type: ignore[arg-type]  # it asks as a TestClient does

    def download(
        self,
        caller: Caller | None,
        dossier: str,
        method: str = "GET",
        form: str = "zip",
        accept: str = "*/*",
    ) -> httpx2.Response:
        headers = {"accept": accept}
        if caller:
            headers["authorization"] = f"Bearer {caller.token}"
        return self.client.request(method, f"/dossiers/{dossier}.{form}", headers=headers)

    @property
    def worker(self) -> int:
        """The process that prints HTML and zip; there is but one, unless the settings say so."""
        process = self.pool.processes[0].pid
        assert process is not None
        return process


@contextmanager
def serving(
    deployment: Deployment,
    kind: str,
    make_pool: Callable[..., PrintProcessPool] = PrintProcessPool,
    **settings: int,
) -> Iterator[Served]:
    """The service of a deployment on a free port of this machine, until the block ends."""
    started: list[PrintProcessPool] = []

    def opened(url: str, *options: str, **bounds: int) -> PrintProcessPool:
        started.append(make_pool(url, *options, **bounds))
        return started[-1]

    with socket.socket() as listening, pytest.MonkeyPatch.context() as patched:
        listening.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        patched.setattr(app, "PrintProcessPool", opened)
        served = create_application(
            replace(deployment.settings, **{"internal_url": url, "printers": 1, **settings}),  # type: ignore[arg-type]  # settings of any type
            deployment.clock,
        )
        server = uvicorn.Server(uvicorn.Config(served, log_config=None, access_log=False))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            until(lambda: server.started)
            with httpx2.Client(base_url=url, timeout=PATIENCE_SECONDS) as client:
                here = Here(kind, deployment, client, deployment.clock)  # type: ignore[arg-type]  # as above
                yield Served(here, client, *started)
        finally:
            server.should_exit = True
            thread.join()


def owner_of(served: Served, name: str = "owner") -> tuple[Caller, str]:
    """An agent with a diploma in an open booklet, and the id of the dossier of it all."""
    caller = with_booklet(served.here, name)
    added(caller, "diploma", title=f"Brevet de {name}")
    (dossier,) = whole(caller)["dossiers"]
    return caller, dossier["id"]


def page_of(answer: httpx2.Response) -> str:
    """The page in a downloaded dossier."""
    assert answer.status_code == 200, answer.text
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.testzip() is None
        (page,) = [name for name in archive.namelist() if name.endswith("index.html")]
        return archive.read(page).decode()


def is_running(process: int) -> bool:
    """Whether there is such a process, and not only what is left of it until somebody asks."""
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"

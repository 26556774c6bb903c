"""A worker for the tests of worker processes: it answers who it is, and begins only where it may.

It says besides whether it was told that the service stops; at `/frozen`, how many objects no garbage
collection looks at, how many one does, and after how many new ones the next begins.
"""

import gc
import os
import sys
from pathlib import Path
from typing import Any

from graphql_api.configuration.settings import Settings
from graphql_api.web.http import http_server
from graphql_api.web.http.worker_processes import WorkerLink
from tests.patience import PATIENCE_SECONDS

BROKEN = 5
STOPPING = http_server.Stopping()


async def application(scope: Any, receive: Any, send: Any) -> None:
    """Answer with the number of the process, and « stopping », once the whole body has come."""
    if scope["type"] == "lifespan":
        for kind in ("startup", "shutdown"):
            await receive()
            await send({"type": f"lifespan.{kind}.complete"})
        return
    while (await receive()).get("more_body"):
        pass
    body = str(os.getpid()).encode() + (b" stopping" if STOPPING.has_begun else b"")
    if scope["path"] == "/frozen":
        looked_at = len(gc.get_objects())
        body = f"{gc.get_freeze_count()} {looked_at} {gc.get_threshold()[0]}".encode()
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    http_server.NEW_CONNECTION_SECONDS = PATIENCE_SECONDS  # no machine is too slow
    if Path(sys.argv[1]).exists():
        sys.exit(BROKEN)
    settings = Settings("sqlite:////a", "sqlite:////b", bytes(32))
    worker = WorkerLink.inherited(*map(int, sys.argv[2].split(",")))
    server = http_server.http_server(application, settings, STOPPING.begin, worker=worker)
    sys.exit(http_server.run_server(server))

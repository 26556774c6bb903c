"""The audits of npm's graphql-http, which test a server against the GraphQL over HTTP specification."""

import json
import os
import shutil
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from .graphql_http_audits.app import application

HERE = Path(__file__).parent / "graphql_http_audits"
# Of the audits that a server may fail: it does not serve GET.
OPTIONAL = {"5A70", "D6D5", "6A70"}

pytestmark = pytest.mark.real


@pytest.fixture(autouse=True)
def node() -> str:
    """Where Node is. Without it, or without the package, the tests are skipped; in CI they fail."""
    found = shutil.which("node")
    missing = "" if found else "Node is not installed"
    folders = (HERE / "node_modules", HERE.parent / "node_modules")
    if found and not any((folder / "graphql-http").is_dir() for folder in folders):
        missing = (
            f"npm install --no-package-lock --prefix {HERE.relative_to(Path.cwd())} was not run"
        )
    if missing and os.environ.get("CI"):
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    return str(found)


@contextmanager
def served(*, introspection: bool) -> Iterator[str]:
    """The address of the toy application, served by uvicorn on a free port until the end."""
    config = uvicorn.Config(application(introspection=introspection), port=0, log_level="critical")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}/graphql"
    finally:
        server.should_exit = True
        thread.join(10)


def audit(node: str, url: str) -> dict[str, dict[str, Any]]:
    """The result of each audit, by its id."""
    run = subprocess.run(
        [node, HERE / "audit.mjs", url], capture_output=True, text=True, timeout=60, check=True
    )
    return {result["id"]: result for result in json.loads(run.stdout)}


def test_the_endpoint_passes_every_audit(node: str) -> None:
    with served(introspection=True) as url:
        results = audit(node, url)
    assert len(results) >= 61
    failed = {id: result for id, result in results.items() if result["status"] != "ok"}
    assert failed.keys() <= OPTIONAL, failed
    assert all(result["status"] == "notice" for result in failed.values())


def test_without_introspection_only_the_audits_that_read_the_schema_fail(node: str) -> None:
    with served(introspection=False) as url:
        results = audit(node, url)
    failed = {id for id, result in results.items() if result["status"] != "ok"}
    assert failed - OPTIONAL == {"2EA1", "28B9"}

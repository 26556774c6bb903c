"""`livret serve` told to stop: what it has taken is answered, nothing else holds it up."""

import json
import sqlite3
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from graphql_api.app import create_application
from graphql_api.web.http.http_server import Stopping
from tests.client import TestClient
from tests.conftest import Here
from tests.graphql_api.web.http.sockets import (
    HEAD,
    READY,
    answer_of,
    connect,
    log_of,
    one_answer,
    started,
    stop,
)
from tests.patience import PATIENCE_SECONDS, until
from tests.real.service import RealService, prepared
from tests.signing import access_token, signing_key

OPEN = "mutation { charterRefuse { __typename } }"


@pytest.fixture
def service(tmp_path: Path) -> Iterator[RealService]:
    with prepared(tmp_path, LIVRET_SHUTDOWN_SECONDS="1") as one:
        yield one


def end(process: subprocess.Popen[bytes]) -> int:
    return process.wait(PATIENCE_SECONDS)


def test_unfinished_requests_do_not_hold_up_the_shutdown(service: RealService) -> None:
    with (
        started(service) as process,
        connect(service) as idle,
        connect(service) as silent,
        connect(service) as half,
        connect(service) as chunked,
        connect(service) as head,
    ):
        idle.sendall(READY)
        one_answer(idle)
        half.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        chunked.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n")
        head.sendall(HEAD)
        idle.sendall(READY)  # by its answer the others are read
        one_answer(idle)
        stop(process)
        for one in (idle, silent, head, half, chunked):
            assert answer_of(one) == b""
        end(process)
    assert "cut 2 unfinished connection(s)" in log_of(service)


def test_nobody_connects_to_a_service_that_stops(service: RealService) -> None:
    with started(service) as process, connect(service) as half:
        half.sendall(HEAD + b"Content-Length: 100\r\n\r\n{")
        stop(process)
        until(lambda: not _takes_connections(service))
        end(process)


def test_what_was_taken_is_answered(tmp_path: Path) -> None:
    with prepared(tmp_path, LIVRET_SHUTDOWN_SECONDS="60") as service:
        _answer_while_stopping(service)


def _answer_while_stopping(service: RealService) -> None:
    key = signing_key(service.deployment.service)
    token = access_token(key, service.settings, subject="maelle", scope="livret:read livret:write")
    query = json.dumps({"query": OPEN}).encode()
    length = b"Content-Length: %d\r\n\r\n" % len(query)
    lock = sqlite3.connect(service.folder / "livret.db", isolation_level=None)
    with started(service) as process, connect(service) as waiting:
        lock.execute("BEGIN IMMEDIATE")
        waiting.sendall(HEAD + f"Authorization: Bearer {token}\r\n".encode() + length + query)
        with connect(service) as other:  # by its answer the first request is read
            other.sendall(READY)
            one_answer(other)
        stop(process)
        until(lambda: not _takes_connections(service))
        lock.execute("ROLLBACK")
        answer = answer_of(waiting)
        assert answer.startswith(b"HTTP/1.1 200 ")
        assert b"connection: close" in answer
        end(process)
    assert "cut" not in log_of(service)


def test_a_service_that_stops_is_not_ready(here: Here) -> None:
    stopping = Stopping()
    application = create_application(here.deployment.settings, stopping=stopping)
    with TestClient(application) as client:
        assert client.get("/readyz").status_code == 200
        stopping.begin()
        assert client.get("/readyz").status_code == 503
        assert client.get("/healthz").status_code == 200


def _takes_connections(service: RealService) -> bool:
    try:
        connect(service).close()
    except ConnectionError:
        return False
    return True

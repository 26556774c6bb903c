"""`livret serve` against connections that are slow, silent, endless or many."""

import json
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.graphql_api.web.http.sockets import (
    HEAD,
    READY,
    answer_of,
    connect,
    drip,
    one_answer,
    started,
)
from tests.real.service import RealService, prepared

SHORT = {"LIVRET_HEAD_SECONDS": "1", "LIVRET_BODY_SECONDS": "1", "LIVRET_IDLE_SECONDS": "1"}
FEW = {
    "LIVRET_TRUSTED_PROXIES": "192.0.2.1,::1",
    "LIVRET_ADDRESS_CONNECTIONS": "3",
    "LIVRET_CONNECTIONS": "5",
    "LIVRET_HEAD_SECONDS": "600",
}


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealService]:
    """A service with short times."""
    with prepared(tmp_path_factory.mktemp("short"), **SHORT) as one, started(one):
        yield one


@pytest.fixture(scope="module")
def small_service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RealService]:
    """A service with few connections."""
    with prepared(tmp_path_factory.mktemp("few"), **FEW) as one, started(one):
        yield one


@pytest.fixture
def connection(service: RealService) -> Iterator[socket.socket]:
    with connect(service) as one:
        yield one


def test_a_connection_serves_one_request_after_the_other(connection: socket.socket) -> None:
    for _ in range(3):
        connection.sendall(READY)
        assert one_answer(connection).startswith(b"HTTP/1.1 200")
    connection.sendall(READY + READY)
    assert one_answer(connection).startswith(b"HTTP/1.1 200")


# --- size


@pytest.mark.parametrize(
    ("request_head", "status"),
    [
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 99 + b"\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 100 + b"\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\n" + b"a: b\r\n" * 10_000 + b"\r\n", 431),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\na: " + b"b" * 32_000 + b"\r\n\r\n", 200),
        (b"GET /healthz HTTP/1.1\r\nHost: x\r\na: " + b"b" * 33_000 + b"\r\n\r\n", 431),
        (b"GET /healthz?" + b"a" * 8_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 200),
        (b"GET /healthz?" + b"a" * 9_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n", 414),
    ],
    ids=lambda given: str(given)[:40] if isinstance(given, int) else f"{len(given)} bytes",
)
def test_headers_and_target_are_bounded(
    connection: socket.socket, request_head: bytes, status: int
) -> None:
    connection.sendall(request_head)
    assert one_answer(connection).startswith(b"HTTP/1.1 %d" % status)


@pytest.mark.parametrize("piece", [b"a: " + b"b" * 30_000 + b"\r\n", b"b" * 60_000])
def test_endless_headers_end_the_connection(connection: socket.socket, piece: bytes) -> None:
    connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nc: ")
    with pytest.raises(ConnectionError):
        connection.sendall(piece * (32_000_000 // len(piece)))


def test_headers_after_a_chunked_body_are_bounded(connection: socket.socket) -> None:
    body = b'{"query":"{ __typename }"}'
    chunks = b"%x\r\n%b\r\n0\r\n" % (len(body), body)
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunks + b"a: b\r\n" * 10_000)
    assert answer_of(connection)[:12] in (b"HTTP/1.1 431", b"")


def test_a_request_behind_a_large_body_is_taken(connection: socket.socket) -> None:
    query = b'{"query":"{ __typename }","extensions":{"a":"%b"}}' % (b"a" * 200_000)
    first = HEAD + b"Content-Length: %d\r\n\r\n%b" % (len(query), query)
    connection.sendall(first + READY[:20])
    assert b"200 OK" in one_answer(connection)
    connection.sendall(READY[20:])
    assert one_answer(connection).endswith(b'{"status":"up"}')


def test_an_answer_to_what_is_no_request_has_an_id_that_the_log_names(tmp_path: Path) -> None:
    nonsense = {
        400: b"\x16\x03\x01 garbage\r\n\r\n",
        414: b"GET /" + b"a" * 9_000 + b" HTTP/1.1\r\n\r\n",
        431: b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 200 + b"\r\n",
        408: b"GET / HTTP/1.1\r\nHost: x\r\n",
    }
    ids = {}
    with prepared(tmp_path, **SHORT, LIVRET_LOG="json") as one, started(one):
        for status, sent in nonsense.items():
            with connect(one) as connection:
                connection.sendall(sent)
                answer = answer_of(connection)
            assert answer.startswith(b"HTTP/1.1 %d" % status)
            (ids[status],) = re.findall(rb"\r\nx-request-id: ([0-9a-f-]{36})\r\n", answer)
        log = (one.folder / "service.log").read_text("utf-8")
        written = [json.loads(line) for line in log.splitlines()]
    told = {
        line["status"]: line["requestId"].encode()
        for line in written
        if line["event"] == "connection-refused"
    }
    assert told == ids


# --- time


def test_a_silent_connection_is_closed(connection: socket.socket) -> None:
    assert answer_of(connection) == b""


def test_an_idle_connection_is_closed(connection: socket.socket) -> None:
    connection.sendall(READY)
    one_answer(connection)
    assert answer_of(connection) == b""


@pytest.mark.parametrize(
    ("begun", "dripped", "answers"),
    [
        (b"", b"\r\n", []),
        (READY, b"\r\n", [b"200"]),
        (b"", b"G", [b"400"]),
        (b"GET /", b"a", [b"408"]),
        (READY[:-2], b"a: b\r\n", [b"408"]),
        (READY + READY[:-2] + b"a: ", b"b", [b"200", b"408"]),
        (HEAD + b"Content-Length: 9999\r\n\r\n", b" ", [b"408"]),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n", b"1\r\n \r\n", [b"408"]),
        (HEAD + b"Transfer-Encoding: chunked\r\n\r\n1;", b"a", [b"408"]),
        (b"PUT" + HEAD[4:] + b"Content-Length: 9999\r\n\r\n", b" ", [b"405"]),
    ],
)
def test_what_drips_is_cut_off(
    connection: socket.socket, begun: bytes, dripped: bytes, answers: list[bytes]
) -> None:
    connection.sendall(begun)
    assert re.findall(rb"HTTP/1\.1 (\d{3})", drip(connection, dripped)) == answers


def test_a_body_that_comes_fast_may_take_longer(connection: socket.socket) -> None:
    query = b'{"query":"{ __typename }","extensions":{"a":"%b"}}' % (b"a" * 240_000)
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % len(query) + query[:-1])
    time.sleep(2.5)  # twice the time of a body, of the sixty seconds that so many bytes have
    connection.sendall(query[-1:])
    assert one_answer(connection).startswith(b"HTTP/1.1 200")


def test_a_client_that_closes_its_side_has_gone(connection: socket.socket) -> None:
    connection.sendall(HEAD + b"Content-Length: 9999\r\n\r\n")
    connection.shutdown(socket.SHUT_WR)
    assert answer_of(connection) == b""


# --- numbers


def test_connections_are_bounded_by_address_and_in_all(small_service: RealService) -> None:
    open_ones = [connect(small_service) for _ in range(3)]
    for one in open_ones:
        one.sendall(READY)
        assert b"200 OK" in one_answer(one)
    with connect(small_service) as fourth:
        refused = answer_of(fourth)
    assert refused.startswith(b"HTTP/1.1 429 ")
    assert b"retry-after: " in refused
    open_ones += [connect(small_service, "127.0.0.2") for _ in range(2)]
    open_ones[-1].sendall(READY)
    assert b"200 OK" in one_answer(open_ones[-1])
    with connect(small_service, "127.0.0.3") as sixth:
        refused = answer_of(sixth)
    assert refused.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after: " in refused
    open_ones.pop(0).close()
    _until_there_is_room(small_service)
    for one in open_ones:
        one.sendall(READY)
        assert b"200 OK" in one_answer(one)
        one.close()


def _until_there_is_room(service: RealService) -> None:
    while True:
        with connect(service) as again:
            again.sendall(READY)
            if one_answer(again).startswith(b"HTTP/1.1 200"):
                return

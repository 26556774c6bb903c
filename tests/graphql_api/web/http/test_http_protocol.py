"""Connections as clients and balancers hold them, over real sockets."""

import gc
import logging
import select
import socket
import time
from asyncio.selector_events import _SelectorSocketTransport  # where writing meets the system
from collections.abc import Callable, Iterator
from http.client import HTTPConnection, HTTPResponse
from threading import Thread
from typing import Any

import pytest
import uvicorn
from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from graphql_api.web.http import http_protocol
from graphql_api.web.http.http_protocol import HttpProtocol
from tests.patience import PATIENCE_SECONDS, until

BODY = b'{"query": "{ __typename }"}'
OFFER = {"Connection": "Upgrade, HTTP2-Settings", "Upgrade": "h2c", "HTTP2-Settings": "AAMAAABk"}
Connect = Callable[[], HTTPConnection]


async def echo(scope: Any, receive: Any, send: Any) -> None:
    """Answers with the body that came, or, to PUT, with 20 MB and then the headers that came."""
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    if scope["method"] == "PUT":
        body = b"x" * 20_000_000 + b" ".join(name for name, _ in scope["headers"])
    headers = [(b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": body})


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What is given to the system, in the order and the pieces in which it is."""
    pieces: list[bytes] = []
    write = _SelectorSocketTransport.write

    def noting(transport: Any, data: bytes) -> None:
        pieces.append(bytes(data))
        write(transport, data)

    monkeypatch.setattr(_SelectorSocketTransport, "write", noting)
    return pieces


@pytest.fixture(scope="module")
def connect() -> Iterator[Connect]:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        config = uvicorn.Config(
            echo, http=HttpProtocol, ws="none", lifespan="off", log_config=None, loop="asyncio"
        )
        server = uvicorn.Server(config)
        serving = Thread(target=server.run, kwargs={"sockets": [listener]})
        serving.start()
        until(lambda: server.started)
        port = listener.getsockname()[1]
        yield lambda: HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
        server.should_exit = True
        serving.join()


def read(response: HTTPResponse) -> tuple[int, bytes]:
    return response.status, response.read()


@pytest.mark.parametrize("offer", [OFFER, OFFER | {"Upgrade": "websocket"}, {}])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_request_that_offers_an_upgrade_keeps_its_body(
    connect: Connect, offer: dict[str, str], chunked: bool
) -> None:
    connection = connect()
    for _ in range(2):  # the connection serves on
        body = iter([BODY[:5], BODY[5:]]) if chunked else BODY
        connection.request("POST", "/graphql", body, offer, encode_chunked=chunked)
        assert read(connection.getresponse()) == (200, BODY)
    connection.request("GET", "/graphql", headers=offer)
    assert read(connection.getresponse()) == (200, b"")
    connection.close()


def test_an_answer_is_written_at_once(connect: Connect, written: list[bytes]) -> None:
    connection = connect()
    for body in (BODY, b""):
        connection.request("POST", "/", body)
        assert read(connection.getresponse()) == (200, body)
    connection.request("HEAD", "/", headers={"Connection": "close"})
    assert read(connection.getresponse()) == (200, b"")
    heads = [one.partition(b"\r\n\r\n") for one in written]
    assert [body for _, _, body in heads if body] == [BODY]
    assert [head.partition(b"\r\n")[0] for head, _, _ in heads] == [b"HTTP/1.1 200 OK"] * 3


def test_nothing_of_a_request_stays_once_the_next_has_come(connect: Connect) -> None:
    connection = connect()
    gc.collect()
    gc.disable()  # nothing waits for a collection
    try:
        before = sum(isinstance(one, RequestResponseCycle) for one in gc.get_objects())
        for _ in range(5):
            connection.request("POST", "/", BODY)
            assert read(connection.getresponse()) == (200, BODY)
        after = sum(isinstance(one, RequestResponseCycle) for one in gc.get_objects())
    finally:
        gc.enable()
    assert after - before <= 2  # the last one may still be ending
    connection.close()


def test_a_client_that_waits_to_be_told_to_go_on_is_told(
    connect: Connect, written: list[bytes]
) -> None:
    connection = connect()
    connection.connect()
    connection.sock.sendall(
        b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    )
    received = connection.sock.recv(65_536)
    assert received == b"HTTP/1.1 100 Continue\r\n\r\n"
    connection.sock.sendall(b"one")
    while b"one" not in received:
        received += connection.sock.recv(65_536)
    assert received.count(b"HTTP/1.1 200 OK") == 1
    assert len(written) == 2
    connection.close()


def test_requests_that_come_at_once_are_answered_in_turn(connect: Connect) -> None:
    connection = connect()
    connection.connect()
    offered = "".join(f"{name}: {value}\r\n" for name, value in OFFER.items())
    head = f"POST / HTTP/1.1\r\nHost: x\r\n{offered}Content-Length: 3\r\n\r\n".encode()
    connection.sock.sendall(head + b"one" + head + b"two")
    received = b""
    while b"two" not in received:
        part = connection.sock.recv(4_096)
        assert part, received
        received += part
    assert received.count(b"200 OK") == 2
    assert received.index(b"one") < received.index(b"two")
    connection.close()


@pytest.mark.parametrize("request_line", [b"CONNECT x:1 HTTP/1.1", b"GET / NONSENSE"])
def test_what_is_no_request_is_refused(
    connect: Connect, request_line: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "graphql_api")
    connection = connect()
    connection.connect()
    connection.sock.sendall(request_line + b"\r\nHost: x\r\n\r\n")
    assert connection.sock.recv(4_096).startswith(b"HTTP/1.1 400 ")
    assert "connections refused: 400, 1 times" in caplog.text
    connection.close()


def test_headers_behind_a_body_are_not_headers_of_the_request(connect: Connect) -> None:
    connection = connect()
    connection.connect()
    connection.sock.sendall(
        b"PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
        b"1\r\na\r\n0\r\nAuthorization: Bearer x\r\n\r\n"
    )
    with connection.sock.makefile("rb") as answer:
        while answer.readline() != b"\r\n":
            pass
        assert answer.read(20_000_000 + 22)[20_000_000:] == b"host transfer-encoding"
    connection.close()


def test_a_client_that_does_not_read_its_answer_is_cut_off(
    connect: Connect, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "graphql_api")
    monkeypatch.setattr(http_protocol, "WRITE_SECONDS", 0.2)
    connection = connect()
    connection.connect()
    connection.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    connection.sock.sendall(b"PUT / HTTP/1.1\r\nHost: x\r\n\r\n")
    is_cut = select.poll()
    is_cut.register(connection.sock, select.POLLRDHUP | select.POLLHUP | select.POLLERR)
    assert is_cut.poll(PATIENCE_SECONDS * 1_000)
    assert "connections refused: 0, 1 times" in caplog.text
    connection.close()


def test_a_client_that_reads_slowly_gets_its_answer(
    connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(http_protocol, "WRITE_SECONDS", 1)
    connection = connect()
    connection.request("PUT", "/")
    response = connection.getresponse()
    received = 0
    while part := response.read(500_000):
        received += len(part)
        time.sleep(0.05)  # so that it takes two of those seconds
    assert received > 20_000_000
    connection.close()

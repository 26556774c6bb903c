"""Connections of clients that are slow, silent or endless, to a service in a child process."""

import signal
import socket
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

from tests.patience import PATIENCE_SECONDS, until
from tests.processes import wait_until
from tests.real.service import LIVRET, RealService

READY = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
HEAD = b"POST /graphql HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


@contextmanager
def started(service: RealService) -> Iterator[subprocess.Popen[bytes]]:
    """The process of a service, which the test ends; what is left of it is killed."""
    log = service.folder / "service.log"
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            [LIVRET, "serve"], env=dict(service.environment), stderr=errors
        ) as process,
    ):
        try:
            wait_until(process, lambda: _listens(service))
            yield process
        finally:
            if process.poll() is None:
                process.kill()
            print(log.read_text("utf-8"))


def stop(process: subprocess.Popen[bytes]) -> None:
    process.send_signal(signal.SIGTERM)


def connect(service: RealService, source: str = "127.0.0.1") -> socket.socket:
    at = urlsplit(service.url)
    made = socket.create_connection(
        (at.hostname, at.port), timeout=PATIENCE_SECONDS, source_address=(source, 0)
    )
    if made.getsockname() == made.getpeername():  # where nobody listens, one may reach oneself
        made.close()
        raise ConnectionRefusedError
    return made


def answer_of(connection: socket.socket) -> bytes:
    """What comes until the connection ends; a reset ends it too."""
    received = b""
    with suppress(ConnectionError):
        while part := connection.recv(65_536):
            received += part
    return received


def one_answer(connection: socket.socket) -> bytes:
    """One answer with a Content-Length, from a connection that stays open."""
    received = b""
    while b"\r\n\r\n" not in received:
        received += _more(connection)
    head, _, body = received.partition(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    assert len(lengths) == 1, head
    while len(body) < int(lengths[0].partition(b":")[2]):
        body += _more(connection)
    return head + b"\r\n\r\n" + body


def drip(connection: socket.socket, piece: bytes) -> bytes:
    """What comes from a connection to which a piece is sent again and again, until it ends."""
    connection.settimeout(0.05)
    received: list[bytes] = []

    def has_ended() -> bool:
        try:
            connection.sendall(piece)
            received.append(connection.recv(65_536))
        except TimeoutError:
            return False
        except ConnectionError:
            return True
        return received[-1] == b""

    until(has_ended)
    return b"".join(received)


def _more(connection: socket.socket) -> bytes:
    part = connection.recv(65_536)
    assert part, "the connection ended"
    return part


def _listens(service: RealService) -> bool:
    with suppress(OSError), connect(service) as connection:
        connection.sendall(READY)
        return one_answer(connection).startswith(b"HTTP/1.1 200")
    return False


def log_of(service: RealService) -> str:
    return Path(service.folder / "service.log").read_text("utf-8")

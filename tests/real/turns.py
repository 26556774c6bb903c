"""A proxy before several servers: each new connection goes to the next of them that takes it."""

import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import count
from socketserver import BaseRequestHandler, ThreadingTCPServer
from threading import Thread

_CHUNK = 65_536


class Turns(ThreadingTCPServer):
    """The proxy; `served` has the port of the server of each connection, in order."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, ports: Sequence[int]) -> None:
        super().__init__(("127.0.0.1", port), _Handler)
        self.served: list[int] = []
        self._ports = ports
        self._turn = count()

    def connected(self) -> socket.socket:
        """A connection to the server whose turn it is."""
        port = self._ports[next(self._turn) % len(self._ports)]
        self.served.append(port)
        return socket.create_connection(("127.0.0.1", port))


class _Handler(BaseRequestHandler):
    server: Turns

    def handle(self) -> None:
        """Carry what comes from either side to the other, until both have said all."""
        with self.server.connected() as there:
            back = Thread(target=_carry, args=(there, self.request), daemon=True)
            back.start()
            _carry(self.request, there)
            back.join()


def _carry(source: socket.socket, target: socket.socket) -> None:
    with suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextmanager
def taking_turns(port: int, ports: Sequence[int]) -> Iterator[Turns]:
    """The proxy, on a port, until the block ends."""
    with Turns(port, ports) as proxy:
        running = Thread(target=proxy.serve_forever, daemon=True)
        running.start()
        try:
            yield proxy
        finally:
            proxy.shutdown()
            running.join()

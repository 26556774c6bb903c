"""HTTP servers of the tests themselves, in this process: files, and a proxy that loses answers."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx2

from tests.patience import PATIENCE_SECONDS


class _Files(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        pass


class _Proxy(BaseHTTPRequestHandler):
    """Hands requests on, and answers 503 where the answer is to be lost."""

    def __init__(self, *given: object, service: httpx2.Client, to_lose: list[str]) -> None:
        self._service = service
        self._to_lose = to_lose
        super().__init__(*given)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {
            name: value
            for name, value in self.headers.items()
            if name.lower() in ("accept", "authorization", "content-type")
        }
        answer = self._service.post(self.path, content=body, headers=headers)
        named = [one for one in self._to_lose if f"mutation {one}(".encode() in body]
        if named:
            self._to_lose.remove(named[0])
            self._say(503, "text/html", b"<h1>503</h1>", {"retry-after": "0"})
        else:
            self._say(answer.status_code, answer.headers["content-type"], answer.content)

    def _say(
        self, status: int, media_type: str, body: bytes, headers: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("content-type", media_type)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: object) -> None:
        pass


@contextmanager
def files_served(folder: Path) -> Iterator[str]:
    """Serve a folder and give its address."""
    with _listening(partial(_Files, directory=folder)) as url:
        yield url


@contextmanager
def losing_answers(url: str) -> Iterator[tuple[str, list[str]]]:
    """Give the address of a proxy before a service, and the list of the answers that it will lose.

    The list names mutations. The service does what was asked; then the proxy breaks down, once for
    each time that the mutation is named.
    """
    to_lose: list[str] = []
    with (
        httpx2.Client(base_url=url, trust_env=False, timeout=PATIENCE_SECONDS) as service,
        _listening(partial(_Proxy, service=service, to_lose=to_lose)) as proxy,
    ):
        yield proxy, to_lose


@contextmanager
def _listening(handler: Callable[..., BaseHTTPRequestHandler]) -> Iterator[str]:
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()
            thread.join()

"""A service in this process as HTTP clients meet it: each exchange is one visit to its event loop.

Starlette's client goes to the loop's thread and back eight times an exchange, and starts a loop for
it where nobody entered the client: more than most of the answers cost. Here answers come whole.
"""

from collections.abc import MutableMapping
from contextlib import ExitStack, suppress
from functools import cache
from typing import Any
from urllib.parse import unquote

import anyio
import httpx2
from anyio.from_thread import BlockingPortal, start_blocking_portal
from starlette import testclient

Message = MutableMapping[str, Any]


class TestClient(testclient.TestClient):
    """Starlette's client, whose exchanges are whole. Entered, it runs the lifespan too."""

    def __init__(self, app: Any, base_url: str = "http://testserver", **options: Any) -> None:
        super().__init__(app, base_url, **options)
        self._transport = _Visits(
            self,
            raises=options.get("raise_server_exceptions", True),
            address=options.get("client", ("testclient", 50_000)),
        )


class _Visits(httpx2.BaseTransport):
    def __init__(self, client: TestClient, *, raises: bool, address: tuple[str, int]) -> None:
        self._client = client
        self._raises = raises
        self._address = address

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        request.read()
        exchange = _Exchange(self._scope(request), request.content)
        portal = self._client.portal or _common_loop()
        with suppress(*() if self._raises else (Exception,)):
            portal.call(exchange.run, self._client.app)
        assert exchange.status or not self._raises, "the service answered nothing"
        body = b"" if request.method == "HEAD" else b"".join(exchange.body)
        return httpx2.Response(
            exchange.status or 500,
            headers=exchange.headers,
            stream=httpx2.ByteStream(body),
            request=request,
        )

    def _scope(self, request: httpx2.Request) -> dict[str, Any]:
        url = request.url
        return {
            "type": "http",
            "http_version": "1.1",
            "method": request.method,
            "path": unquote(url.path),
            "raw_path": url.raw_path.split(b"?", 1)[0],
            "root_path": "",
            "scheme": url.scheme,
            "query_string": url.query,
            "headers": [
                (name.lower().encode(), value.encode())
                for name, value in request.headers.multi_items()
            ],
            "client": self._address,
            "server": [url.host, url.port or {"http": 80, "https": 443}[url.scheme]],
            "extensions": {},
            "state": self._client.app_state.copy(),
        }


class _Exchange:
    """What is sent to the service and what it answers."""

    def __init__(self, scope: dict[str, Any], content: bytes) -> None:
        self._scope = scope
        self._sent: list[Message] = [{"type": "http.request", "body": content}]
        self.status = 0
        self.headers: list[tuple[bytes, bytes]] = []
        self.body: list[bytes] = []

    async def run(self, app: Any) -> None:
        self._answered = anyio.Event()
        await app(self._scope, self._receive, self._send)

    async def _receive(self) -> Message:
        if self._sent:
            return self._sent.pop()
        await self._answered.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        assert not self._answered.is_set(), "the service spoke after its answer"
        if message["type"] == "http.response.start":
            assert not self.status, "the service began its answer twice"
            self.status, self.headers = message["status"], list(message.get("headers", []))
            return
        assert self.status, "the service sent a body before it began its answer"
        self.body.append(bytes(message.get("body", b"")))
        if not message.get("more_body", False):
            self._answered.set()


_ENTERED = ExitStack()


@cache
def _common_loop() -> BlockingPortal:
    """The loop of the clients that nobody entered; it ends with the process."""
    return _ENTERED.enter_context(start_blocking_portal())

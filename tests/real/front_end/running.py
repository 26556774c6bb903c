"""The service over real HTTP for the example client, behind a proxy that can lose answers."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import uvicorn
from starlette.testclient import TestClient
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graphql_api.app import application
from graphql_api.codes.codes import issue
from graphql_api.serving import migrate_stores, service_from
from graphql_api.settings import Settings
from graphql_api.storage.actors import Anonymous
from tests.conftest import CHARTER, IDENTIFY, IDENTITY, OPEN, Caller
from tests.real.oidc_provider.running import bound, port_of, settings_at
from tests.signing import access_token, signing_key


@dataclass
class LosesAnswers:
    """The service, behind a proxy that breaks down just after something was done.

    `to_lose` names the mutations whose next answer is lost, once for each time that they are named.
    """

    app: ASGIApp
    to_lose: list[str] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()
        is_lost = False

        async def read() -> Message:
            message = await receive()
            body.extend(message.get("body", b""))
            return message

        async def answer(message: Message) -> None:
            nonlocal is_lost
            if message["type"] == "http.response.start":
                named = [one for one in self.to_lose if f"mutation {one}(".encode() in body]
                if named:
                    is_lost = True
                    self.to_lose.remove(named[0])
                    headers = [(b"retry-after", b"0"), (b"content-type", b"text/html")]
                    message = {"type": message["type"], "status": 503, "headers": headers}
            elif is_lost:
                message = {"type": message["type"], "body": b"<h1>503</h1>"}
            await send(message)

        await self.app(scope, read, answer)


@dataclass(frozen=True)
class Served:
    """A service at its address, and the proxy before it."""

    settings: Settings
    proxy: LosesAnswers

    @property
    def url(self) -> str:
        return self.settings.public_url


@contextmanager
def serving(folder: Path) -> Iterator[Served]:
    """The service on a free port, with its stores in that folder, until the end."""
    with bound() as listening:
        settings = settings_at(f"http://127.0.0.1:{port_of(listening)}", folder)
        service = service_from(settings)
        migrate_stores(service)
        service.close()
        proxy = LosesAnswers(application(settings))
        server = uvicorn.Server(uvicorn.Config(proxy, log_level="critical"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield Served(settings, proxy)
        finally:
            server.should_exit = True
            thread.join(10)


def owner_of(served: Served) -> str:
    """The token of an agent whose booklet is open and empty."""
    settings = served.settings
    service = service_from(settings)
    with service.store.writing():
        (code,) = issue(service.operation(Anonymous()), "21330063500017", 1).codes
    key = signing_key(service.store, settings)
    service.close()
    token = access_token(key, settings, subject="owner", scope="livret:read livret:write")
    caller = Caller(TestClient(application(settings), base_url=served.url), token, "owner")
    assert caller.do(OPEN, code=code)["__typename"] == "BookletOpened"
    assert caller.do(CHARTER)["__typename"] == "CharterAccepted"
    assert caller.do(IDENTIFY, identity=IDENTITY, version=0)["__typename"] == "IdentityRevised"
    return token

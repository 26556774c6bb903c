"""Fixtures of print_site's tests: a booklet, an API on loopback, and builders of pages."""

import copy
import json
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from print_site import build
from print_site.dossier.parsing import parse_dossier
from tests.patience import PATIENCE_SECONDS
from tests.print_site import hostile as hostiles
from tests.print_site.hostile import BOOKLET as BOOKLET

TOKEN = "canary-token-7f3a"


@dataclass
class Api:
    """A GraphQL endpoint with a prepared answer, which records its requests.

    While it is `held`, whoever asks waits until the test has `released` the answers.
    """

    url: str = ""
    status: int = 200
    answer: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)
    state: str = "OPEN"
    held: bool = False
    connections: int = 0
    released: threading.Event = field(default_factory=threading.Event)

    def reply(self, request: dict[str, Any]) -> bytes:
        held = self.held
        self.asked.append(request)
        if held:
            self.released.wait(PATIENCE_SECONDS)
        if isinstance(self.answer, bytes):
            return self.answer
        if self.answer is not None:
            return json.dumps(self.answer).encode()
        if "MyDossiers" in request["body"]["query"]:
            dossiers = [
                {"id": "mutation", "title": "Mutation", "builtIn": False, "purpose": None},
                {"id": BOOKLET["id"], "title": BOOKLET["title"], "builtIn": True, "purpose": None},
            ]
            booklet = {"id": "b", "state": self.state, "dossiers": dossiers}
            return json.dumps({"data": {"booklet": booklet}}).encode()
        found = BOOKLET if request["body"]["variables"]["id"] == BOOKLET["id"] else None
        return json.dumps({"data": {"sharedDossier": found}}).encode()


@pytest.fixture
def api() -> Iterator[Api]:
    served = Api()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def setup(self) -> None:
            served.connections += 1
            super().setup()

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            reply = served.reply(
                {"path": self.path, "headers": dict(self.headers), "body": json.loads(body)}
            )
            self.send_response(served.status)
            for name, value in served.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Type", "application/graphql-response+json")
            self.send_header("Content-Length", str(len(reply)))
            self.end_headers()
            with suppress(BrokenPipeError):  # who asked may have given up
                self.wfile.write(reply)

        def log_message(self, *_arguments: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        served.url = f"http://127.0.0.1:{server.server_address[1]}"
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        yield served
        served.released.set()
        server.shutdown()
        thread.join()


@pytest.fixture
def booklet() -> dict[str, Any]:
    return copy.deepcopy(BOOKLET)


@pytest.fixture
def short() -> dict[str, Any]:
    """A booklet of three entries, for tests that print several times."""
    return shortened(BOOKLET)


def shortened(booklet: dict[str, Any], entries: int = 1) -> dict[str, Any]:
    """Return the booklet with the first entries of three rubrics, without references to others."""
    data = copy.deepcopy(booklet)
    kept: set[str] = set()
    for part in data["parts"]:
        for rubric in part["rubrics"]:
            most = entries if rubric["code"] in ("F1", "E1", "C1") else 0
            rubric["entries"] = rubric["entries"][:most]
            kept |= {entry["entry"] for entry in rubric["entries"]}
    panorama = data["panorama"]
    for name in ("currentPosts", "timeline", "validity"):
        panorama[name] = [item for item in panorama[name] if item["entry"] in kept]
    panorama["matrix"] = {"columns": [], "rows": []}
    return data


@pytest.fixture
def hostile() -> dict[str, Any]:
    """The same booklet with hostile text wherever there are words."""
    return hostiles.hostile()


@pytest.fixture
def built(tmp_path: Path) -> Callable[[dict[str, Any]], Path]:
    """Build a folder from data and return its path."""

    def folder_of(data: dict[str, Any]) -> Path:
        target = tmp_path / "dossier"
        build.build_folder(parse_dossier(data), target)
        return target

    return folder_of


@pytest.fixture
def page(built: Callable[[dict[str, Any]], Path]) -> Callable[[dict[str, Any]], str]:
    """Build a folder from data and return its page."""
    return lambda data: (built(data) / "index.html").read_text(encoding="utf-8")


@pytest.fixture
def token() -> str:
    return TOKEN

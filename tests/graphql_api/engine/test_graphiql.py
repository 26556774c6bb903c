"""GraphiQL on the GraphQL address: who gets its page, and under which policy it runs."""

import asyncio
import re
from collections.abc import Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.routing import Route

import graphql_api.engine.graphiql
from graphql_api.engine.graphiql.console import GraphiqlMiddleware, graphiql_routes
from graphql_api.engine.graphiql.renew import VERSIONS
from graphql_api.engine.workers import WorkerPool
from tests.client import TestClient
from tests.graphql_api.engine.toy import endpoint

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"
GRAPHQL = "application/graphql-response+json"
FOLDER = Path(graphql_api.engine.graphiql.__file__).parent


@pytest.fixture(scope="module")
def client() -> Iterator[TestClient]:
    workers = WorkerPool(threads=2, queue=8)
    graphql = endpoint(workers, introspection=True)
    routes = [
        Route("/graphql", GraphiqlMiddleware(graphql)),
        Route("/bare", graphql),
        *graphiql_routes(),
    ]
    yield TestClient(Starlette(routes=routes))
    asyncio.run(workers.close())


class Read(HTMLParser):
    """What a page loads, and whether anything in it would need a looser policy."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.nonces: set[str] = set()
        self.inline: list[str] = []
        self._script = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self._script = tag == "script"
        if tag in ("script", "link") and (address := given.get("src") or given.get("href")):
            self.loads.append(address)
        if tag in ("script", "style"):
            self.nonces.add(given["nonce"] or "")
        self.inline += [name for name in given if name.startswith("on") or name == "style"]

    def handle_endtag(self, tag: str) -> None:
        self._script = False

    def handle_data(self, data: str) -> None:
        if self._script and data.strip():
            self.inline.append(data)


def page(client: TestClient, accept: str = BROWSER) -> httpx2.Response:
    return client.get("/graphql", headers={"accept": accept})


def test_a_browser_gets_a_french_page(client: TestClient) -> None:
    answer = page(client)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["vary"] == "accept"
    assert '<html lang="fr">' in answer.text
    assert "<title>Livret : console GraphQL</title>" in answer.text


@pytest.mark.parametrize(
    "accept", ["text/html", "application/json, TEXT/HTML ; q=0.5", "text/html;charset=utf-8;q=1"]
)
def test_whoever_names_html_gets_the_page(client: TestClient, accept: str) -> None:
    assert page(client, accept).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(
    "accept",
    ["*/*", "", "application/json", GRAPHQL, "text/plain", "text/htmlx", "text/html;q=0", "text/*"],
)
def test_others_get_what_the_endpoint_answers(client: TestClient, accept: str) -> None:
    with_page, bare = page(client, accept), client.get("/bare", headers={"accept": accept})
    assert with_page.status_code == bare.status_code >= 405
    assert with_page.content == bare.content
    assert with_page.headers == bare.headers


@pytest.mark.parametrize("method", ["HEAD", "PUT", "DELETE", "OPTIONS"])
def test_other_methods_go_to_the_endpoint(client: TestClient, method: str) -> None:
    answers = [
        client.request(method, path, headers={"accept": BROWSER}) for path in ("/graphql", "/bare")
    ]
    assert answers[0].status_code == answers[1].status_code >= 405
    assert answers[0].content == answers[1].content


def test_a_query_is_answered_even_to_who_accepts_html(client: TestClient) -> None:
    answer = client.post(
        "/graphql",
        json={"query": "{ __typename }"},
        headers={"accept": f"{GRAPHQL}, text/html;q=0.1"},
    )
    assert answer.json() == {"data": {"__typename": "Query"}}


def test_the_policy_allows_our_own_files_and_no_inline_code(client: TestClient) -> None:
    answer = page(client)
    policy = dict(
        part.strip().split(" ", 1) for part in answer.headers["content-security-policy"].split(";")
    )
    (nonce,) = Read(answer.text).nonces
    assert policy == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": f"'self' 'nonce-{nonce}'",
        "img-src": "data:",
        "connect-src": "'self'",
        "form-action": "'none'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    assert Read(answer.text).inline == []


def test_every_page_has_a_nonce_of_its_own(client: TestClient) -> None:
    nonces = {nonce for _ in range(5) for nonce in Read(page(client).text).nonces}
    assert len(nonces) == 5
    assert min(map(len, nonces)) >= 22


def test_the_page_loads_files_that_are_here_and_never_change(client: TestClient) -> None:
    loads = [one for one in Read(page(client).text).loads if one != "data:,"]
    assert [Path(one).name.split(".")[0] for one in loads] == [
        "graphiql",
        "react",
        "react-dom",
        "graphiql",
        "start",
    ]
    for address in loads:
        answer = client.get(address)
        kind = {".js": "text/javascript", ".css": "text/css"}[Path(address).suffix]
        assert answer.status_code == 200
        assert answer.headers["content-type"] == f"{kind}; charset=utf-8"
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert sha256(answer.content).hexdigest()[:16] in address


@pytest.mark.parametrize(
    "path",
    ["/graphiql/", "/graphiql/start.js", "/graphiql/../console.py", "/graphiql/%2e%2e/console.py"],
)
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_files_name_no_third_party_and_no_source_map() -> None:
    files = [*(FOLDER / "static").iterdir()]
    assert {path.suffix for path in files} == {".css", ".js", ".txt"}
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "sourceMappingURL" not in text
        if path.suffix == ".css":
            assert "@font-face" not in text
            assert set(re.findall(r"url\(([a-z]+:[a-z]+)", text)) == {"data:image"}
            assert "@import" not in text
        if path.suffix == ".js":
            assert re.search(r"\beval\(|\bnew Function\b", text) is None


def test_the_page_of_the_files_names_their_versions() -> None:
    text = (FOLDER / "README.md").read_text(encoding="utf-8")
    for name in ("graphiql", "react", "react-dom"):
        assert f"| {name} | {VERSIONS[name]} |" in text
    holders = (FOLDER / "static" / "LICENSES.txt").read_text(encoding="utf-8")
    for name in ("graphiql", "react-dom", "codemirror", "markdown-it"):
        assert re.search(rf"(^|, ){name}(,|$)", holders, re.MULTILINE)

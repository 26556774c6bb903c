"""GraphiQL in a real browser, under the policy of its page."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import HTTPConnection
from starlette.routing import Route

from graphql_api.engine.completion import run_document
from graphql_api.engine.documents import DocumentCache, PreparedOperation
from graphql_api.engine.encoding import EncodedResponse, encode
from graphql_api.engine.endpoint import GraphQLEndpoint
from graphql_api.engine.graphiql.console import GraphiqlMiddleware, graphiql_routes
from graphql_api.engine.workers import WorkerPool
from graphql_api.graphql_schema import GRAPHQL_SCHEMA

from .chromium import CHROMIUM, Tab, browser

pytestmark = [
    pytest.mark.real,
    pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed"),
]

QUERY = "{ racine: __typename }"
RESULT = "document.querySelector('.result-window .CodeMirror')?.CodeMirror.getValue()"


def application() -> Starlette:
    """The schema, on a developer's machine, for nobody in particular."""

    def execute(
        prepared: PreparedOperation, variables: dict[str, object] | None, _: HTTPConnection
    ) -> EncodedResponse:
        return encode(run_document(GRAPHQL_SCHEMA, prepared, variables, None))

    documents = DocumentCache(GRAPHQL_SCHEMA, introspection=True, suggestions=True)
    graphql = GraphQLEndpoint(documents, WorkerPool(2, 64), execute, origin="http://127.0.0.1")
    return Starlette(
        routes=[
            Route("/graphql", GraphiqlMiddleware(graphql)),
            *graphiql_routes(),
        ]
    )


@contextmanager
def served() -> Iterator[str]:
    """The address of the application until the end."""
    server = uvicorn.Server(uvicorn.Config(application(), port=0, log_level="critical"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            time.sleep(0.01)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@pytest.fixture
def console(tmp_path: Path) -> Iterator[Tab]:
    """The page, once it has read the schema, in a browser with a session's cookie."""
    with served() as url, browser(tmp_path) as tab:
        tab.send("Network.setCookie", name="livret", value="secret", url=url, httpOnly=True)
        tab.open(f"{url}/graphql")
        tab.until("document.querySelector('.graphiql-execute-button')")
        yield tab


def test_a_query_runs_without_a_word_of_complaint(console: Tab) -> None:
    assert console.run("document.title") == "Livret : console GraphQL"
    assert console.run("document.documentElement.lang") == "fr"
    editor = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
    assert "booklet" in console.run(f"{editor}.getValue()")
    console.run(f"{editor}.setValue('{QUERY}')")
    console.run("new Promise(resolve => setTimeout(resolve, 500))")  # it looks for names in between
    console.click(".graphiql-execute-button")
    shown = console.until(f"({RESULT} || '').includes('racine') && {RESULT}")
    assert json.loads(shown) == {"data": {"racine": "Query"}}
    assert console.complaints == []
    here = console.run("location.origin")
    assert [one for one in console.requests if not one.startswith((f"{here}/", "data:"))] == []


def test_the_browser_sends_its_cookie_which_a_call_without_the_header_may_not(
    console: Tab,
) -> None:
    call = "fetch('/graphql', {method: 'POST', headers: HEADERS, body: BODY}).then(a => a.status)"
    body = json.dumps(json.dumps({"query": QUERY}))
    for more, status in (("", 403), (", 'graphql-require-preflight': '1'", 200)):
        headers = f"{{'content-type': 'application/json'{more}}}"
        assert console.run(call.replace("HEADERS", headers).replace("BODY", body)) == status


def test_the_schema_is_read_and_its_documentation_opens(console: Tab) -> None:
    console.click("button[aria-label='Show Documentation Explorer']")
    console.until("document.querySelector('.graphiql-doc-explorer')?.textContent.includes('Query')")
    assert console.complaints == []


def test_what_the_page_draws_later_is_allowed_too(console: Tab) -> None:
    """A dialog, whose library writes a style element, and the editor's completion."""
    console.click("button[aria-label='Open settings dialog']")
    console.until("document.querySelector('.graphiql-dialog')")
    console.click(".graphiql-dialog-close")
    console.until("!document.querySelector('.graphiql-dialog')")
    editor = "document.querySelector('.graphiql-query-editor .CodeMirror').CodeMirror"
    console.run(f"{editor}.setValue('{{ ')")
    hints = "document.querySelector('.CodeMirror-hints')?.textContent.includes('rubrics')"
    for _ in range(40):  # the schema may still be on its way, and the dialog give the focus back
        console.run(f"{editor}.focus(); {editor}.setCursor(0, 2)")
        console.press_control(" ", 32)
        time.sleep(0.25)
        if console.run(hints):
            break
    assert console.run(hints)
    assert console.complaints == []


def test_a_complaint_would_be_seen(console: Tab) -> None:
    console.run("document.body.insertAdjacentHTML('beforeend', '<img src=https://x.example/y>')")
    console.run("new Promise(resolve => setTimeout(resolve, 100))")
    assert "x.example" in "".join(console.complaints)

"""Each answer names its request, and so does each line that the request logs."""

import io
import logging
import logging.config
from uuid import UUID

import pytest

from graphql_api.storage.store import Store
from graphql_api.web.logs import log_config
from tests.graphql_api.site import Site

ID = "6b0f2a54-8f5e-4c59-9f0c-0a6d3c1f2b11"
REQUESTS = [
    ("GET", "/"),
    ("GET", "/nothing"),
    ("GET", "/sign-in"),
    ("POST", "/graphql"),
    ("OPTIONS", "/graphql"),
    ("GET", "/schema.graphql"),
    ("GET", "/reference.json"),
    ("POST", "/oauth/token"),
    ("GET", "/healthz"),
]


@pytest.fixture
def log() -> io.StringIO:
    """What a served application logs."""
    lines = io.StringIO()
    config = log_config("text")
    config["handlers"]["default"]["stream"] = lines
    logging.config.dictConfig(config)
    return lines


@pytest.mark.parametrize(("method", "path"), REQUESTS)
def test_every_answer_names_its_request(site: Site, method: str, path: str) -> None:
    client = site.browser().client
    asked = {"origin": "https://site.example", "access-control-request-method": "POST"}
    answers = [
        client.request(method, path, headers=asked, follow_redirects=False) for _ in range(2)
    ]
    (first,), (second,) = (one.headers.get_list("x-request-id") for one in answers)
    assert UUID(first) != UUID(second)


@pytest.mark.parametrize("given", [ID, ID.replace("-", ""), ID.upper()])
def test_a_uuid_of_the_caller_is_kept(site: Site, given: str) -> None:
    answer = site.browser().client.get("/healthz", headers={"x-request-id": given})
    assert answer.headers["x-request-id"] == given.lower()


@pytest.mark.parametrize("given", ["maelle@example.org", "21330063500017", "a" * 32 + "g", "", "é"])
def test_an_id_that_may_say_something_is_replaced(site: Site, given: str) -> None:
    answer = site.browser().client.get("/healthz", headers={b"x-request-id": given.encode()})
    assert UUID(answer.headers["x-request-id"]).version == 4


def test_what_a_request_logs_names_it(
    site: Site, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_store: Store) -> None:
        raise RuntimeError("canary")

    monkeypatch.setattr(Store, "reading", failing)
    for method, path in (("POST", "/graphql"), ("GET", "/oauth/jwks")):
        log.truncate(log.seek(0))
        body = {"json": {"query": "{ booklet { id } }"}} if method == "POST" else {}
        answer = site.browser().client.request(method, path, **body)
        assert "incident" in answer.text
        line, access = log.getvalue().splitlines()
        request = f"[{answer.headers['x-request-id']}] graphql_api."
        assert line.startswith(f"ERROR {request}")
        assert access.startswith(f"INFO {request}")
        assert "canary" not in line
    # An error: where tests of print_site ran before, Pelican's loggers drop a warning said twice.
    logging.getLogger("graphql_api.any").error("outside")
    assert log.getvalue().splitlines()[-1] == "ERROR [-] graphql_api.any: outside"

"""The log of a served application: JSON lines without a personal value, whatever happens."""

import io
import json
import logging
import logging.config
import threading
from typing import Any

import pytest

from graphql_api.configuration.settings import from_environment
from graphql_api.storage.store import Store
from graphql_api.web.logs import JsonFormatter, configure_logs, log_config
from tests.conftest import Here, with_booklet
from tests.graphql_api.canaries import CANARY_IDENTITY, canaries_in, entry_with_canaries, sow
from tests.graphql_api.documents import ADD, REVISE, whole

ACCESS = {"at", "level", "event", "logger", "requestId", "method", "route", "status", "ms", "bytes"}


@pytest.fixture
def log() -> io.StringIO:
    """What a served application logs in production."""
    lines = io.StringIO()
    config = log_config("json", "DEBUG")
    config["handlers"]["default"]["stream"] = lines
    logging.config.dictConfig(config)
    return lines


def lines_of(log: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def test_each_request_is_one_line_with_its_route_and_without_its_path(
    here: Here, log: io.StringIO
) -> None:
    secret = "canari-secret-of-a-link"
    id = "00000000-0000-4000-8000-00000000cafe"
    for method, path, route, status in (
        ("GET", f"/dossiers/{id}.zip?as={secret}", "/dossiers/{id}.{form}", 401),
        ("GET", f"/s/{id}?t={secret}", "/s/{id}", None),
        ("POST", f"/graphql?{secret}", "/graphql", None),
        ("GET", f"/{secret}", "-", 404),
    ):
        log.truncate(log.seek(0))
        answer = here.client.request(method, path, follow_redirects=False)
        (line,) = [one for one in lines_of(log) if one["event"] == "request"]
        assert set(line) == ACCESS
        assert line["method"] == method
        assert line["status"] == answer.status_code == (status or answer.status_code)
        assert line["requestId"] == answer.headers["x-request-id"]
        assert line["bytes"] == len(answer.content)
        assert line["route"].split("{")[0] == route.split("{")[0]
        assert id not in log.getvalue()
        assert secret not in log.getvalue()


def test_a_probe_is_told_when_it_fails_only(here: Here, log: io.StringIO) -> None:
    assert here.client.get("/healthz").status_code == 200
    assert here.client.get("/readyz").status_code == 200
    assert lines_of(log) == []
    store = here.deployment.store
    rename = "UPDATE schema_migration SET name = '{}' WHERE name = '{}'"
    store.database.execute_sql(rename.format("forgotten", "0001_initial"))
    try:
        assert here.client.get("/readyz").status_code == 503
    finally:
        store.database.execute_sql(rename.format("0001_initial", "forgotten"))
    assert [one["status"] for one in lines_of(log) if one["event"] == "request"] == [503]


def test_a_made_up_method_is_no_word_of_the_log(here: Here, log: io.StringIO) -> None:
    here.client.request("CANARI", "/graphql")
    assert [one["method"] for one in lines_of(log)] == ["OTHER"]
    assert canaries_in(log.getvalue()) == []


def test_canaries_in_every_field_are_in_no_line(
    here: Here, log: io.StringIO, monkeypatch: pytest.MonkeyPatch
) -> None:
    owner, made = sow(here)
    other = with_booklet(here, "other")
    seen = whole(owner)
    dossier = seen["dossiers"][0]["id"]
    for caller in (owner, other, here.nobody()):
        for rubric, written in made.items():
            content = entry_with_canaries(rubric)
            caller.post(
                {
                    "query": REVISE,
                    "variables": {"id": written["id"], "version": 9, "entry": content},
                }
            )
        caller.post({"query": ADD, "variables": {"entry": CANARY_IDENTITY}})
        caller.post({"query": "{ booklet { canari } }", "variables": {"canari": "canari"}})
        headers = {"authorization": f"Bearer {caller.token}"} if caller.token else {}
        here.client.get(f"/dossiers/{dossier}.zip?canari=canari", headers=headers)
    here.client.get("/s/canari?canari=canari", headers={"user-agent": "canari"})
    here.client.post("/account/sign-in", data={"email": "canari@example.org", "password": "canari"})

    def fails(*_: Any) -> Any:
        raise RuntimeError("canari Canarinom 0699887766")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "look_up", fails)
        owner.post({"query": "{ booklet { id } }"})
    told = lines_of(log)
    assert len(told) > 20
    assert {"request", "incident"} <= {one["event"] for one in told}
    assert canaries_in(log.getvalue()) == []
    assert owner.token
    assert owner.token not in log.getvalue()
    assert seen["id"] not in log.getvalue()


def test_what_a_library_says_and_an_exception_holds_is_told_by_kind_and_place(
    log: io.StringIO,
) -> None:
    try:
        raise ValueError("canari")
    except ValueError:
        logging.getLogger("uvicorn.error").exception("Exception in ASGI application\n")
        logging.getLogger("asyncio").exception("Task canari was never retrieved: %r", "canari")
    trusted, foreign = lines_of(log)
    assert (trusted["message"], trusted["event"]) == ("Exception in ASGI application", "server")
    assert foreign["message"].startswith("said by test_log_lines.py:")
    for one in (trusted, foreign):
        assert one["exception"].startswith("ValueError at ")
    assert canaries_in(log.getvalue()) == []


def test_an_exception_that_ends_a_thread_is_logged_without_its_words(
    log: io.StringIO, capfd: pytest.CaptureFixture[str]
) -> None:
    configure_logs("json")
    logging.getLogger().handlers[0].setStream(log)  # type: ignore[attr-defined]  # a StreamHandler

    def ends() -> None:
        raise ValueError("canari")

    thread = threading.Thread(target=ends)
    thread.start()
    thread.join()
    (line,) = lines_of(log)
    assert (line["event"], line["level"]) == ("thread-ended", "ERROR")
    assert "ValueError" in line["exception"]
    assert canaries_in(log.getvalue() + "".join(capfd.readouterr())) == []


def test_a_line_is_one_line_whatever_is_said() -> None:
    record = logging.LogRecord(
        "graphql_api.x", logging.INFO, __file__, 1, "two\nlines \u2028 %s", ("more\r\n",), None
    )
    line = JsonFormatter().format(record)
    assert len(line.splitlines()) == 1
    assert json.loads(line)["message"] == "two lines more"


@pytest.mark.parametrize(
    ("given", "form"),
    [
        ({}, "json"),
        ({"LIVRET_PROFILE": "development"}, "text"),
        ({"LIVRET_LOG": "text"}, "text"),
        ({"LIVRET_LOG": "json", "LIVRET_PROFILE": "development"}, "json"),
    ],
)
def test_production_logs_json_unless_told_otherwise(
    given: dict[str, str], form: str, tmp_path: Any
) -> None:
    key = tmp_path / "master.key"
    key.write_text("0f" * 32)
    least = {
        "LIVRET_DATABASE_URL": "sqlite:////x.db",
        "LIVRET_KEY_STORE_URL": "sqlite:////k.db",
        "LIVRET_MASTER_KEY_FILE": str(key),
    }
    assert from_environment(least | given).log == form

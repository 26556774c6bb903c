"""Nothing that a person wrote, and no secret, is told to a log or to somebody else."""

import json
import logging
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from graphql_api.booklets import booklets
from graphql_api.codes import codes
from graphql_api.entries import entries
from graphql_api.storage.store import Store, StoreUnavailableError
from tests.conftest import IDENTIFY, OPEN, Caller, Here, with_booklet
from tests.graphql_api.canaries import CANARY_IDENTITY, MARK, canaries_in, entry_with_canaries, sow
from tests.graphql_api.documents import (
    ADD,
    LINK,
    MOVE,
    PROVE,
    REMOVE,
    REVISE,
    UNLINK,
    WHOLE,
    whole,
)

FEW = ("diploma", "competence", "attachment")
SHARED = "query($id: ID!) { sharedDossier(id: $id) { title holder { lastName } } }"


class Ears:
    """All that is logged or printed by the service while a test runs, at any level."""

    def __init__(self, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
        self._caplog = caplog
        self._capfd = capfd
        self.secrets: list[str] = []

    def heard(self) -> Iterator[str]:
        formatter = logging.Formatter("%(name)s %(levelname)s %(message)s")
        for record in self._caplog.records:
            if not record.name.startswith("httpx"):  # the client of the tests, not the service
                yield formatter.format(record) + repr(vars(record))
        printed = self._capfd.readouterr()
        yield printed.out
        yield printed.err

    def leaks(self) -> list[str]:
        return [
            told
            for told in self.heard()
            if canaries_in(told) or any(secret in told for secret in self.secrets)
        ]


@pytest.fixture
def ears(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> Ears:
    for name in ("", "graphql_api", "uvicorn"):  # whose levels another test may have set
        caplog.set_level(logging.DEBUG, logger=name)
    return Ears(caplog, capfd)


def sown(here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch) -> tuple[Caller, dict[str, Any]]:
    """An owner with canaries everywhere, whose code and token are secrets too."""
    made = codes.new_code

    def noted() -> str:
        code = made()
        ears.secrets += [code, code.replace("-", "")]
        return code

    monkeypatch.setattr(codes, "new_code", noted)
    caller, written = sow(here, rubrics=FEW)
    assert caller.token
    ears.secrets += [caller.token, caller.token.split(".")[2]]
    return caller, written


def test_the_search_hears_what_is_logged_and_printed(
    ears: Ears, capfd: pytest.CaptureFixture[str]
) -> None:
    ears.secrets.append("s3cret")
    assert ears.leaks() == []
    logging.getLogger("graphql_api.any").debug("a name: %s", "Canarinom")
    assert len(ears.leaks()) == 1
    logging.getLogger("graphql_api.any").info("a code", extra={"code": "s3cret"})
    assert len(ears.leaks()) == 2
    print("canari")
    assert len(ears.leaks()) == 3


def test_ordinary_work_is_logged_without_what_was_written(
    here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, made = sown(here, ears, monkeypatch)
    diploma = {"id": made["diploma"]["id"]}
    revised = caller.do(REVISE, version=1, entry=entry_with_canaries("diploma"), **diploma)
    assert revised["__typename"] == "EntryRevised"
    assert caller.do(REMOVE, version=2, **diploma)["__typename"] == "EntryRemoved"
    assert canaries_in(json.dumps(whole(caller)))
    assert ears.leaks() == []
    assert ears.secrets


def wrong_values() -> list[dict[str, Any]]:
    """Requests that are refused, with a canary for a value."""
    sick = entry_with_canaries("diploma")
    sick["diploma"] |= {"kind": "canari", "awardedOn": "canari", "title": "canari\u0007"}
    training = entry_with_canaries("training")
    return [
        {"query": ADD, "variables": {"entry": {"diploma": {"title": ["canari"]}}}},
        {"query": ADD, "variables": {"entry": "canari"}},
        {"query": ADD, "variables": {"entry": sick}},
        {"query": ADD, "variables": {"entry": training, "key": "canari" * 50}},
        {"query": IDENTIFY, "variables": {"identity": {"email": "canari"}, "version": 1}},
        {"query": IDENTIFY, "variables": {"identity": CANARY_IDENTITY, "version": "canari"}},
        {"query": REVISE, "variables": {"id": "canari", "version": 99, "entry": sick}},
        {"query": REMOVE, "variables": {"id": "canari", "version": 1}},
        {"query": OPEN, "variables": {"code": "canari"}},
        {"query": 'mutation { charterAccept(version: "canari") { __typename } }'},
        {"query": '{ codeTables(names: 5, canary: "canari") { name } }'},
        {"query": '{ booklet { entry(id: "canari'},
        {"query": '{ booklet(id: ["canari"]) { id } }'},
        {"query": "{ booklet { id } }", "variables": "canari"},
        {"query": "{ booklet { id } }", "operationName": {"canari": 1}},
        {"query": f'{{ booklet(id: "{"canari" * 4_000}") {{ id }} }}'},
        {"canari": "canari"},
    ]


def wrong_names() -> list[dict[str, Any]]:
    """Requests that are refused, with a canary for a name, which the refusal may say."""
    return [
        {"query": ADD, "variables": {"entry": {"diploma": {"canari": 1}}}},
        {"query": "{ booklet { canari } }"},
        {"query": "query canari { booklet { id ..."},
        {"query": "{ booklet { entries(rubric: CANARI) { id } } }"},
        {"query": "query A { __typename } query B { __typename }", "operationName": "canari"},
        {"query": "{ canari: booklet(id: 5.5) { id } }"},
    ]


def test_a_refused_request_is_logged_without_what_it_said(
    here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, _ = sown(here, ears, monkeypatch)
    before = whole(caller)
    for request in wrong_values():
        answer = caller.post(request)
        assert canaries_in(answer.text) == [], request
    for request in wrong_names():
        assert "errors" in caller.post(request).json()
    conflict = {"identity": CANARY_IDENTITY, "version": 99}
    assert caller.do(IDENTIFY, **conflict)["__typename"] == "Conflict"
    for content, kind in ((b"canari", "application/json"), (b'{"query": "canari', "text/canari")):
        answer = here.client.post("/graphql", content=content, headers={"content-type": kind})
        assert canaries_in(answer.text) == []
    for path in ("/dossiers/canari.zip", "/canari", "/dossiers/%63anari"):
        assert canaries_in(here.client.get(path).text) == []
    assert whole(caller) == before
    assert ears.leaks() == []


@pytest.mark.parametrize("token", ["canari", "canari.canari.canari", "Bearer canari", "é"])
def test_a_bad_token_is_logged_nowhere(here: Here, ears: Ears, token: str) -> None:
    for path in ("/graphql", "/dossiers/00000000-0000-0000-0000-000000000000.zip"):
        ask: Callable[..., httpx2.Response] = (
            here.client.post if path == "/graphql" else here.client.get
        )
        extra = {"json": {"query": "{ __typename }"}} if path == "/graphql" else {}
        answer = ask(path, headers={b"authorization": f"Bearer {token}".encode()}, **extra)
        assert answer.status_code == 401
        assert canaries_in(answer.text) == []
    assert ears.leaks() == []


def test_an_unexpected_exception_tells_its_place_and_not_its_words(
    here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    caller, _ = sown(here, ears, monkeypatch)
    dossier = whole(caller)["dossiers"][0]["id"]
    before = whole(caller)

    def fails(*_: Any) -> Any:
        try:
            raise ValueError("canari within")
        except ValueError as cause:
            raise RuntimeError("canari Canarinom 0699887766") from cause

    adding = {"query": ADD, "variables": {"entry": entry_with_canaries("diploma")}}
    reading = [{"query": WHOLE}, {"query": SHARED, "variables": {"id": dossier}}]
    for module, verbs, requests in (
        (entries, ["add"], [adding]),
        (booklets, ["row_of_caller"], [{"query": WHOLE}, adding]),
        (Store, ["rows_of", "rows_of_each"], reading),
    ):
        with monkeypatch.context() as broken:
            for verb in verbs:
                broken.setattr(module, verb, fails)
            for request in requests:
                caplog.clear()
                answer = caller.post(request)
                (error,) = answer.json()["errors"]
                assert error["message"] == "Erreur interne"
                incident = error["extensions"]["incident"]
                assert canaries_in(answer.text) == []
                assert incident in caplog.text
                assert "RuntimeError" in caplog.text
                assert "ValueError" in caplog.text
                assert ears.leaks() == []
    assert whole(caller) == before


def test_a_store_that_fails_does_not_tell_what_it_was_asked(
    here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, _ = sown(here, ears, monkeypatch)

    def fails(*_: Any, **_values: Any) -> Any:
        raise StoreUnavailableError("canari")

    monkeypatch.setattr(Store, "write_of", fails)
    answer = caller.post({"query": ADD, "variables": {"entry": entry_with_canaries("diploma")}})
    assert answer.status_code == 503
    assert canaries_in(answer.text) == []
    assert ears.leaks() == []


def test_no_answer_to_another_person_holds_anything_of_it(
    here: Here, ears: Ears, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller, made = sown(here, ears, monkeypatch)
    own = whole(caller)
    dossier = own["dossiers"][0]["id"]
    ids = {rubric: one["id"] for rubric, one in made.items()}
    asked: list[tuple[str, dict[str, Any]]] = [
        (WHOLE, {}),
        ("query($id: ID) { booklet(id: $id) { id } }", {"id": own["id"]}),
        ("query($id: ID!) { booklet { entry(id: $id) { headline } } }", {"id": ids["diploma"]}),
        (SHARED, {"id": dossier}),
        (SHARED, {"id": own["id"]}),
        (REVISE, {"id": ids["diploma"], "version": 1, "entry": {"diploma": {}}}),
        (REMOVE, {"id": ids["diploma"], "version": 1}),
        (MOVE, {"id": ids["attachment"], "version": 2}),
        (UNLINK, {"id": ids["competence"], "version": 2, "target": ids["diploma"]}),
        (
            LINK,
            {"id": ids["competence"], "version": 2, "target": ids["diploma"], "relation": "USED"},
        ),
        (PROVE, {"id": ids["attachment"], "version": 2, "target": ids["diploma"]}),
        (ADD, {"entry": {"diploma": {}}, "key": f"{MARK} key diploma"}),
        (OPEN, {"code": ears.secrets[0]}),
    ]
    for stranger in (with_booklet(here, "stranger"), here.caller("newcomer"), here.nobody()):
        for document, variables in asked:
            answer = stranger.post({"query": document, "variables": variables})
            assert canaries_in(answer.text) == [], document
            assert ears.secrets[0] not in answer.text
            assert dossier not in answer.text
        for path in (f"/dossiers/{dossier}.zip", f"/dossiers/{own['id']}.zip"):
            headers = {"authorization": f"Bearer {stranger.token}"} if stranger.token else {}
            download = here.client.get(path, headers=headers)
            assert download.status_code == (404 if stranger.token else 401)
            assert canaries_in(download.text) == []
    assert whole(caller) == own

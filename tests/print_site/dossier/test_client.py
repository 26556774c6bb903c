"""The client of the API: one stored document, the caller's credential, a complete answer."""

import re
from pathlib import Path
from typing import Any

import pytest

from print_site.dossier import client
from print_site.errors import PrintError, Reason

QUERIES = client.QUERIES


def error_of(url: str, token: str, dossier: str = "x") -> PrintError:
    with pytest.raises(PrintError) as refused:
        client.fetch_dossier(url, token, dossier)
    return refused.value


def test_a_dossier_is_asked_with_the_callers_token(api: Any, token: str, booklet: Any) -> None:
    assert client.fetch_dossier(f"{api.url}/graphql", token, booklet["id"]) == booklet
    (asked,) = api.asked
    assert asked["path"] == "/graphql"
    assert asked["headers"]["Authorization"] == f"Bearer {token}"
    assert asked["headers"]["Accept"] == "application/graphql-response+json"
    assert asked["headers"]["Content-Type"] == "application/json"
    assert asked["body"]["variables"] == {"id": booklet["id"]}


def test_one_connection_serves_whoever_asks_next_but_not_their_cookies(
    api: Any, token: str, booklet: Any
) -> None:
    api.headers = {"Set-Cookie": "session=of-the-first; Path=/"}
    for caller in (token, f"{token}-of-another"):
        client.fetch_dossier(api.url, caller, booklet["id"])
    assert api.connections == 1
    assert [asked["headers"].get("Cookie") for asked in api.asked] == [None, None]
    assert api.asked[1]["headers"]["Authorization"] == f"Bearer {token}-of-another"


def test_the_root_of_the_api_does_as_well_as_the_endpoint(
    api: Any, token: str, booklet: Any
) -> None:
    client.fetch_dossier(f"{api.url}/", token, booklet["id"])
    assert api.asked[0]["path"] == "/graphql"


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"data": {"sharedDossier": None}}, Reason.NOT_FOUND),
        ({"data": {"sharedDossier": {}}, "errors": [{"message": "Julliard"}]}, Reason.PARTIAL),
        ({"data": None, "errors": [{"message": "m"}]}, Reason.PARTIAL),
        ({"errors": [{"extensions": {"code": "UNAUTHENTICATED"}}]}, Reason.REFUSED),
        ({"errors": [{"extensions": {"code": "DAMAGED"}}]}, Reason.DAMAGED),
        ({"data": None}, Reason.UNREADABLE),
        ({"data": {}}, Reason.UNREADABLE),
        ({"data": {"sharedDossier": []}}, Reason.UNREADABLE),
        ([], Reason.UNREADABLE),
        (b"<html>", Reason.UNREADABLE),
        (b"[" * 100_000, Reason.UNREADABLE),
        (b"\xff", Reason.UNREADABLE),
    ],
)
def test_anything_but_a_whole_answer_is_refused(
    api: Any, token: str, answer: Any, reason: Reason
) -> None:
    api.answer = answer
    refused = error_of(api.url, token)
    assert refused.reason is reason
    assert "Julliard" not in refused.message


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, Reason.REFUSED),
        (403, Reason.REFUSED),
        (404, Reason.UNREADABLE),
        (429, Reason.UNREACHABLE),
        (500, Reason.UNREACHABLE),
        (503, Reason.UNREACHABLE),
    ],
)
def test_each_status_has_its_reason(api: Any, token: str, status: int, reason: Reason) -> None:
    api.status = status
    assert error_of(api.url, token).reason is reason


def test_a_redirection_is_never_followed(api: Any, token: str) -> None:
    api.status, api.headers = 307, {"Location": f"{api.url}/elsewhere"}
    assert error_of(api.url, token).reason is Reason.UNREADABLE
    assert len(api.asked) == 1


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:9", "ftp://x", "x", "", "http://[", "http://a b"]
)
def test_an_api_that_is_not_there_is_said_in_french(token: str, url: str) -> None:
    refused = error_of(url, token)
    assert refused.reason is Reason.UNREACHABLE
    assert "API" in refused.message


@pytest.mark.parametrize("bad", ["", "a b", "a\nX-Header: b", "é"])
def test_a_token_that_no_header_can_carry_is_refused_before_it_leaves(api: Any, bad: str) -> None:
    assert error_of(api.url, bad).reason is Reason.REFUSED
    assert api.asked == []


def test_a_swollen_answer_is_cut(
    api: Any, token: str, booklet: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client, "LARGEST_ANSWER_BYTES", 1_000)
    assert error_of(api.url, token, booklet["id"]).reason is Reason.UNREADABLE


@pytest.mark.parametrize("document", sorted(QUERIES.glob("*.graphql")), ids=lambda path: path.stem)
def test_stored_documents_stay_within_the_limits_of_the_api(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    depth = deepest = 0
    for brace in re.findall("[{}]", text):
        depth += 1 if brace == "{" else -1
        deepest = max(deepest, depth)
    assert depth == 0
    assert deepest <= 9
    assert len(text) < 16_000
    assert "..." not in text

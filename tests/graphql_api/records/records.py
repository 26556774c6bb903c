"""What the tests of the record share: the two doors, and what must be equal."""

import json
from typing import Any

from tests.conftest import Caller

EXPORT = "query($id: ID) { bookletRecord(id: $id) }"
IMPORT = """mutation($record: JSON!, $key: String) {
  bookletImport(record: $record, idempotencyKey: $key) {
    __typename ... on Refusal { code message }
    ... on InvalidEntry { problems { path code message } }
    ... on WrongState { state } ... on BookletNotEmpty { entries }
    ... on BookletImported { booklet { id version entries { id version } } }
  }
}"""
# What tells of the place where a record was exported.
OF_THE_PLACE = {
    "exportedAt",
    "account",
    "booklet",
    "charter",
    "drafts",
    "reminder",
    "consents",
    "accesses",
}


def authorized(caller: Caller) -> dict[str, str]:
    return {} if caller.token is None else {"authorization": f"Bearer {caller.token}"}


def download(caller: Caller) -> Any:
    return caller.client.get("/booklet.json", headers=authorized(caller))


def upload(caller: Caller, record: object, **headers: str) -> Any:
    """The response to a record, or to a file of these bytes."""
    sent = record if isinstance(record, bytes) else json.dumps(record, indent=2).encode()
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    kind = {"content-type": "application/json"}
    return caller.client.post(
        "/booklet.json", content=sent, headers=kind | authorized(caller) | named
    )


def exported(caller: Caller) -> dict[str, Any]:
    """The caller's record."""
    record = caller.ask(EXPORT)["bookletRecord"]
    assert isinstance(record, dict)
    return record


def portable(record: dict[str, Any]) -> dict[str, Any]:
    """What an import brings with it."""
    return {key: value for key, value in record.items() if key not in OF_THE_PLACE}


def told(response: Any) -> list[tuple[str, str, int]]:
    """The (path, code, line) of each problem of a refused file."""
    assert response.status_code == 422, response.text
    (error,) = response.json()["errors"]
    assert error["message"]
    assert error["extensions"]["code"] == "INVALID_ENTRY"
    problems = error["extensions"]["problems"]
    assert all(problem["message"] for problem in problems)
    return [(each["path"], each["code"], each["line"]) for each in problems]

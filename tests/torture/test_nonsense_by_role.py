"""Requests drawn from the schema and broken by hand, sent by a caller of each role.

No answer is a fault of the service or tells how it is made, and none to anybody else holds a word
of the owner, whose booklet has a canary in every field.
"""

import json
import re
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from graphql_api.callers.permissions import CallerRole
from tests.client import TestClient
from tests.conftest import Caller
from tests.graphql_api.canaries import canaries_in
from tests.graphql_api.roles import Scene
from tests.torture.figures import Figures
from tests.torture.fuzzing import Fuzzer

pytestmark = pytest.mark.torture

SEED = 2026
TELLS = re.compile(
    r"Traceback|File \"|\w+Error:|\bSELECT \w|\bINSERT INTO|sqlite3|psycopg|peewee|graphql_api[./]"
    r"|object at 0x"
)


def post(caller: Caller, body: bytes) -> Any:
    headers = {"content-type": "application/json", "accept": "application/graphql-response+json"}
    if caller.token:
        headers["authorization"] = f"Bearer {caller.token}"
    return caller.client.post("/graphql", content=body, headers=headers)


def mask(text: str, body: bytes) -> str:
    """The answer without the document that the request itself had sent."""
    try:
        sent = json.loads(body)
    except ValueError:
        return text
    document = str(sent.get("query")) if isinstance(sent, dict) else ""
    return text.replace(json.dumps(document)[1:-1], "") if len(document) > 40 else text


def test_nonsense_from_any_role_is_refused_and_tells_nothing(
    scene: Scene,
    unlimited: TestClient,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    roles = list(CallerRole)
    each = times(40, 10_000 // len(roles) + 1)
    statuses: Counter[int] = Counter()
    faults: list[str] = []
    told: list[str] = []
    ids = [*scene.owners.values(), *scene.others.values(), *scene.codes.values()]
    for number, role in enumerate(roles):
        fuzzer = Fuzzer(SEED + number, ids)
        callers = [scene.callers[role]]
        if role not in (CallerRole.ANONYMOUS, CallerRole.PRINT_JOB):
            callers.append(scene.with_every_scope(role))
        may_read = role in (CallerRole.OWNER, CallerRole.PRINT_JOB, CallerRole.SITE)
        for case in range(each):
            body = fuzzer.body()
            one = callers[case % len(callers)]
            answer = post(Caller(unlimited, one.token, one.name), body)
            statuses[answer.status_code] += 1
            if answer.status_code >= 500 or "INTERNAL_ERROR" in answer.text:
                faults.append(f"{role.name} {answer.status_code} {body[:300]!r}")
            if TELLS.search(mask(answer.text, body)):
                told.append(f"{role.name} {answer.text[:300]}")
            if not may_read and canaries_in(answer.text):
                told.append(f"{role.name} reads a canary: {body[:300]!r}")
    print("\n".join(faults[:10] + told[:10]))
    figures.at_least("cases", statuses.total(), each * len(roles))
    figures.size("answers by status", ", ".join(f"{k}: {v:,}" for k, v in sorted(statuses.items())))
    figures.exactly("faults of the service (5xx)", len(faults), 0)
    figures.exactly("answers that tell an exception, or somebody else's words", len(told), 0)

"""Requests of every method, with nonsense in path, query, cookies and body, to every route there is."""

import random
from collections import Counter
from collections.abc import Callable
from urllib.parse import quote, urlencode
from uuid import UUID

import pytest
from starlette.routing import Mount, Route

from graphql_api.app import Application
from graphql_api.callers.permissions import CallerRole
from tests.client import TestClient
from tests.conftest import Here
from tests.graphql_api.canaries import canaries_in
from tests.graphql_api.roles import Scene
from tests.torture.figures import Figures
from tests.torture.fuzzing import TEXTS
from tests.torture.test_nonsense_by_role import TELLS

pytestmark = pytest.mark.torture

SEED = 29
METHODS = ("GET", "GET", "POST", "POST", "HEAD", "PUT", "DELETE", "OPTIONS")
TYPES = ("application/x-www-form-urlencoded", "application/json", "multipart/form-data", "text/x")
NAMES = ("return", "code", "state", "id", "next", "key", "csrf", "token", "version", "title", "q")
HERE_ONLY = ("same-origin", "cross-site", "none", "nonsense")


def addresses(here: Here) -> list[str]:
    """The path of every route of the service."""
    service = here.deployment.service
    routes = Application(here.deployment.settings, service).starlette().routes
    assert not any(isinstance(one, Mount) for one in routes)
    return [one.path for one in routes if isinstance(one, Route)]


def test_nonsense_at_any_address_is_refused_and_tells_nothing(
    here: Here,
    scene: Scene,
    unlimited: TestClient,
    figures: Figures,
    times: Callable[[int, int], int],
) -> None:
    chance, statuses = random.Random(SEED), Counter[int]()
    paths, each = addresses(here), times(2, 30)
    faults, told = [], []

    def text() -> str:
        return (
            chance.choice((*TEXTS, str(UUID(int=chance.getrandbits(128)))))[:300]
            .encode("utf-8", "replace")
            .decode()
        )

    def pairs() -> str:
        return urlencode([(chance.choice(NAMES), text()) for _ in range(chance.randrange(4))])

    for path in paths:
        for _ in range(each):
            role = chance.choice((CallerRole.ANONYMOUS, CallerRole.OTHER_AGENT, CallerRole.OFFICER))
            headers = {
                "content-type": chance.choice(TYPES),
                "sec-fetch-site": chance.choice(HERE_ONLY),
                "cookie": urlencode({"livret_session": text(), "__Host-livret": text()}, safe="="),
            }
            token = scene.callers[role].token
            if token and chance.random() < 0.5:
                headers["authorization"] = f"Bearer {token}"
            parts = [quote(text(), safe="") if "{" in one else one for one in path.split("/")]
            method, address = chance.choice(METHODS), f"{'/'.join(parts)}?{pairs()}"
            answer = unlimited.request(
                method, address, content=pairs(), headers=headers, follow_redirects=False
            )
            statuses[answer.status_code] += 1
            if answer.status_code >= 500:
                faults.append(f"{method} {address} {answer.status_code}")
            if TELLS.search(answer.text) and "javascript" not in answer.headers["content-type"]:
                told.append(f"{method} {address}")
            if canaries_in(answer.text):
                told.append(f"{method} {address} reads a canary")
    print("\n".join(faults[:20] + told[:20]))
    figures.size("routes", len(paths))
    figures.at_least("cases", statuses.total(), each * len(paths))
    figures.exactly("faults of the service (5xx)", len(faults), 0)
    figures.exactly("answers that tell an exception, or somebody else's words", len(told), 0)

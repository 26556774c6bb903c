"""How much a caller may ask for in a minute, by cost at `/graphql` and by requests elsewhere."""

from collections.abc import Iterator
from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from graphql_api.app import create_application
from graphql_api.engine.stored_queries import hash_of
from graphql_api.web.http import caller_limits
from graphql_api.web.http.caller_limits import (
    ADDRESS_COST,
    CALLER_COST,
    DOORS,
    LEAST_COST,
    MOST_CALLERS,
    REFUSED_COST,
    Allowances,
    DoorLimitsMiddleware,
)
from tests.client import TestClient
from tests.conftest import Here, with_booklet
from tests.graphql_api.documents import WHOLE

pytestmark = pytest.mark.parametrize("here", ["sqlite"], indirect=True)
HERE, THERE = "192.0.2.1", "192.0.2.2"
SMALL = "{ __typename }"


class Time:
    """A time that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def moment(monkeypatch: pytest.MonkeyPatch) -> Time:
    stopped = Time()
    monkeypatch.setattr(caller_limits, "time", stopped)
    return stopped


@pytest.fixture
def app(here: Here, moment: Time) -> Iterator[Any]:
    made = create_application(here.deployment.settings)
    with TestClient(made):
        yield made


def at(app: Any, address: str) -> TestClient:
    return TestClient(app, "https://livret.test", client=(address, 1))


def ask(client: TestClient, query: str, token: str | None = None) -> Any:
    headers = {"authorization": f"Bearer {token}"} if token else {}
    return client.post("/graphql", json={"query": query}, headers=headers)


def allowances(app: Any) -> Allowances:
    """What callers of an application have left."""
    while not hasattr(app, "user_middleware"):
        app = app.app
    (doors,) = [one for one in app.user_middleware if one.cls is DoorLimitsMiddleware]
    found: Allowances = doors.args[0]
    return found


def use_up(app: Any, kind: str, who: str, amount: int, *, but: int = 0) -> None:
    """Leave a caller nothing, or little, without thousands of requests."""
    assert allowances(app).spend(kind, who, amount - but, amount) == 0


def check_refused(answer: Any, seconds: int) -> None:
    assert answer.status_code == 429
    assert answer.json()["errors"][0]["extensions"] == {"code": "RATE_LIMITED"}
    assert answer.headers["retry-after"] == str(seconds)
    assert answer.headers["cache-control"] == "no-store"


def test_an_anonymous_address_spends_by_cost(app: Any, moment: Time) -> None:
    use_up(app, "anonymous", HERE, CALLER_COST)
    check_refused(ask(at(app, HERE), SMALL), 1)
    assert ask(at(app, THERE), SMALL).status_code == 200
    moment.now += 1
    assert ask(at(app, HERE), SMALL).status_code == 200


def test_a_token_has_its_own_allowance_wherever_it_is_used(here: Here, app: Any) -> None:
    one, other = here.caller("one").token, here.caller("other").token
    who = sha256(f"Bearer {one}".encode()).hexdigest()
    use_up(app, "caller", who, CALLER_COST, but=10_000)
    spent = 0
    while (answer := ask(at(app, HERE), WHOLE, one)).status_code == 200:
        spent += 1
    assert 1 < spent < 10_000 // LEAST_COST
    check_refused(answer, int(answer.headers["retry-after"]))
    assert ask(at(app, THERE), WHOLE, one).status_code == 429
    assert ask(at(app, HERE), WHOLE, other).status_code == 200
    assert ask(at(app, HERE), SMALL).status_code == 200


def test_a_stored_query_costs_the_same_by_its_address_and_nothing_where_nothing_changed(
    here: Here, moment: Time, tmp_path: Path
) -> None:
    (tmp_path / "whole.graphql").write_text(WHOLE, "utf-8")
    owner = with_booklet(here, "owner")
    headers = {"authorization": f"Bearer {owner.token}"}
    address = f"/q/{hash_of(WHOLE)}"
    made = create_application(replace(here.deployment.settings, queries=tmp_path))
    with TestClient(made):
        client = at(made, HERE)
        tag = client.get(address, headers=headers).headers["etag"]
        who = sha256(headers["authorization"].encode()).hexdigest()
        moment.now += 60
        use_up(made, "caller", who, CALLER_COST)
        refused = client.get(address, headers=headers)
        check_refused(refused, int(refused.headers["retry-after"]))
        assert client.get(address, headers={**headers, "if-none-match": tag}).status_code == 304
        moment.now += int(refused.headers["retry-after"])
        assert client.get(address, headers=headers).status_code == 200


def test_many_tokens_at_one_address_have_one_allowance_together(here: Here, app: Any) -> None:
    use_up(app, "address", HERE, ADDRESS_COST)
    for name in ("one", "other"):
        assert ask(at(app, HERE), WHOLE, here.caller(name).token).status_code == 429
    assert ask(at(app, HERE), WHOLE, "forged").status_code == 429
    assert ask(at(app, THERE), WHOLE, here.caller("one").token).status_code == 200


def test_a_refused_document_costs_too(app: Any, moment: Time) -> None:
    use_up(app, "anonymous", HERE, CALLER_COST)
    seconds = REFUSED_COST * 60 / CALLER_COST
    moment.now += 1.5 * seconds
    assert ask(at(app, HERE), "{ nothing }").status_code in (200, 400)
    check_refused(ask(at(app, HERE), "{ nothing }"), 1)


@pytest.mark.parametrize("door", DOORS, ids=lambda door: door.name)
@pytest.mark.parametrize("address", [HERE, "2001:db8:1:2::7"])
def test_every_address_has_a_limit_by_caller(app: Any, address: str, door: Any) -> None:
    path = {
        r"/(?:healthz|readyz|assets/.*)": "/healthz",
        r"/account/(?:register|forgotten|reset|activate).*": "/account/register",
        r"/s/.*": "/s/0",
        r"/reminders/.*": "/reminders/stop",
        r"/(?:sign-in|account/with|account/back).*": "/sign-in",
        r"/oauth/.*": "/oauth/token",
        r".*": "/contact",
    }.get(door.pattern.pattern, door.pattern.pattern)
    method = "POST" if door.methods == {"POST"} else "GET"
    network = "2001:db8:1:2::/64" if ":" in address else address
    use_up(app, door.name, network, door.requests)
    refused = at(app, address).request(method, path)
    check_refused(refused, int(refused.headers["retry-after"]))
    page = at(app, address).request(method, path, headers={"accept": "text/html"})
    assert page.status_code == 429
    assert "Trop de demandes" in page.text
    neighbour = "2001:db8:1:3::7" if ":" in address else THERE
    assert at(app, neighbour).request(method, path).status_code != 429
    same = "2001:db8:1:2:ffff::1" if ":" in address else address
    assert at(app, same).request(method, path).status_code == 429


@pytest.mark.parametrize("method", ["GET", "OPTIONS", "PUT", "DELETE", "BREW"])
def test_no_method_is_without_a_limit(app: Any, method: str) -> None:
    use_up(app, DOORS[-1].name, HERE, DOORS[-1].requests)
    check_refused(at(app, HERE).request(method, "/nothing"), 1)


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1", "socket"])
def test_this_machine_is_not_counted(app: Any, address: str) -> None:
    for who in {address, "127.0.0.1", "::/64"}:
        use_up(app, "anonymous", who, CALLER_COST)
        use_up(app, DOORS[-1].name, who, DOORS[-1].requests)
    assert ask(at(app, address), SMALL).status_code == 200


def test_limits_can_be_left_to_a_proxy(here: Here, moment: Time) -> None:
    settings = replace(here.deployment.settings, caller_limits=False)
    application = create_application(settings)
    with TestClient(application):
        client = at(application, HERE)
        for _ in range(DOORS[3].requests + 1):
            assert client.post("/verifier").status_code != 429


def test_an_allowance_comes_back_evenly_and_forgets_who_stays_away(
    here: Here, moment: Time
) -> None:
    allowances = Allowances()
    assert [allowances.spend("x", "me", 1, 60) for _ in range(61)] == [0] * 60 + [1]
    assert allowances.spend("x", "me", 30, 60) == 30
    moment.now += 29.5
    assert allowances.spend("x", "me", 30, 60) == 1
    moment.now += 0.5
    assert allowances.spend("x", "me", 30, 60) == 0
    assert allowances.spend("x", "you", 1_000, 60) == 0  # no more than what a minute has
    for number in range(MOST_CALLERS):
        allowances.spend("x", str(number), 1, 60)
    assert len(allowances._left) == MOST_CALLERS
    assert allowances.spend("x", "me", 60, 60) == 0

"""A page of summaries costs as many statements as are written down, however many it has."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from graphql_api import serving
from graphql_api.app import create_application
from graphql_api.identity_provider.outbox import MailSender
from graphql_api.storage.store import Store
from tests.client import TestClient
from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.consents.consenting import consent
from tests.graphql_api.documents import LEAST, added
from tests.graphql_api.summaries.summaries import PAGE, read, registered

# The site; the places of the page, with consents and what is kept; keys. Then, to confirm: looking at the
# consents again, writing journals. What is made anew: its sections and, of a whole reading, keeping it.
STATEMENTS = 5
ANEW = 1
KEEPING = 1
EMPTY = 2
COUNT = "totalCount"


@dataclass
class Counted:
    """A service whose statements are counted."""

    client: TestClient
    stores: list[Store]

    def count(self, ask: Callable[[], Any]) -> int:
        before = sum(store.statements for store in self.stores)
        ask()
        return sum(store.statements for store in self.stores) - before


@pytest.fixture
def counted(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counted]:
    """The same service, with an eye on its two stores."""
    stores: list[Store] = []

    def opened(url: str, **options: Any) -> Store:
        stores.append(Store(url, **options))
        return stores[-1]

    monkeypatch.setattr(serving, "Store", opened)
    monkeypatch.setattr(
        MailSender, "start", lambda _self: None
    )  # who looks for letters now and then
    here.clock.stop(here.clock())  # keys and clients are read once a second: here once
    with TestClient(create_application(here.deployment.settings, here.clock)) as client:
        yield Counted(client, stores)


@pytest.mark.parametrize("many", [1, 7])
def test_a_page_costs_the_statements_that_are_written_down(
    here: Here, counted: Counted, many: int
) -> None:
    site = registered(here)
    reader = Caller(counted.client, site.token, site.name)
    without = PAGE.replace(COUNT, "")
    since = (here.clock()).isoformat()
    reader.ask(without)  # the first call also reads keys and clients
    assert counted.count(lambda: reader.ask(without)) == EMPTY
    for number in range(many):
        owner = with_booklet(here, f"agent {number}")
        for rubric in list(LEAST)[: 1 + number]:
            added(owner, rubric)
        consent(here, owner)
    expected = STATEMENTS
    assert counted.count(lambda: reader.ask(without, since=since)) == expected + ANEW
    assert counted.count(lambda: reader.ask(without)) == expected + ANEW + KEEPING
    assert counted.count(lambda: reader.ask(without)) == expected
    assert counted.count(lambda: reader.ask(without, since=since)) == expected
    assert counted.count(lambda: reader.ask(PAGE)) == expected + 1
    assert len(read(reader, since=since)["nodes"]) == many

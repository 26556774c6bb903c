"""A query of the row of a booklet needs no transaction; whatever asks for more is read in one."""

from threading import current_thread
from typing import Any

import pytest

from graphql_api.booklets.one_statement import OF_ROW
from graphql_api.storage.store import Store
from tests.conftest import Caller, Here
from tests.graphql_api.site import Site

ALONE = (
    f"{{ booklet {{ {' '.join(OF_ROW)} }} }}",
    "{ __typename mine: booklet { __typename v: version } }",
    "query Named { ...Q } fragment Q on Query { booklet { ...B } } fragment B on Booklet { id }",
    "query($asks: Boolean = false) { booklet { id version @include(if: $asks) } }",
)
TOGETHER = (
    "{ booklet { id identity { lastName } } }",
    "{ booklet { id damaged { id } } }",
    "{ a: booklet { id } b: booklet { version } }",
    "{ booklet { id } ownAccount { email } }",
    "{ ...Q b: booklet { version } } fragment Q on Query { booklet { id } }",
    '{ booklet(id: "another") { id } }',
)
SMALL = "{ booklet { version } }"


@pytest.fixture
def begun(here: Here, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """How each transaction of the data store was begun."""
    modes: list[object] = []
    begin = Store.begin

    def noted(store: Store, mode: object) -> Any:
        is_asked = current_thread().name.startswith("operation")  # no thread that sends letters
        if is_asked and store.url == here.deployment.settings.database_url:
            modes.append(mode)
        return begin(store, mode)

    monkeypatch.setattr(Store, "begin", noted)
    return modes


@pytest.mark.parametrize("document", ALONE)
def test_what_the_row_tells_is_read_without_a_transaction(
    here: Here, owner: Caller, begun: list[object], document: str
) -> None:
    newcomer = here.caller("newcomer")
    begun.clear()
    assert any(isinstance(one, dict) for one in owner.ask(document).values())
    assert not any(isinstance(one, dict) for one in newcomer.ask(document).values())
    assert begun == []


@pytest.mark.parametrize("document", TOGETHER)
def test_what_more_is_asked_is_read_in_one_transaction(
    owner: Caller, begun: list[object], document: str
) -> None:
    begun.clear()
    owner.ask(document)
    assert len(begun) == 1


def test_the_session_of_a_browser_is_found_in_the_transaction_that_reads(
    here: Here, owner: Caller, begun: list[object]
) -> None:
    browser = Site(here, here.client).browser()
    browser.sign_in(owner.name)
    begun.clear()
    browser.caller().ask(SMALL)
    assert len(begun) >= 1

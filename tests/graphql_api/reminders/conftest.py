"""Letters, and somebody who has an address."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from tests.conftest import Caller, Here, with_booklet
from tests.graphql_api.reminders.reminders import Post, posting
from tests.graphql_api.site import Site

BEGIN = datetime(2027, 3, 15, 12, tzinfo=UTC)


@pytest.fixture
def post(here: Here, monkeypatch: pytest.MonkeyPatch) -> Iterator[Post]:
    """The letters of the service, whose time stands still."""
    here.clock.stop(BEGIN)
    yield from posting(here, monkeypatch)


@pytest.fixture
def maelle(site: Site, post: Post) -> Caller:
    """The owner of a booklet whose account has a verified address."""
    return site.with_booklet("maelle")


@pytest.fixture
def elsewhere(here: Here, post: Post) -> Caller:
    """The owner of a booklet who has no account here."""
    return with_booklet(here, "owner")

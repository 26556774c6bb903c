"""A mail server for the tests of mail."""

from collections.abc import Iterator

import pytest

from tests.graphql_api.web.mail_catcher import Catcher, catcher


@pytest.fixture
def server() -> Iterator[Catcher]:
    """A real mail server that keeps what it is handed."""
    with catcher() as one:
        yield one

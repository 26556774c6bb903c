"""The people of these tests."""

import pytest

from tests.graphql_api.agent_space.reader import Agent, agent
from tests.graphql_api.site import Site


@pytest.fixture
def someone(site: Site) -> Agent:
    """An agent with an open, empty booklet, signed in."""
    return agent(site)

"""Closes one agent's booklet, as `bookletClose` does: a module that `killing` runs."""

import sys

from graphql_api.booklets.closing import close_booklet
from graphql_api.configuration.settings import OWN_ISSUER, from_environment
from graphql_api.serving import build_service
from graphql_api.storage.actors import Agent
from tests.graphql_api.booklets.closing import WORDS


def main(name: str) -> None:
    """Close the booklet of the agent of that name, who signed in just now."""
    service = build_service(from_environment())
    agent = Agent(OWN_ISSUER, name, frozenset(), int(service.clock().timestamp()))
    op = service.operation(agent)
    with op.after_commit, service.store.writing():
        close_booklet(op, agent, WORDS)


if __name__ == "__main__":
    main(sys.argv[1])

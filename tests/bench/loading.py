"""The demo's largest booklet in a folder, and a token of its owner."""

from graphql_api.demo.callers import caller_named
from graphql_api.demo.folder import DemoFolder
from graphql_api.demo.loading import load_booklet, make_accounts
from graphql_api.demo.tokens import token_named
from graphql_api.serving import build_service, migrate_stores


def load_agent_booklet(place: DemoFolder, port: int) -> str:
    """Load the booklet of the demo's agent for a service on that port; return a token of hers."""
    place.prepare()
    place.serve_on(port)
    service = build_service(place.settings())
    migrate_stores(service)
    make_accounts(service)
    agent = caller_named("agent")
    token = token_named(agent.name, place)
    load_booklet(service, token, agent.booklet)
    service.close()
    return token

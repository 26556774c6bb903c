"""What the tests of operators share: somebody who is one."""

from graphql_api.callers.officers import add_operator
from graphql_api.storage.actors import Agent
from tests.conftest import Caller, Here

OPERATOR_SCOPE = "livret:read livret:operate"


def operator(here: Here, name: str = "operator") -> Caller:
    """Somebody whom the command line made an operator, who has just signed in."""
    service = here.deployment.service
    who = Agent(here.deployment.settings.identity_issuer, name, frozenset())
    with service.store.writing():
        add_operator(service.operation(who), who)
    return here.caller(name, OPERATOR_SCOPE, int(here.clock().timestamp()))

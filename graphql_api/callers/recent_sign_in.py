"""The rule of acts that ask for a recent sign-in, so that an unwatched screen does not do them."""

from graphql_api.storage.actors import Agent
from graphql_api.storage.operation import Operation
from schema.closing import RECENT_SIGN_IN
from schema.description.refusals import RecentSignInRequired, Refused


def require_recent_sign_in(op: Operation, message: str = "") -> None:
    """Refuse a person who has not signed in within `RECENT_SIGN_IN`, in those words if any."""
    if isinstance(op.actor, Agent) and op.actor.signed_in_recently(op.now):
        return
    max_age = int(RECENT_SIGN_IN.total_seconds())
    refusal = RecentSignInRequired(max_age=max_age)
    if message:
        refusal = RecentSignInRequired(max_age=max_age, message=message)
    raise Refused(refusal)

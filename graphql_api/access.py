"""The one table: which actor may do what.

Scopes are a ceiling above it; which booklet or dossier it is, the verbs decide from ownership.
"""

from enum import Enum

from graphql_api.actors import Actor, Agent, Anonymous, PrintJob
from graphql_api.encoding import PublicError


class Act(Enum):
    """What can be done, each with the scope that a token needs for it."""

    READ_PUBLIC = ""
    READ_OWN_BOOKLET = "livret:read"
    WRITE_OWN_BOOKLET = "livret:write"
    READ_DOSSIER = "livret:read "
    HAND_OUT_CODES = "rh:codes"


MAY: dict[type[Actor], frozenset[Act]] = {
    Anonymous: frozenset({Act.READ_PUBLIC}),
    Agent: frozenset(
        {
            Act.READ_PUBLIC,
            Act.READ_OWN_BOOKLET,
            Act.WRITE_OWN_BOOKLET,
            Act.READ_DOSSIER,
            Act.HAND_OUT_CODES,
        }
    ),
    PrintJob: frozenset({Act.READ_PUBLIC, Act.READ_DOSSIER}),
}


def check_may(actor: Actor, act: Act) -> None:
    """Refuse whoever is not entitled, with a top-level error that says no more than that."""
    if act in MAY[type(actor)]:
        scope = act.value.strip()
        if not isinstance(actor, Agent) or not scope or scope in actor.scopes:
            return
        raise PublicError(f"Ce jeton ne permet pas cela ({scope} manque).", "INSUFFICIENT_SCOPE")
    if isinstance(actor, Anonymous):
        raise PublicError("Connectez-vous pour continuer.", "UNAUTHENTICATED")
    raise PublicError("Vous ne pouvez pas faire cela.", "FORBIDDEN")

"""The people of the demo, and their tokens."""

from dataclasses import dataclass

from graphql_api.credentials import read_keys, sign_access_token
from graphql_api.settings import Settings

AGENT_SCOPE = "livret:read livret:write"


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """A name for `livret token`, the scope of its token, and the booklet that it owns, if any."""

    name: str
    scope: str
    booklet: str = ""


CALLERS: tuple[DemoCaller, ...] = (
    DemoCaller("agent", AGENT_SCOPE, "julliard"),
    DemoCaller("other-agent", AGENT_SCOPE, "teriitahi"),
    DemoCaller("site", "livret:summary"),
    DemoCaller("other-site", "livret:summary"),
    DemoCaller("officer", "rh:codes"),
    DemoCaller("operator", "livret:read"),
)


def caller_named(name: str) -> DemoCaller | None:
    """The demo caller of that name."""
    return next((caller for caller in CALLERS if caller.name == name), None)


def token_for(caller: DemoCaller, settings: Settings) -> str:
    """A bearer token of ten minutes for a demo caller."""
    if settings.token_key_file is None:
        raise ValueError("the demo's settings have signing keys")
    return sign_access_token(
        read_keys(settings.token_key_file),
        issuer=settings.token_issuer,
        audience=settings.token_audience,
        subject=f"demo-{caller.name}",
        scope=caller.scope,
    )

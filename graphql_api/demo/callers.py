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
    DemoCaller("new-agent", AGENT_SCOPE),
    DemoCaller("site", "livret:summary"),
    DemoCaller("other-site", "livret:summary"),
    DemoCaller("officer", f"{AGENT_SCOPE} rh:codes"),
    DemoCaller("operator", "livret:read"),
)


def subject_of(caller: DemoCaller) -> str:
    """Who the caller is to the issuer of the demo's tokens."""
    return f"demo-{caller.name}"


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
        subject=subject_of(caller),
        scope=caller.scope,
    )

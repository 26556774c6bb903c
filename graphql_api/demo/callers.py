"""The people and machines of the demo: names for `livret token`."""

from dataclasses import dataclass

AGENT_SCOPE = "livret:read livret:write"
SITE_SCOPE = "livret:summary"
PASSWORD = "un livret bien rempli vaut mieux que deux"  # noqa: S105 - of accounts that protect nothing


@dataclass(frozen=True, slots=True)
class DemoCaller:
    """Someone with an account: the scope that their token asks for, the booklet they own, if any.

    `role` is who they are, in French; `shares` is whether they communicate some of their booklet
    from the start.
    """

    name: str
    given_name: str
    family_name: str
    role: str
    scope: str = AGENT_SCOPE
    booklet: str = ""
    shares: bool = False

    @property
    def email(self) -> str:
        """The address with which they sign in."""
        return f"{self.name}@livret.example"


@dataclass(frozen=True, slots=True)
class DemoMachine:
    """A regional site, which calls for itself; `site` is its code."""

    name: str
    site: str


CALLERS: tuple[DemoCaller, ...] = (
    DemoCaller(
        "agent", "Christian", "Julliard", "agent, livret rempli", booklet="julliard", shares=True
    ),
    DemoCaller("other-agent", "Hinanui", "Teriitahi", "agent, livret rempli", booklet="teriitahi"),
    DemoCaller("new-agent", "Maëlle", "Lefèvre", "agent, sans livret"),
    DemoCaller(
        "officer", "Odile", "Garnier", "agent RH : /collectivite", scope=f"{AGENT_SCOPE} rh:codes"
    ),
    DemoCaller("operator", "Yann", "Le Goff", "exploitant : /exploitation"),
)
MACHINES: tuple[DemoMachine, ...] = (
    DemoMachine("site", "24"),
    DemoMachine("other-site", "53"),
)
NAMES: tuple[str, ...] = (*(one.name for one in CALLERS), *(one.name for one in MACHINES))


def caller_named(name: str) -> DemoCaller:
    """The demo caller of that name, which must be one."""
    (found,) = [one for one in CALLERS if one.name == name]
    return found

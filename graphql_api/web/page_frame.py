"""The frame of a page of somebody who is signed in: who they are, and their menu."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class MenuItem:
    """A line of the menu; `part` colours it; `current` is the value of `aria-current`, empty elsewhere."""

    path: str
    label: str
    part: str = ""
    current: str = ""

    def at(self, path: str) -> "MenuItem":
        """The line as a page at this path shows it."""
        inside = self.path != "/" and path.startswith(f"{self.path}/")
        current = "page" if path == self.path else "true" if inside else ""
        return MenuItem(self.path, self.label, self.part, current)


@dataclass(frozen=True, slots=True)
class MenuGroup:
    """Lines of the menu under a title."""

    title: str
    items: tuple[MenuItem, ...]


@dataclass(frozen=True, slots=True)
class PageFrame:
    """Who is signed in (`role`, and their name where it is known), their profile and their menu.

    `session_path` is asked to make the session go on. `keeps_forms`: a form that is sent after its
    end is kept, and given back.
    """

    role: str
    name: str = ""
    menu: tuple[MenuGroup, ...] = ()
    profile: str = ""
    session_path: str = "/session"
    keeps_forms: bool = True


def account_name(account: Mapping[str, Any] | None) -> str:
    """Who is signed in, by `ownAccount`: their names, else their address; empty when nothing is known."""
    known = account or {}
    names = [name for name in (known.get("familyName"), known.get("givenName")) if name]
    return " ".join(names) or known.get("email") or ""


def menu_at(path: str, groups: tuple[MenuGroup, ...]) -> tuple[MenuGroup, ...]:
    """The menu as a page at this path shows it: the longest path that leads to it is current."""
    found = [item.path for group in groups for item in group.items if item.at(path).current]
    nearest = max(found, key=len, default="")
    return tuple(
        MenuGroup(
            group.title,
            tuple(item.at(path) if item.path == nearest else item for item in group.items),
        )
        for group in groups
    )

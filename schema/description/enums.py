"""Members of GraphQL enums."""

from typing import cast

import strawberry


def member(value: str, description: str) -> str:
    """A member of a GraphQL enum with its description; Strawberry turns it into a plain value."""
    return cast("str", strawberry.enum_value(value, description=description))

"""The headers of a request as the server gives them: names in small letters, bytes.

For what looks at every request: Starlette's `Headers` decodes each name at each look.
"""

from starlette.types import Scope


def raw_header(scope: Scope, name: bytes) -> bytes | None:
    """The first header of that name, in small letters, or None."""
    for one, value in scope["headers"]:
        if one == name:
            found: bytes = value
            return found
    return None


def raw_headers(scope: Scope, name: bytes) -> list[bytes]:
    """All headers of that name, in small letters."""
    return [value for one, value in scope["headers"] if one == name]

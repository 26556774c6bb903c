"""The receipt of a closing, carried over the redirect to its page.

It is told once, by the answer to the closing. A cookie of ten minutes brings it to the page that
shows it: no address, and so no log, names the number.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request

from graphql_api.web.http.cookies import HostCookie, is_https

MAX_AGE = 600
_LONGEST = 1_000


def receipt_cookie(origin: str) -> HostCookie:
    """The cookie for a service at that address."""
    return HostCookie("livret-recu", is_https(origin), MAX_AGE, "strict")


def written_receipt(closed: Mapping[str, Any]) -> str:
    """What the cookie carries of a booklet that was closed, or an account."""
    return urlsafe_b64encode(json.dumps(closed).encode()).decode()


def read_receipt(cookie: HostCookie, request: Request) -> Mapping[str, Any] | None:
    """The receipt that the browser brought; None when there is none that can be read."""
    carried = cookie.read(request) or ""
    try:
        found = json.loads(urlsafe_b64decode(carried[:_LONGEST]))
    except ValueError:
        return None
    return found if isinstance(found, dict) else None

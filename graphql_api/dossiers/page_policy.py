"""The content security policy of a printed dossier that a browser shows as a page."""

import html
import re

_POLICY = re.compile(rb'<meta http-equiv="Content-Security-Policy" content="([^"]+)">')
NOWHERE, IN_OUR_PAGES = "'none'", "'self'"


def policy_of(body: bytes, framed: str = NOWHERE) -> str:
    """The policy that the page carries, with where it may be framed, which no page can hold.

    Framed, it is sandboxed: it runs nothing and is of no origin.
    """
    found = _POLICY.search(body)
    if found is None:
        raise ValueError("a dossier without a policy")
    sandbox = "" if framed == NOWHERE else "sandbox; "
    return f"{html.unescape(found[1].decode())}; {sandbox}frame-ancestors {framed}"

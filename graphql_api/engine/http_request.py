"""What a GraphQL request must look like over HTTP: its headers, its body, the types it accepts.

Follows the GraphQL over HTTP specification. Every refusal is a `BadRequestError` with the status
that HTTP has for it.
"""

import re
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

import orjson
from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import Receive

GRAPHQL_RESPONSE = "application/graphql-response+json"
LEGACY_RESPONSE = "application/json"
CSRF_HEADER = "graphql-require-preflight"
MAX_BODY_BYTES = 256_000
MAX_VARIABLE_VALUES = 25_000  # coercing that many takes about 30 ms; a whole record has fewer

_CHARSET = re.compile(r'charset\s*=\s*"?([^"]*)"?')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_QUALITY = re.compile(r"[01](?:\.\d{0,3})?")


class BadRequestError(Exception):
    """The request cannot be served: a status, a stable code, an English message."""

    def __init__(self, status: int, code: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.message = message


@dataclass(frozen=True, slots=True)
class GraphQLRequest:
    """A well-formed request: the document's text, the operation's name, its variables.

    `hash` is the SHA-256 by which the document is named; the text may be missing then.
    """

    query: str | None
    operation_name: str | None
    variables: dict[str, Any] | None
    hash: str | None = None


class PersistedGetError(BadRequestError):
    """A GET names its document by a hash, as Apollo's clients and urql can be set to do.

    These clients send the text from then on when they read this message, this code and 200.
    """

    def __init__(self) -> None:
        super().__init__(200, "PERSISTED_QUERY_NOT_SUPPORTED", "PersistedQueryNotSupported")


class PersistedQueryNotFoundError(BadRequestError):
    """No document of the hash is known.

    Apollo's clients and urql send the text with its hash when they read this message, this code
    and 200.
    """

    def __init__(self) -> None:
        super().__init__(200, "PERSISTED_QUERY_NOT_FOUND", "PersistedQueryNotFound")


def negotiate_media_type(headers: Headers) -> str:
    """The media type of the answer, as the Accept headers ask.

    `application/json` when any will do; `BadRequestError` 406 when neither of the two will.
    """
    accept = ",".join(headers.getlist("accept")).strip().lower()
    if accept in ("", "*/*", LEGACY_RESPONSE):
        return LEGACY_RESPONSE
    ranges = dict(_media_range(written) for written in accept.split(","))
    best = max(
        _preference(GRAPHQL_RESPONSE, ranges, on_a_tie=1),
        _preference(LEGACY_RESPONSE, ranges, on_a_tie=0),
    )
    if best[0] <= 0:
        message = f"This endpoint answers {GRAPHQL_RESPONSE} or {LEGACY_RESPONSE}."
        raise BadRequestError(406, "NOT_ACCEPTABLE", message)
    return best[-1]


def check_content_type(headers: Headers) -> None:
    """`BadRequestError` 415 unless the body is plain JSON in UTF-8. Other parameters say nothing.

    An HTML form cannot send this type, so a page of another origin needs a preflight for it.
    """
    kinds = headers.getlist("content-type")
    if kinds != ["application/json"] and not (len(kinds) == 1 and _is_plain_json(kinds[0])):
        message = "The body must be of type application/json, in UTF-8."
        raise BadRequestError(415, "UNSUPPORTED_MEDIA_TYPE", message)
    if headers.get("content-encoding", "identity") != "identity":
        message = "The body must not be compressed."
        raise BadRequestError(415, "UNSUPPORTED_MEDIA_TYPE", message)


def _is_plain_json(written: str) -> bool:
    kind, *parameters = written.lower().split(";")
    charsets = [charset[1] for one in parameters if (charset := _CHARSET.fullmatch(one.strip()))]
    return kind.strip() == "application/json" and {"utf-8", "utf8"}.issuperset(charsets)


def check_csrf(headers: Headers, origin: str) -> None:
    """`BadRequestError` 403 for a request that a page of another origin may have made a browser send.

    A browser never adds a bearer token by itself, so a token proves the caller. It adds cookies to
    any request, so a request with a cookie needs the header `GraphQL-Require-Preflight`, and
    `Sec-Fetch-Site` or `Origin` must name one of our pages. `origin` is the public one,
    `https://host`. Any cookie counts, whether it carries a session or not: our pages always send
    the header, and programs send no cookie.
    """
    if "authorization" in headers or "cookie" not in headers:
        return
    if CSRF_HEADER not in headers or not is_same_origin(headers, origin):
        raise _cross_site_error()


def check_csrf_of_link(headers: Headers) -> None:
    """`BadRequestError` 403 for a GET with a cookie to which a page of another site leads a browser.

    Such a request changes nothing, and a download is a plain link, which cannot carry a header.
    Browsers that send no `Sec-Fetch-Site` send the cookie (`SameSite=Lax`) with links only.
    """
    if "authorization" in headers or "cookie" not in headers:
        return
    if headers.get("sec-fetch-site", "none") not in ("none", "same-origin"):
        raise _cross_site_error()


def is_same_origin(headers: Headers, origin: str) -> bool:
    """Whether the browser says that one of our pages sends this; `origin` is the public one."""
    site = headers.get("sec-fetch-site")
    return site == "same-origin" or (site is None and headers.get("origin") == origin)


def names_tag(headers: Headers, tag: str) -> bool:
    """Whether If-None-Match names an ETag, weak or strong, or any (RFC 9110, section 13.1.2)."""
    known = [one.strip() for one in ",".join(headers.getlist("if-none-match")).split(",")]
    return "*" in known or tag.removeprefix("W/") in [one.removeprefix("W/") for one in known]


async def read_body(headers: Headers, receive: Receive, most: int = MAX_BODY_BYTES) -> bytes:
    """The body of the request; `BadRequestError` 413 above `most` bytes, announced or counted.

    Raises `ClientDisconnect` when the caller goes away first.
    """
    announced = headers.get("content-length", "0")
    if not announced.isdecimal() or len(announced) > 9 or int(announced) > most:
        raise _too_large_error(most)
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        body += message.get("body", b"")
        if len(body) > most:
            raise _too_large_error(most)
        if not message.get("more_body", False):
            return bytes(body)


def read_request(body: bytes) -> GraphQLRequest:
    """The request in a JSON body; `BadRequestError` 400 for anything else. Unknown keys are ignored."""
    try:
        read = orjson.loads(body.removeprefix(_BYTE_ORDER_MARK))  # RFC 8259, section 8.1
    except orjson.JSONDecodeError:
        raise BadRequestError(400, "BODY_NOT_JSON", "The body must be JSON in UTF-8.") from None
    if not isinstance(read, dict):
        raise _malformed_error("The body must be a JSON object.")
    if b"\\u0000" in body and _holds_nul(read):
        raise _malformed_error("A text may not hold NUL characters.")
    query = read.get("query")
    hash = _hash_in(read.get("extensions"))
    if not isinstance(query, str) and (query is not None or hash is None):
        raise _malformed_error("query must be given, as a string.")
    name = read.get("operationName")
    if name is not None and not isinstance(name, str):
        raise _malformed_error("operationName must be a string or null.")
    variables = read.get("variables")
    if variables is not None and not isinstance(variables, dict):
        raise _malformed_error("variables must be an object or null.")
    if variables is not None and _holds_more_than(MAX_VARIABLE_VALUES, variables):
        raise BadRequestError(
            400, "TOO_MANY_VALUES", f"Variables may hold at most {MAX_VARIABLE_VALUES} values."
        )
    extensions = read.get("extensions")
    if extensions is not None and not isinstance(extensions, dict):
        raise _malformed_error("extensions must be an object or null.")
    return GraphQLRequest(query, name, variables, hash)


def check_persisted_query(query_string: bytes) -> None:
    """`PersistedGetError` for a GET that names its document by a hash."""
    try:
        extensions = dict(parse_qsl(query_string.decode("ascii"))).get("extensions", "null")
        hash = _hash_in(orjson.loads(extensions))
    except ValueError:
        return
    if hash is not None:
        raise PersistedGetError


def _hash_in(extensions: object) -> str | None:
    """The hash in the extensions of a request, as Apollo's clients write it."""
    named = extensions.get("persistedQuery") if isinstance(extensions, dict) else None
    return str(named.get("sha256Hash")) if isinstance(named, dict) else None


def _too_large_error(most: int) -> BadRequestError:
    return BadRequestError(413, "BODY_TOO_LARGE", f"A body may be at most {most} bytes long.")


def _cross_site_error() -> BadRequestError:
    message = (
        "A request with cookies must come from a page of ours, "
        "with the header GraphQL-Require-Preflight."
    )
    return BadRequestError(403, "CROSS_SITE", message)


def _malformed_error(message: str) -> BadRequestError:
    return BadRequestError(400, "MALFORMED_REQUEST", message)


def _holds_nul(value: object) -> bool:
    waiting = [value]  # not recursive: the caller chooses the depth
    while waiting:
        seen = waiting.pop()
        if isinstance(seen, str) and "\0" in seen:
            return True
        if isinstance(seen, dict):
            waiting += [*seen, *seen.values()]
        elif isinstance(seen, list):
            waiting += seen
    return False


def _holds_more_than(most: int, value: object) -> bool:
    """Whether a value of JSON holds more values than that, itself included."""
    found = 0
    waiting = [value]  # not recursive: the caller chooses the depth
    while waiting:
        seen = waiting.pop()
        if isinstance(seen, dict | list):
            inside = seen.values() if isinstance(seen, dict) else seen
            found += len(inside)
            if found >= most:
                return True
            waiting += [one for one in inside if isinstance(one, dict | list)]
    return False


def _media_range(written: str) -> tuple[str, float]:
    """A media range of an Accept header and its weight, which is 1 unless it is said."""
    kind, *parameters = (part.strip() for part in written.split(";"))
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            quality = _QUALITY.fullmatch(value.strip())
            return kind, min(float(value), 1.0) if quality else 0.0
    return kind, 1.0


def _preference(
    offered: str, ranges: dict[str, float], *, on_a_tie: int
) -> tuple[float, bool, int, str]:
    """How much the caller wants an offered type: the most specific range speaks for it.

    Among equals, a type that is named comes before one that a wildcard covers; where wildcards
    cover both, `application/json` is what clients without an opinion can read.
    """
    for specific, named in ((offered, True), ("application/*", False), ("*/*", False)):
        if specific in ranges:
            return ranges[specific], named, on_a_tie if named else 1 - on_a_tie, offered
    return 0.0, False, 0, offered

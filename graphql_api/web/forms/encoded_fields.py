"""The encoded fields of a request, as they come: the query of a GET or the form of a POST, bounded."""

from starlette.requests import ClientDisconnect, Request

LONGEST_QUERY = 8_192
LONGEST_FORM = 32_768
FORM_TYPE = "application/x-www-form-urlencoded"


class MalformedRequestError(Exception):
    """A malformed request; the message is fit for an OAuth error."""


async def encoded_fields(request: Request) -> bytes:
    """The query of a GET or the form of a POST. Raises `MalformedRequestError`."""
    query: bytes = request.scope["query_string"]
    if len(query) > LONGEST_QUERY:
        raise MalformedRequestError("The query is too long.")
    return await form_bytes(request, LONGEST_FORM) if request.method == "POST" else query


async def form_bytes(request: Request, longest: int) -> bytes:
    """The body of a form of at most so many bytes; `MalformedRequestError` when it is not one."""
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    body = bytearray()
    try:
        async for chunk in request.stream():
            body += chunk
            if len(body) > longest:
                raise MalformedRequestError("The form is too long.")
    except ClientDisconnect:
        raise MalformedRequestError("The form is not complete.") from None
    if body and kind != FORM_TYPE:
        raise MalformedRequestError(f"A form is expected: {FORM_TYPE}.")
    return bytes(body)

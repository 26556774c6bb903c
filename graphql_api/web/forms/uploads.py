"""A file that a form sends (RFC 7578), in memory and bounded."""

from dataclasses import dataclass
from io import BytesIO

from multipart import MultipartError, MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

MAX_FILE_BYTES = 8 * 1024 * 1024
_FORM_BYTES = 16 * 1024  # of what is around the file
_MOST_READ = 8 * MAX_FILE_BYTES
_MOST_PARTS = 4


class UnreadableUploadError(Exception):
    """What was sent is no form with a file."""


class TooLargeUploadError(Exception):
    """The file is larger than a dossier may be."""


@dataclass(frozen=True, slots=True)
class Upload:
    """The file that was sent with its name, both empty when none was chosen, and the texts beside it."""

    content: bytes
    texts: dict[str, str]
    file_name: str = ""


async def read_upload(request: Request, field: str) -> Upload:
    """Read a form whose file is in `field`.

    What is too large is read to its end, within reason, and forgotten: a browser shows no answer
    before it has sent everything. Raises `UnreadableUploadError`, `TooLargeUploadError`.
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get("boundary", "")
    if kind != "multipart/form-data" or not boundary:
        raise UnreadableUploadError
    return _parsed(await _body(request), boundary, field)


async def _body(request: Request) -> bytes:
    body, size = bytearray(), 0
    try:
        async for chunk in request.stream():
            size += len(chunk)
            if size <= MAX_FILE_BYTES + _FORM_BYTES:
                body += chunk
            else:
                body.clear()
            if size > _MOST_READ:
                break
    except ClientDisconnect:
        raise UnreadableUploadError from None
    if size > MAX_FILE_BYTES + _FORM_BYTES:
        raise TooLargeUploadError
    return bytes(body)


def _parsed(body: bytes, boundary: str, field: str) -> Upload:
    content, texts, file_name = b"", {}, ""
    try:
        parts = MultipartParser(
            BytesIO(body),
            boundary,
            part_limit=_MOST_PARTS,
            spool_limit=len(body) + 1,  # nothing goes to a file
            memory_limit=len(body) + 1,
        )
        for part in parts:
            if part.name == field:
                content, file_name = part.raw, part.filename or ""
            elif part.filename is None and part.size <= _FORM_BYTES:
                texts[part.name] = part.value
    except (MultipartError, UnicodeError, LookupError, ValueError):
        raise UnreadableUploadError from None
    if len(content) > MAX_FILE_BYTES:
        raise TooLargeUploadError
    return Upload(content, texts, file_name)

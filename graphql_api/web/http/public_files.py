"""Public files that the service holds in memory: cached, validated by an ETag, compressed."""

from hashlib import sha256

from starlette.requests import Request
from starlette.responses import Response

from graphql_api.engine.compression import MIN_BYTES, accepts_gzip, compress_file
from graphql_api.engine.http_request import names_tag

_COMPRESSED_TYPES = ("font/woff2",)


def public_file(request: Request, text: str, media_type: str, cache_control: str) -> Response:
    """Answer with a text, or 304 when the client has it already (RFC 9110, section 13.1.2)."""
    return public_bytes(request, text.encode(), media_type, cache_control)


def public_bytes(request: Request, body: bytes, media_type: str, cache_control: str) -> Response:
    """Answer with a file, or 304 when the client has it already."""
    etag = f'W/"{sha256(body).hexdigest()[:16]}"'  # weak: compressed or not, the text is the same
    headers = {"etag": etag, "cache-control": cache_control, "vary": "accept-encoding"}
    if _is_known(request, etag):
        return Response(status_code=304, headers=headers)
    compressible = len(body) >= MIN_BYTES and media_type not in _COMPRESSED_TYPES
    if compressible and accepts_gzip(request.headers):
        body = compress_file(body)
        headers["content-encoding"] = "gzip"
    return Response(body, media_type=media_type, headers=headers)


def _is_known(request: Request, etag: str) -> bool:
    return request.method in ("GET", "HEAD") and names_tag(request.headers, etag)

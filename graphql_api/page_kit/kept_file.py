"""A file that was tried, kept as a form is, so that nobody chooses it again to confirm.

Browsers let no page keep a chosen file. What is longer than a form, compressed, is not kept: its
sender chooses it once more.
"""

import zlib
from base64 import b64decode, b64encode
from collections.abc import Mapping

from anyio import to_thread
from starlette.requests import Request

from graphql_api.page_kit.kept_form import KEPT_FILE, FormKeeper
from graphql_api.web.forms.posted_form import MAX_FORM_BYTES, PostedForm


async def keep_file(
    keeper: FormKeeper | None, request: Request, content: bytes
) -> Mapping[str, str] | None:
    """Keep a file for the page that it was sent to; the headers for the browser, or None if it is too long."""
    packed = b64encode(await to_thread.run_sync(zlib.compress, content))
    if keeper is None or len(packed) > MAX_FORM_BYTES:
        return None
    return await keeper.keep(request, PostedForm({KEPT_FILE: [packed.decode()]}))


async def kept_file(keeper: FormKeeper | None, request: Request) -> bytes | None:
    """The file that whoever is signed in sent to this page; None when it is not kept any more.

    Raises `NotSignedInError`.
    """
    found = await keeper.find(request) if keeper else None
    if found is None:
        return None
    path, fields = found
    if path != request.url.path or KEPT_FILE not in fields:
        return None
    return await to_thread.run_sync(zlib.decompress, b64decode(fields[KEPT_FILE][-1]))

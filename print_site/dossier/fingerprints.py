"""The fingerprint of a dossier's data, and how printed files carry the data.

Canonical JSON is the API's answer in UTF-8 with sorted keys and no spaces; only lone surrogates, which
UTF-8 has not, stay escapes. Anyone who has the file can compute the same SHA-256: it distinguishes two
dossiers, and proves nothing.
"""

import base64
import hashlib
import json
import re
import zlib
from typing import Any

from markupsafe import Markup

from print_site.limits import LARGEST_FILE_BYTES

DATA_FILE = "livret.json"
_GROUP = 8
_EMBEDDED = re.compile('<template id="donnees" data-livret="zlib base64">([^<]*)</template>')
_PRINTED = re.compile('<code data-livret="empreinte">(.*?)</code>', re.DOTALL)


def canonical_json(data: dict[str, Any]) -> str:
    """Return the data as canonical JSON. Raises ValueError for a number that JSON does not have."""
    text = json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    )
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def fingerprint(text: str) -> str:
    """Return the SHA-256 of canonical JSON, in hexadecimal."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def grouped(digest: str) -> str:
    """Return the fingerprint in groups of digits that people can compare."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def packed_data(text: str) -> Markup:
    """Return canonical JSON as a page of HTML carries it: compressed by zlib, in base64."""
    return Markup(_in_base64(zlib.compress(text.encode("utf-8"))))  # noqa: S704, base64 holds no markup


def split_data(page: str) -> tuple[str, str] | None:
    """Return an HTML page without its data, and its data: None unless it carries them once.

    Data that were changed or are too large are empty. Whatever compressed them, they are the same.
    """
    found = list(_EMBEDDED.finditer(page))
    if len(found) != 1:
        return None
    start, end = found[0].span(1)
    return page[:start] + page[end:], _unpacked(found[0][1])


def _in_base64(packed: bytes) -> str:
    return base64.b64encode(packed).decode("ascii")


def _unpacked(held: str) -> str:
    try:
        packed = base64.b64decode(held, validate=True)
        stream = zlib.decompressobj()
        data = stream.decompress(packed, LARGEST_FILE_BYTES).decode("utf-8")
    except (ValueError, zlib.error):
        return ""
    whole = stream.eof and not stream.unused_data and _in_base64(packed) == held
    return data if whole else ""


def find_fingerprints(page: str) -> set[str]:
    """Return the fingerprints that a page shows: one, unless the page was changed."""
    return {re.sub(r"<wbr>|\s", "", code) for code in _PRINTED.findall(page)}

"""The fingerprint of a dossier's data, and how printed files carry the data.

Canonical JSON is the API's answer with sorted keys, no spaces and ASCII escapes. Anyone who has
the file can compute the same SHA-256: it distinguishes two dossiers, and proves nothing.
"""

import hashlib
import json
import re
from typing import Any

from markupsafe import Markup

DATA_FILE = "livret.json"
_GROUP = 8
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})
_EMBEDDED = re.compile('<template id="donnees">([^<]*)</template>')
_PRINTED = re.compile('<code data-livret="empreinte">(.*?)</code>', re.DOTALL)


def canonical_json(data: dict[str, Any]) -> str:
    """Return the data as canonical JSON. Raises ValueError for a number that JSON does not have."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def fingerprint(text: str) -> str:
    """Return the SHA-256 of canonical JSON, in hexadecimal."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def grouped(digest: str) -> str:
    """Return the fingerprint in groups of digits that people can compare."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def escape_json(text: str) -> Markup:
    """Escape canonical JSON so that none of its characters is markup in HTML."""
    return Markup(text.translate(_MARKUP))  # noqa: S704, no markup is left in it


def find_data(page: str) -> str | None:
    """Return the escaped JSON that an HTML page carries, or None unless there is exactly one."""
    found = _EMBEDDED.findall(page)
    return found[0] if len(found) == 1 else None


def find_fingerprints(page: str) -> set[str]:
    """Return the fingerprints that a page shows: one, unless the page was changed."""
    return {re.sub(r"<wbr>|\s", "", code) for code in _PRINTED.findall(page)}

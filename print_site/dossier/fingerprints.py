"""The fingerprint of a dossier's data, and how the data travel with what is printed of them.

Canonical JSON is the API's answer with sorted keys, no spaces and ASCII escapes. Whoever has the
file can write it again and find the same SHA-256: it tells two dossiers apart, and proves nothing.
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
    """The one way to write these data. Raises ValueError for a number that JSON does not have."""
    return json.dumps(
        data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False
    )


def fingerprint(text: str) -> str:
    """SHA-256, in hexadecimal, of canonical JSON."""
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def grouped(digest: str) -> str:
    """The fingerprint in groups that an eye can compare."""
    return " ".join(digest[start : start + _GROUP] for start in range(0, len(digest), _GROUP))


def escape_json(text: str) -> Markup:
    """Canonical JSON as the text of an element: no character of it means anything in HTML."""
    return Markup(text.translate(_MARKUP))  # noqa: S704, no markup is left in it


def find_data(page: str) -> str | None:
    """What `embedded` wrote into a single page, or None when there is not exactly one such text."""
    found = _EMBEDDED.findall(page)
    return found[0] if len(found) == 1 else None


def find_fingerprints(page: str) -> set[str]:
    """The fingerprints that a page shows: one, if nobody touched it."""
    return {re.sub(r"<wbr>|\s", "", code) for code in _PRINTED.findall(page)}

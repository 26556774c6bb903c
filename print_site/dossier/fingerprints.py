"""The fingerprint of a dossier's data, and how printed files carry the data.

Canonical JSON is the API's answer in UTF-8 with sorted keys and no spaces; only lone surrogates, which
UTF-8 has not, stay escapes. Anyone who has the file can compute the same SHA-256: it distinguishes two
dossiers, and proves nothing.
"""

import hashlib
import json
import re
from typing import Any

from markupsafe import Markup

DATA_FILE = "livret.json"
_GROUP = 8
_BEYOND = "".join(chr(plane << 16 | last) for plane in range(17) for last in (0xFFFE, 0xFFFF))
# What would be markup in HTML, and the characters that HTML forbids.
_ESCAPED = re.compile(f"[<>&\u007f-\u009f\ufdd0-\ufdef{_BEYOND}]")
_EMBEDDED = re.compile('<template id="donnees">([^<]*)</template>')
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


def escape_json(text: str) -> Markup:
    """Escape canonical JSON so that none of its characters is markup or an error in HTML."""
    return Markup(_ESCAPED.sub(_escape, text))  # noqa: S704, no markup is left in it


def _escape(character: re.Match[str]) -> str:
    units = character[0].encode("utf-16-be")
    return "".join(f"\\u{units[at]:02x}{units[at + 1]:02x}" for at in range(0, len(units), 2))


def find_data(page: str) -> str | None:
    """Return the escaped JSON that an HTML page carries, or None unless there is exactly one."""
    found = _EMBEDDED.findall(page)
    return found[0] if len(found) == 1 else None


def find_fingerprints(page: str) -> set[str]:
    """Return the fingerprints that a page shows: one, unless the page was changed."""
    return {re.sub(r"<wbr>|\s", "", code) for code in _PRINTED.findall(page)}

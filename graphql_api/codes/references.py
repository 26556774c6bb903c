"""References of authorization codes: how people name one code, on paper and aloud.

A reference is drawn apart from its code and tells nothing of it. It has digits only, which are read
aloud without mistakes, and enough of them that a slip of the tongue names no other code.
"""

import re
import secrets

from schema.description.text_cleaning import clean_line

_HALF = 4
_SEPARATORS = re.compile(r"[\s\-‐‑‒–—−./]")


def draw() -> str:
    """A new reference, as it is printed: two groups of four digits."""
    digits = f"{secrets.randbelow(10 ** (2 * _HALF)):0{2 * _HALF}d}"
    return _as_printed(digits)


def clean(typed: str) -> str | None:
    """A reference as it is stored, whatever stands between its digits; None when it cannot be one."""
    digits = _SEPARATORS.sub("", clean_line(typed))
    return _as_printed(digits) if re.fullmatch(rf"[0-9]{{{2 * _HALF}}}", digits) else None


def _as_printed(digits: str) -> str:
    return f"{digits[:_HALF]}-{digits[_HALF:]}"

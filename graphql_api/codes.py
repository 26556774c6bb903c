"""Authorization codes (codes d'autorisation): what a collectivité hands out to open a booklet."""

import re
import secrets
from datetime import timedelta

from graphql_api.operation import Operation, digest, to_microseconds
from graphql_api.tables import AuthorizationCode

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LENGTH = 20  # 100 random bits
_GROUP = 5
VALIDITY = timedelta(days=365)
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = re.compile(r"[\s\-‐‑‒–—−]")  # word processors change the dashes that they are given


def new_code() -> str:
    """A fresh code in the form in which people type it: four groups of five."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return "-".join(drawn[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_hash(typed: str) -> str:
    """The stored form of a code, however it was typed (case, spaces, dashes, O for 0)."""
    plain = _IGNORED.sub("", typed.upper().translate(_MISREAD))
    return digest(f"code|{plain}")


def issue(op: Operation, siret: str, count: int) -> list[str]:
    """Make codes for a collectivité; they are shown once, only their hashes are kept."""
    codes = [new_code() for _ in range(count)]
    expires_at = to_microseconds(op.now + VALIDITY)
    for code in codes:
        op.store.run(
            AuthorizationCode.insert(
                code_hash=code_hash(code),
                siret=siret,
                created_at=op.moment,
                expires_at=expires_at,
            )
        )
    return codes


def is_usable(op: Operation, hashed: str) -> bool:
    """Whether a code exists, is not expired and was not used."""
    query = (
        AuthorizationCode.select(AuthorizationCode.siret)
        .where(
            AuthorizationCode.code_hash == hashed,
            AuthorizationCode.used_at.is_null(),
            AuthorizationCode.expires_at > op.moment,
        )
        .tuples()
    )
    return op.store.row(query) is not None


def consume(op: Operation, hashed: str) -> bool:
    """Use a code up; False when it was used or expired meanwhile. One caller wins."""
    query = AuthorizationCode.update(used_at=op.moment).where(
        AuthorizationCode.code_hash == hashed,
        AuthorizationCode.used_at.is_null(),
        AuthorizationCode.expires_at > op.moment,
    )
    return op.store.run(query) == 1

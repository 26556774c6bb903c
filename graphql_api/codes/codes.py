"""Authorization codes (codes d'autorisation): what a collectivité hands out to open a booklet."""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from graphql_api.storage.operation import (
    PARIS,
    Operation,
    digest,
    from_microseconds,
    to_microseconds,
)
from graphql_api.storage.tables import AuthorizationCodeTable

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
_LENGTH = 20  # 100 random bits
_GROUP = 5
MAX_PER_BATCH = 500
MAX_USES = 1_000
MAX_LISTED = 100
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = re.compile(r"[\s\-‐‑‒–—−]")  # word processors change the dashes that they are given


@dataclass(frozen=True, slots=True)
class Validity:
    """How long a code serves, with the words for it."""

    days: int
    in_english: str
    in_french: str


USUAL_VALIDITY = Validity(365, "one", "un an")
MAX_VALIDITY = Validity(2 * 365, "two years", "deux ans")


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes just made; `codes` is the only time that they can be read."""

    id: str
    siret: str
    last_day: date
    expires_at: datetime
    uses: int
    codes: list[str]


@dataclass(frozen=True, slots=True)
class CodeRow:
    """A code as its collectivité sees it later: used or not, and no more."""

    id: str
    batch: str
    created_at: datetime
    expires_at: datetime
    revoked: bool
    used: bool


def new_code() -> str:
    """A fresh code in the form in which people type it: four groups of five."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return "-".join(drawn[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_hash(typed: str) -> str:
    """The stored form of a code, however it was typed (case, spaces, dashes, O for 0)."""
    plain = _IGNORED.sub("", typed.upper().translate(_MISREAD))
    return digest(f"code|{plain}")


def issue(
    op: Operation, siret: str, count: int, *, uses: int = 1, expires_on: date | None = None
) -> Batch:
    """Make a batch of codes for a collectivité; only their hashes are kept.

    Each serves for `uses` booklets, to the end of the day `expires_on`; for `USUAL_VALIDITY` when
    that is None.
    """
    codes = [new_code() for _ in range(count)]
    last_day = op.today + timedelta(USUAL_VALIDITY.days) if expires_on is None else expires_on
    expires_at = end_of(last_day)
    batch = str(uuid.uuid4())
    for code in codes:
        op.store.run(
            AuthorizationCodeTable.insert(
                code_hash=code_hash(code),
                id=str(uuid.uuid4()),
                batch=batch,
                siret=siret,
                created_at=op.now_us,
                expires_at=to_microseconds(expires_at),
                max_uses=uses,
            )
        )
    return Batch(batch, siret, last_day, expires_at, uses, codes)


def may_expire_on(day: date, today: date) -> bool:
    """Whether that may be the last day of codes issued today."""
    return today <= day <= today + timedelta(MAX_VALIDITY.days)


def end_of(day: date) -> datetime:
    """The midnight that ends a day in France, in UTC."""
    return datetime.combine(day + timedelta(days=1), time(), PARIS).astimezone(UTC)


def is_usable(op: Operation, hashed: str) -> bool:
    """Whether a code exists, has uses left, and is neither expired nor revoked."""
    query = AuthorizationCodeTable.select(AuthorizationCodeTable.siret).where(*_usable(op, hashed))
    return op.store.row(query.tuples()) is not None


def consume(op: Operation, hashed: str) -> bool:
    """Use a code once; False when it no longer serves. At the last use, one caller wins."""
    query = AuthorizationCodeTable.update(
        uses=AuthorizationCodeTable.uses + 1, used_at=op.now_us
    ).where(*_usable(op, hashed))
    return op.store.run(query) == 1


def revoke(op: Operation, id: str, sirets: list[str]) -> CodeRow | None:
    """Let a code of these collectivités serve no more; None when it is not theirs."""
    mine = (AuthorizationCodeTable.id == id, AuthorizationCodeTable.siret.in_(sirets))
    op.store.run(
        AuthorizationCodeTable.update(revoked_at=op.now_us).where(
            *mine, AuthorizationCodeTable.revoked_at.is_null()
        )
    )
    found = op.store.row(_select().where(*mine).tuples())
    return _row(*found) if found else None


def listed(op: Operation, siret: str, first: int, after: str | None) -> list[CodeRow]:
    """At most `first` codes of a collectivité, the newest first, after the one of id `after`."""
    query = _select().where(AuthorizationCodeTable.siret == siret)
    if after is not None:
        place = op.store.row(
            AuthorizationCodeTable.select(AuthorizationCodeTable.created_at)
            .where(AuthorizationCodeTable.siret == siret, AuthorizationCodeTable.id == after)
            .tuples()
        )
        if place is None:
            return []
        created_at = place[0]
        query = query.where(
            (AuthorizationCodeTable.created_at < created_at)
            | (
                (AuthorizationCodeTable.created_at == created_at)
                & (AuthorizationCodeTable.id > after)
            )
        )
    query = query.order_by(AuthorizationCodeTable.created_at.desc(), AuthorizationCodeTable.id)
    return [_row(*row) for row in op.store.rows(query.limit(first).tuples())]


def _usable(op: Operation, hashed: str) -> tuple[object, ...]:
    return (
        AuthorizationCodeTable.code_hash == hashed,
        AuthorizationCodeTable.uses < AuthorizationCodeTable.max_uses,
        AuthorizationCodeTable.expires_at > op.now_us,
        AuthorizationCodeTable.revoked_at.is_null(),
    )


def _select() -> Any:
    return AuthorizationCodeTable.select(
        AuthorizationCodeTable.id,
        AuthorizationCodeTable.batch,
        AuthorizationCodeTable.created_at,
        AuthorizationCodeTable.expires_at,
        AuthorizationCodeTable.revoked_at,
        AuthorizationCodeTable.uses,
    )


def _row(
    id: str, batch: str, created_at: int, expires_at: int, revoked_at: int | None, uses: int
) -> CodeRow:
    return CodeRow(
        id=id,
        batch=batch,
        created_at=from_microseconds(created_at),
        expires_at=from_microseconds(expires_at),
        revoked=revoked_at is not None,
        used=uses > 0,
    )

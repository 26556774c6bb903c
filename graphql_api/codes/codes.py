"""Authorization codes (codes d'autorisation): what a collectivité hands out to open a booklet."""

import re
import secrets
import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from strawberry import ID

from graphql_api.callers.officers import require_officer
from graphql_api.codes import references
from graphql_api.codes.limits import USUAL_VALIDITY
from graphql_api.codes.local_authority import local_authority
from graphql_api.codes.outcomes import (
    AuthorizationCode,
    CodesAlreadyIssued,
    IssuedCode,
    LocalAuthority,
)
from graphql_api.storage.batches import BATCH
from graphql_api.storage.keys.authenticated_rows import CODES
from graphql_api.storage.operation import (
    Operation,
    day_that_ends_at,
    digest,
    end_of_day,
    from_microseconds,
    to_microseconds,
)
from graphql_api.storage.people import person_of
from graphql_api.storage.store import Store
from graphql_api.storage.tables import AuthorizationCodeTable
from schema.description.connection import Connection, page_of, page_size
from schema.description.refusals import Refused
from schema.description.text_cleaning import clean_line

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
SPENT_AFTER = timedelta(days=30)
_SPENT = "gone"  # no hexadecimal number begins so
_LENGTH = 20  # 100 random bits
_GROUP = 5
_MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1"})
_IGNORED = re.compile(r"[\s\-‐‑‒–—−]")  # word processors change the dashes that they are given


@dataclass(frozen=True, slots=True)
class Batch:
    """Codes just made, in clear: afterwards only their hashes are known."""

    id: str
    local_authority: LocalAuthority
    last_day: date
    expires_at: datetime
    uses: int
    codes: list[IssuedCode]


def new_code() -> str:
    """A new code, as people type it: four groups of five characters."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(_LENGTH))
    return "-".join(drawn[start : start + _GROUP] for start in range(0, _LENGTH, _GROUP))


def code_hash(typed: str) -> str:
    """The stored hash of a code, whatever the case, spaces and dashes, or O typed for 0."""
    return digest(f"code|{_plain(typed)}")


def form_fault(typed: str) -> str:
    """Why no code could be so, in French, whichever codes there are; empty when one could."""
    count = len(_plain(typed))
    if not count:
        return "Saisissez votre code d’autorisation."
    if count != _LENGTH:
        return (
            f"Un code d’autorisation compte {_LENGTH} caractères, sans les tirets ni les espaces ; "
            f"vous en avez saisi {count}. Vérifiez-le."
        )
    return ""


def _plain(typed: str) -> str:
    return _IGNORED.sub("", clean_line(typed).upper().translate(_MISREAD))


def issue(
    op: Operation,
    siret: str,
    count: int,
    *,
    uses: int = 1,
    expires_on: date | None = None,
    key: str | None = None,
) -> Batch:
    """Issue a batch of codes for a collectivité; only their hashes are stored.

    Each serves for `uses` booklets, to the end of the day `expires_on`; for `USUAL_VALIDITY` when
    that is None. Refused with `CodesAlreadyIssued` when the same person, whose row is locked by
    then, issued a batch for the same collectivité under the same key.
    """
    batch = _batch_id(op, siret, key)
    if key is not None and _has_codes(op, siret, batch):
        raise Refused(CodesAlreadyIssued(batch=ID(batch)))
    last_day = op.today + timedelta(USUAL_VALIDITY.days) if expires_on is None else expires_on
    expires_at = end_of_day(last_day)
    row = {
        "batch": batch,
        "siret": siret,
        "created_at": op.now_us,
        "expires_at": to_microseconds(expires_at),
        "max_uses": uses,
    }
    codes = [_insert(op, row) for _ in range(count)]
    return Batch(batch, local_authority(op, siret), last_day, expires_at, uses, codes)


def _batch_id(op: Operation, siret: str, key: str | None) -> str:
    """The id of a new batch; the same for the same person, collectivité and idempotency key.

    The key is kept nowhere else: the codes themselves are not, so there is no answer to give again.
    """
    if key is None:
        return str(uuid.uuid4())
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"batch|{person_of(op)}|{siret}|{key}"))


def _has_codes(op: Operation, siret: str, batch: str) -> bool:
    query = AuthorizationCodeTable.select(AuthorizationCodeTable.id).where(
        AuthorizationCodeTable.siret == siret, AuthorizationCodeTable.batch == batch
    )
    return op.store.row(query.limit(1).tuples()) is not None


def _insert(op: Operation, row: dict[str, Any]) -> IssuedCode:
    """A new code under a reference that its collectivité has not given, even at this instant."""
    made = IssuedCode(reference=references.draw(), code=new_code())
    new = {
        "code_hash": code_hash(made.code),
        "id": str(uuid.uuid4()),
        "reference": made.reference,
        "uses": 0,
        **row,
    }
    insert = AuthorizationCodeTable.insert(CODES.signed(op.store, new))
    return made if op.store.run(insert.on_conflict_ignore()) == 1 else _insert(op, row)


def is_usable(op: Operation, hashed: str) -> bool:
    """Whether a code exists, has uses left, and is neither expired nor revoked."""
    query = AuthorizationCodeTable.select(*CODES.columns).where(*_usable(op, hashed))
    return bool(CODES.genuine(op.store, op.store.rows(query.tuples())))


def consume(op: Operation, hashed: str) -> bool:
    """Use a code once; False when it no longer serves. Of two callers at its last use, one wins."""
    while True:
        query = AuthorizationCodeTable.select(*CODES.columns).where(*_usable(op, hashed))
        found = CODES.genuine(op.store, op.store.rows(query.tuples()))
        if not found:
            return False
        code = found[0]
        new = CODES.signed(op.store, code | {"uses": code["uses"] + 1, "used_at": op.now_us})
        same = AuthorizationCodeTable.uses == code["uses"]
        used = AuthorizationCodeTable.update(new).where(*_usable(op, hashed), same)
        if op.store.run(used) == 1:  # else another used it meanwhile: are there uses left?
            return True


def revoke(op: Operation, siret: str, reference: str) -> AuthorizationCode | None:
    """Revoke the code of a collectivité that has this reference; None when there is none.

    Used or not, revoked before or not, the statements and the answer are the same.
    """
    stored = references.clean(reference) or ""
    this = (AuthorizationCodeTable.siret == siret) & (AuthorizationCodeTable.reference == stored)
    CODES.update(op.store, this & AuthorizationCodeTable.revoked_at.is_null(), revoked_at=op.now_us)
    return find(op, siret, reference)


def find(op: Operation, siret: str, reference: str) -> AuthorizationCode | None:
    """The code of a collectivité that has this reference, however it is typed."""
    stored = references.clean(reference) or ""
    row = op.store.row(
        _select()
        .where(AuthorizationCodeTable.siret == siret, AuthorizationCodeTable.reference == stored)
        .tuples()
    )
    return _to_graphql(op, *row) if row else None


def get(op: Operation, siret: str, reference: str) -> AuthorizationCode | None:
    """The code that has this reference, for an officer of its collectivité.

    Raises `PublicError` for anybody else.
    """
    require_officer(op, siret)
    return find(op, siret, reference)


def page(
    op: Operation, siret: str, first: int, after: str | None, batch: str | None = None
) -> Connection[AuthorizationCode]:
    """A page of a collectivité's codes, or of one batch, for one of its officers.

    `after` is the cursor of the page before. Raises `PublicError` for anybody else.
    """
    require_officer(op, siret)
    most = page_size(first)
    found = newest(op, siret, most + 1, after, batch)
    return page_of(found, most, after, lambda one: one.id)


def newest(
    op: Operation,
    siret: str,
    first: int | None = None,
    after: str | None = None,
    batch: str | None = None,
) -> list[AuthorizationCode]:
    """At most `first` codes of a collectivité, the newest first, after the one of id `after`."""
    query = _select().where(AuthorizationCodeTable.siret == siret)
    if batch is not None:
        query = query.where(AuthorizationCodeTable.batch == batch)
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
    return [_to_graphql(op, *row) for row in op.store.rows(query.limit(first).tuples())]


def forget_spent_secrets(store: Store, now_us: int) -> int:
    """Overwrite the hash of codes that were never used and never can be; return how many.

    Their rows stay, for those who issued them. Raises `StoreUnavailableError`.
    """
    table, hashed = AuthorizationCodeTable, AuthorizationCodeTable.code_hash
    since = now_us - SPENT_AFTER // timedelta(microseconds=1)
    spent = (table.expires_at <= since) | (table.revoked_at <= since)
    some = table.select(hashed).where(spent, table.uses == 0, ~hashed.startswith(_SPENT))
    forgotten = 0
    while True:
        with store.writing():
            codes = store.rows(some.limit(BATCH).tuples())
            for (code,) in codes:
                random = f"{_SPENT}{secrets.token_hex(30)}"
                forgotten += store.run(table.update(code_hash=random).where(hashed == code))
        if len(codes) < BATCH:
            return forgotten


def _usable(op: Operation, hashed: str) -> tuple[object, ...]:
    return (
        AuthorizationCodeTable.code_hash == hashed,
        AuthorizationCodeTable.uses < AuthorizationCodeTable.max_uses,
        AuthorizationCodeTable.expires_at > op.now_us,
        AuthorizationCodeTable.revoked_at.is_null(),
    )


def _select() -> Any:  # Peewee has no types
    return AuthorizationCodeTable.select(
        AuthorizationCodeTable.id,
        AuthorizationCodeTable.reference,
        AuthorizationCodeTable.batch,
        AuthorizationCodeTable.created_at,
        AuthorizationCodeTable.expires_at,
        AuthorizationCodeTable.revoked_at,
    )


def _to_graphql(
    op: Operation,
    id: str,
    reference: str,
    batch: str,
    created_at: int,
    expires_at: int,
    revoked_at: int | None,
) -> AuthorizationCode:
    """The code of a row of `_select`, as its collectivité sees it."""
    return AuthorizationCode(
        id=ID(id),
        reference=reference,
        batch=ID(batch),
        created_at=from_microseconds(created_at),
        expires_at=from_microseconds(expires_at),
        last_day=day_that_ends_at(expires_at),
        expired=expires_at <= op.now_us,
        revoked=revoked_at is not None,
    )

"""Idempotency keys: the same request sent again gets the same answer, and is done once.

A key belongs to a booklet, which is locked by then, so that equal requests that come at once wait
for each other. The answer is kept sealed with the booklet's key; the key and the request are kept
as marks that mean nothing without it. Only what was done is kept: a refused request did nothing,
and may be tried again.
"""

from datetime import timedelta
from typing import Any

from graphql_api.storage.batches import delete_in_batches
from graphql_api.storage.content.booklet_rows import row_of_caller, sealer_of
from graphql_api.storage.content.damage import refuse_if_damaged, set_aside
from graphql_api.storage.keys.encryption import DecryptionError, SealContext
from graphql_api.storage.operation import Operation
from graphql_api.storage.store import Store
from graphql_api.storage.tables import AnswerTable
from schema.damage import StoredKind
from schema.description.bounds import ANSWER_DAYS
from schema.description.refusals import IdempotencyMismatch, InvalidEntry, Refused, problem

MAX_KEY_LENGTH = 100
ANSWER_LIFETIME = timedelta(days=ANSWER_DAYS)


def is_first_request(op: Operation, key: str | None) -> bool:
    """Whether the mutation is still to be done; if not, `op.cached_answer` is its earlier answer.

    Refused with `InvalidEntry` for a key that is too long, and with `IdempotencyMismatch` for one
    that came before with another request; with `Damaged` when its answer does not open: the request
    was done.
    """
    if key is None:
        return True
    check_key(key)
    op.idempotency_key = key
    row = row_of_caller(op)
    sealer = sealer_of(op, row.id) if row else None
    if row is None or sealer is None:
        return True
    hashed = sealer.blind_index(key)
    found = op.store.row(
        AnswerTable.select(AnswerTable.request_hash, AnswerTable.sealed)
        .where(AnswerTable.booklet == row.id, AnswerTable.key_hash == hashed)
        .tuples()
    )
    if found is None:
        return True
    if found[0] != sealer.blind_index(op.request_hash()):
        raise Refused(IdempotencyMismatch())
    try:
        op.cached_answer = sealer.open(SealContext("answer", hashed, 0), found[1])
    except DecryptionError:
        set_aside(op, row.id, StoredKind.ANSWER, hashed[:12])
        refuse_if_damaged(op, row.id, StoredKind.ANSWER, hashed[:12])
    return False


def delete_old_answers(store: Store, now_us: int) -> int:
    """Delete the answers of more than seven days ago; return how many."""
    oldest = now_us - ANSWER_LIFETIME // timedelta(microseconds=1)
    return delete_in_batches(store, AnswerTable, AnswerTable.created_at <= oldest)


def check_key(key: str | None) -> None:
    """Refuse a key that is too long, or empty, with `InvalidEntry`."""
    if key is not None and not 1 <= len(key) <= MAX_KEY_LENGTH:
        message = f"La clé d’idempotence comporte 1 à {MAX_KEY_LENGTH} caractères."
        fault = "TOO_LONG" if key else "REQUIRED"
        raise Refused(InvalidEntry(problems=[problem("idempotencyKey", fault, message)]))


def store_answer(op: Operation, data: Any) -> None:
    """Store the answer of a mutation that was done, for later requests with the same key."""
    if op.idempotency_key is None or op.answer_slot is None:
        return
    sealer = op.answer_slot.sealer
    hashed = sealer.blind_index(op.idempotency_key)
    op.store.write(
        AnswerTable.insert(
            booklet=op.answer_slot.booklet,
            key_hash=hashed,
            request_hash=sealer.blind_index(op.request_hash()),
            created_at=op.now_us,
            sealed=sealer.seal(
                SealContext("answer", hashed, 0), _without(data, op.answer_slot.one_time_secrets)
            ),
        )
    )


def _without(data: Any, one_time_secrets: frozenset[str]) -> Any:
    """The answer with null for one-time secrets, whatever the client called their fields."""
    if isinstance(data, dict):
        return {name: _without(value, one_time_secrets) for name, value in data.items()}
    return None if isinstance(data, str) and data in one_time_secrets else data

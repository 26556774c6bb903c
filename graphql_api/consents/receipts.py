"""Receipts of consents: their terms, signed. A receipt proves; it authorises nothing.

A receipt is a JWS (RFC 7515) of its own type, signed by the key of tokens: no API takes it for a
token, since its type differs and it has neither audience nor subject. It names nobody. It holds the
salt of its digest in the chain of events, so that it can be found there even once the key that
signed it is no longer published.
"""

import json
from dataclasses import dataclass
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError

from graphql_api.identity_provider.signing_keys import ALGORITHM, current_key, public_keys
from graphql_api.storage.communicated import consent_events, consent_repository
from graphql_api.storage.communicated.consent_events import ChainLink
from graphql_api.storage.communicated.consent_repository import terms_digest
from graphql_api.storage.content.booklet_rows import BookletRow, sealer_of
from graphql_api.storage.operation import Operation, from_microseconds
from graphql_api.storage.store import Store
from graphql_api.storage.tables import ConsentEventTable

RECEIPT_TYPE = "livret-consent+jwt"
LONGEST = 16_384
_UNREADABLE = (JoseError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


class ReceiptError(Exception):
    """A text that is no receipt of this service."""


@dataclass(frozen=True, slots=True)
class VerifiedReceipt:
    """The terms in a receipt, its event, and whether a key still published signed it."""

    terms: dict[str, Any]
    event: ChainLink
    is_signed: bool


def receipt(op: Operation, row: BookletRow, id: str, issuer: str) -> str | None:
    """The receipt of a consent, live or ended, of a booklet; None when it has none of that id.

    Raises `NoSigningKey`.
    """
    sealer = sealer_of(op, row.id)
    mine = consent_repository.of_booklet(op, sealer, row.id) if sealer else []
    consent = next((one for one in mine if one.id == id), None)
    if consent is None:
        return None
    query = ConsentEventTable.select(ConsentEventTable.hash).where(
        ConsentEventTable.number == consent.event
    )
    ((hashed,),) = op.store.rows(query.tuples())
    claims: dict[str, Any] = {
        "iss": issuer,
        "iat": op.now_us // 1_000_000,
        "jti": consent.id,
        "consent": consent.terms,
        "salt": consent.salt,
        "event": {"number": consent.event, "hash": hashed},
    }
    if consent.ended_by is not None and consent.ended_at is not None:
        at = from_microseconds(consent.ended_at).isoformat()
        claims["ended"] = {"at": at, "by": consent.ended_by.value}
    key = current_key(op.store, op.service_keys, op.now_us)
    header = {"alg": ALGORITHM, "typ": RECEIPT_TYPE, "kid": key.kid}
    return jwt.encode(header, claims, key, [ALGORITHM])


def verify_receipt(store: Store, text: str) -> VerifiedReceipt:
    """Verify that the chain of events contains a receipt. Raises `ReceiptError`."""
    if len(text) > LONGEST or not text.isascii():
        raise ReceiptError("Ce fichier n’est pas un récépissé.")
    with store.reading():
        try:
            header: object = jws.extract_compact(text.encode()).protected
            if not isinstance(header, dict) or header.get("typ") != RECEIPT_TYPE:
                raise ReceiptError("Ce fichier n’est pas un récépissé.")
            claims, is_signed = _claims(store, text, header)
            terms, event = claims["consent"], claims["event"]
            link = ChainLink(int(event["number"]), str(event["hash"]))
            digest = terms_digest(str(claims["salt"]), terms)
        except _UNREADABLE as error:
            raise ReceiptError("Ce récépissé est illisible ou a été modifié.") from error
        if not 0 < link.number < 2**63 or consent_events.kind_at(store, link, digest) is None:
            raise ReceiptError("La chaîne des consentements ne contient pas ce récépissé.")
    return VerifiedReceipt(terms, link, is_signed)


def _claims(store: Store, text: str, header: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The claims of a receipt, and whether a published key verified them."""
    keys = public_keys(store)
    if any(key.kid == header.get("kid") for key in keys.keys):
        return dict(jwt.decode(text, keys, algorithms=[ALGORITHM]).claims), True
    return dict(json.loads(jws.extract_compact(text.encode()).payload)), False

"""A signature is verified once for one set of keys; what a token says is checked each time."""

import pytest
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import ECKey, KeySet

from graphql_api.callers.verified_signatures import VerifiedSignatures
from graphql_api.storage.operation import digest
from tests.conftest import Here
from tests.graphql_api.callers.tokens import accepted, call, signed

KEY = ECKey.generate_key("P-256", auto_kid=True)


def token_of(subject: str, key: ECKey = KEY) -> str:
    return jwt.encode({"alg": "ES256", "kid": key.kid}, {"sub": subject, "é": ["ü"]}, key)


def test_the_claims_are_the_same_whether_a_signature_was_verified_before_or_not() -> None:
    signatures, keys, token = VerifiedSignatures(), KeySet([KEY]), token_of("agent")
    first = signatures.claims(token, keys)
    assert signatures.claims(token, keys) == first == {"sub": "agent", "é": ["ü"]}
    assert len(signatures) == 1


def test_a_key_that_is_no_longer_published_verifies_nothing_more() -> None:
    signatures, token = VerifiedSignatures(), token_of("agent")
    signatures.claims(token, KeySet([KEY]))
    other = KeySet([ECKey.generate_key("P-256", auto_kid=True)])
    for _ in range(2):
        with pytest.raises((JoseError, ValueError)):
            signatures.claims(token, other)


def test_a_refused_token_is_not_remembered() -> None:
    signatures, keys = VerifiedSignatures(), KeySet([KEY])
    forged = token_of("agent", ECKey.generate_key("P-256", {"kid": KEY.kid}))
    for _ in range(2):
        with pytest.raises((JoseError, ValueError)):
            signatures.claims(forged, keys)
    assert len(signatures) == 0


def test_as_many_signatures_are_remembered_as_was_said_and_the_newest_stay() -> None:
    signatures, keys = VerifiedSignatures(size=2), KeySet([KEY])
    for subject in ("first", "second", "third"):
        signatures.claims(token_of(subject), keys)
    assert len(signatures) == 2


@pytest.mark.parametrize("here", ["sqlite"], indirect=True)
def test_an_accepted_token_that_is_altered_anywhere_is_refused(here: Here) -> None:
    token = signed(here)
    assert accepted(call(here, f"Bearer {token}"))
    head, payload, signature = token.split(".")
    for altered in (
        f"{head}.{payload}.{digest(signature)}",
        f"{head}.{signed(here, sub='other').split('.')[1]}.{signature}",
        f"{signed(here, header={'typ': 'application/at+jwt'}).split('.')[0]}.{payload}.{signature}",
    ):
        assert not accepted(call(here, f"Bearer {altered}"))
    assert accepted(call(here, f"Bearer {token}"))

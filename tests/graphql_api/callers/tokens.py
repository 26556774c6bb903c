"""Tokens for tests, good and forged, and the one refusal that they meet."""

import base64
import hashlib
import hmac
import json
from typing import Any

import httpx2
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, RSAKey

from graphql_api.configuration.settings import OWN_CLIENT
from tests.conftest import Here

ASK = {"query": "{ booklet { id } }"}
PRINT = "livret-print+jwt"
REFUSAL = {
    "errors": [
        {
            "message": "This access token is not accepted.",
            "extensions": {"code": "INVALID_TOKEN"},
        }
    ]
}


def call(here: Here, authorization: str | bytes) -> httpx2.Response:
    """Ask for the booklet under an Authorization header."""
    given_bytes = authorization.encode() if isinstance(authorization, str) else authorization
    headers = {b"authorization": given_bytes, b"accept": b"application/graphql-response+json"}
    return here.client.post("/graphql", json=ASK, headers=headers)


def accepted(answer: httpx2.Response) -> bool:
    """Whether the token passed; if it did not, the refusal is the one and only."""
    if answer.status_code == 200:
        assert answer.json() == {"data": {"booklet": None}}
        return True
    assert answer.status_code == 401
    assert answer.json() == REFUSAL
    assert answer.headers["www-authenticate"] == 'Bearer error="invalid_token"'
    assert answer.headers["cache-control"] == "no-store"
    return False


def claims(here: Here, **changes: Any) -> dict[str, Any]:
    """The claims of a good token, with changes; `...` takes a claim away."""
    now = here.clock.seconds
    good = {
        "iss": here.deployment.settings.token_issuer,
        "aud": here.deployment.settings.token_audience,
        "sub": "agent",
        "client_id": OWN_CLIENT,
        "scope": "livret:read livret:write",
        "iat": now,
        "exp": now + 600,
        "jti": "1",
    }
    return {name: value for name, value in (good | changes).items() if value is not ...}


def signed(here: Here, *, header: dict[str, Any] | None = None, **changes: Any) -> str:
    """A token signed with the service's own key, with changes to its header and claims."""
    key = own_key(here)
    wanted = {"alg": "ES256", "typ": "at+jwt", "kid": key.kid} | (header or {})
    kept = {name: value for name, value in wanted.items() if value is not ...}
    return jwt.encode(kept, claims(here, **changes), key, default_type=None)


def own_key(here: Here) -> Any:
    return here.deployment.key


def print_key(here: Here) -> OctKey:
    return here.deployment.service.credentials._print_key()


def encoded(part: object) -> str:
    """A part of a compact token."""
    written = part if isinstance(part, bytes) else json.dumps(part).encode()
    return base64.urlsafe_b64encode(written).rstrip(b"=").decode()


def unsigned(header: object, payload: object, signature: bytes = b"") -> str:
    return ".".join((encoded(header), encoded(payload), encoded(signature) if signature else ""))


def forged_with_another_key(here: Here) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": "at+jwt", "kid": own_key(here).kid}
    return jwt.encode(header, claims(here), key)


def with_its_own_key_inside(here: Here) -> str:
    key = ECKey.generate_key("P-256")
    header = {"alg": "ES256", "typ": "at+jwt", "jwk": key.as_dict(private=False)}
    return jwt.encode(header, claims(here), key)


def altered_after_signing(here: Here) -> str:
    header, _, signature = signed(here).split(".")
    return f"{header}.{encoded(claims(here, sub='other'))}.{signature}"


def altered_signature(here: Here) -> str:
    head, _, signature = signed(here).rpartition(".")
    return f"{head}.{'B' if signature[0] == 'A' else 'A'}{signature[1:]}"


def without_signature(here: Here) -> str:
    return signed(here).rpartition(".")[0] + "."


def of_algorithm_none(here: Here) -> str:
    return unsigned({"alg": "none", "typ": "at+jwt"}, claims(here))


def of_algorithm_none_in_capitals(here: Here) -> str:
    return unsigned({"alg": "NONE", "typ": "at+jwt", "kid": own_key(here).kid}, claims(here))


def symmetric_with_the_public_key(here: Here) -> str:
    secret = own_key(here).as_pem(private=False)
    header = {"alg": "HS256", "typ": "at+jwt", "kid": own_key(here).kid}
    head = unsigned(header, claims(here)).removesuffix(".")
    return f"{head}.{encoded(hmac.digest(secret, head.encode(), hashlib.sha256))}"


def of_another_kind_of_key(here: Here) -> str:
    key = RSAKey.generate_key(2048)
    header = {"alg": "RS256", "typ": "at+jwt", "kid": own_key(here).kid}
    return jwt.encode(header, claims(here), key)


def of_a_deprecated_algorithm(here: Here) -> str:
    header = {"alg": "EdDSA", "typ": "at+jwt", "kid": own_key(here).kid}
    return unsigned(header, claims(here), b"x" * 64)


def with_a_critical_extension(here: Here) -> str:
    header = {"alg": "ES256", "typ": "at+jwt", "kid": own_key(here).kid, "crit": ["x"], "x": 1}
    return unsigned(header, claims(here), b"x" * 64)


def access_token_said_to_be_for_printing(here: Here) -> str:
    return signed(here, header={"typ": PRINT}, booklet="b", dossier="d")


def access_token_signed_with_the_print_key(here: Here) -> str:
    header = {"alg": "HS256", "typ": "at+jwt"}
    return jwt.encode(header, claims(here), print_key(here))


def print_token_without_its_dossier(here: Here) -> str:
    now = here.clock.seconds
    content = {"booklet": "b", "iat": now, "exp": now + 120}
    return jwt.encode({"alg": "HS256", "typ": PRINT}, content, print_key(here))


def print_token_of_another_master_key(here: Here) -> str:
    now = here.clock.seconds
    content = {"booklet": "b", "dossier": "d", "iat": now, "exp": now + 120}
    return jwt.encode({"alg": "HS256", "typ": PRINT}, content, OctKey.generate_key(256))


def encrypted_and_not_signed(_here: Here) -> str:
    return unsigned({"alg": "dir", "enc": "A256GCM", "typ": "at+jwt"}, b"x") + ".eA.eA"


FORGERIES = (
    forged_with_another_key,
    with_its_own_key_inside,
    altered_after_signing,
    altered_signature,
    without_signature,
    of_algorithm_none,
    of_algorithm_none_in_capitals,
    symmetric_with_the_public_key,
    of_another_kind_of_key,
    of_a_deprecated_algorithm,
    with_a_critical_extension,
    access_token_said_to_be_for_printing,
    access_token_signed_with_the_print_key,
    print_token_without_its_dossier,
    print_token_of_another_master_key,
    encrypted_and_not_signed,
)

"""Credentials → actor: RFC 9068 access tokens, and the print workshop's own short tokens.

Everything about a token is pinned here: algorithms, `typ`, issuer, audience, times. A token that
fails any of it is refused as a whole; nothing says which check failed.
"""

from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from graphql_api.callers.own_issuer import OwnIssuer
from graphql_api.callers.token_keys import TokenKeys
from graphql_api.callers.verified_signatures import VerifiedSignatures, token_part
from graphql_api.clock import Clock
from graphql_api.configuration.settings import Settings
from graphql_api.identity_provider.oauth.token_format import LONGEST_TOKEN
from graphql_api.storage.actors import Actor, Agent, Anonymous, Machine, PrintJob
from graphql_api.storage.keys.service_keys import PRINT_TOKENS, ServiceKeys

LEEWAY_SECONDS = 60
PRINT_TOKEN_SECONDS = 120
_PRINT_TYPE = "livret-print+jwt"
_ACCESS_TYPES = ("at+jwt", "application/at+jwt")


class InvalidTokenError(Exception):
    """The credential that came with the request is not accepted."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """What tokens are verified against; `identity_issuer` names the issuer in login identities."""

    issuer: str
    identity_issuer: str
    audience: str
    keys: TokenKeys | OwnIssuer
    service_keys: ServiceKeys
    clock: Clock
    signatures: VerifiedSignatures = field(default_factory=VerifiedSignatures)

    def actor(self, authorization: str | None) -> Actor:
        """The actor that an Authorization header names. Raises `InvalidTokenError`."""
        if authorization is None:
            return Anonymous()
        scheme, _, token = authorization.partition(" ")
        token = token.strip(" ")  # RFC 9110, section 11.4: one space or more
        if scheme.lower() != "bearer" or not token.isascii() or len(token) > LONGEST_TOKEN:
            raise InvalidTokenError
        try:
            return self._actor(token)
        except (JoseError, ValueError, TypeError, KeyError) as error:
            raise InvalidTokenError from error

    def _actor(self, token: str) -> Actor:
        header = token_part(token, 0)
        typ = str(header.get("typ", "")).lower()
        if typ == _PRINT_TYPE:
            claims = self._checked(
                jwt.decode(token, self._print_key(), algorithms=["HS256"]).claims
            )
            return PrintJob(
                booklet=_text(claims, "booklet"),
                dossier=_text(claims, "dossier"),
                for_owner=claims.get("for_owner") is True,
            )
        if typ not in _ACCESS_TYPES:
            raise InvalidTokenError
        keys = self.keys.with_key_id(header.get("kid"))
        claims = self._checked(self.signatures.claims(token, keys))
        audience = claims.get("aud")
        audiences = audience if isinstance(audience, list) else [audience]
        if claims.get("iss") != self.issuer or self.audience not in audiences:
            raise InvalidTokenError
        if not self.keys.is_registered(claims.get("client_id")):
            raise InvalidTokenError
        scopes, subject = frozenset(_text(claims, "scope").split()), _text(claims, "sub")
        if claims.get("client_id") == subject:  # RFC 9068, section 5: the token is a program's
            return Machine(client=subject, scopes=scopes)
        return Agent(
            issuer=self.identity_issuer,
            subject=subject,
            scopes=scopes,
            signed_in_at=_signed_in_at(claims),
        )

    def _checked(self, claims: dict[str, Any]) -> dict[str, Any]:
        """Return the claims after a check of their times; both `exp` and `iat` must be there."""
        now = int(self.clock().timestamp())
        begins = max(_seconds(claims["iat"]), _seconds(claims.get("nbf", 0)))
        if not begins - LEEWAY_SECONDS <= now <= _seconds(claims["exp"]) + LEEWAY_SECONDS:
            raise InvalidTokenError
        return claims

    def _print_key(self) -> OctKey:
        derived = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"livret print tokens")
        return OctKey.import_key(derived.derive(self.service_keys(PRINT_TOKENS)))

    def print_token(self, booklet: str, dossier: str, *, for_owner: bool = False) -> str:
        """Make a token for one print job: this dossier only, for two minutes.

        `for_owner` says that the owner asked for it, who need not be told.
        """
        now = int(self.clock().timestamp())
        claims = {
            "booklet": booklet,
            "dossier": dossier,
            "for_owner": for_owner,
            "iat": now,
            "exp": now + PRINT_TOKEN_SECONDS,
        }
        return jwt.encode({"alg": "HS256", "typ": _PRINT_TYPE}, claims, self._print_key())


def credentials_from(
    settings: Settings, keys: TokenKeys | OwnIssuer, service_keys: ServiceKeys, clock: Clock
) -> Credentials:
    """Build the credentials that the settings describe; `keys` verify access tokens."""
    return Credentials(
        issuer=settings.token_issuer,
        identity_issuer=settings.identity_issuer,
        audience=settings.token_audience,
        keys=keys,
        service_keys=service_keys,
        clock=clock,
    )


def _signed_in_at(claims: dict[str, Any]) -> int | None:
    """The claim `auth_time` (OpenID Connect Core, section 2), which is optional."""
    if "auth_time" not in claims:
        return None
    seconds = _seconds(claims["auth_time"])
    if not 0 <= seconds < 2**53:  # also not a number, and infinity
        raise InvalidTokenError
    return int(seconds)


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise InvalidTokenError
    return value


def _text(claims: dict[str, Any], name: str) -> str:
    value = claims[name]
    if not isinstance(value, str) or not value:
        raise InvalidTokenError
    return value

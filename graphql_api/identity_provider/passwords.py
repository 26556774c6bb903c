"""Passwords: the rules of good ones, their hashes, their verification.

Composition follows the CNIL's recommendation of 21 July 2022 (délibération 2022-100) for a
password without another measure, 80 bits: twelve characters of four kinds, fourteen of three, or
a phrase of seven words. A list of composition rules accepts « Motdepasse2026! », so that what can
be guessed is refused too. Text is prepared as RFC 8265 (OpaqueString) says: NFC, every space is
the plain one, no control characters, nothing trimmed.
"""

import base64
import os
import re
import unicodedata
from collections.abc import Iterable

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError

LONGEST = 128
TOO_LONG = f"Choisissez un mot de passe de {LONGEST} caractères au plus."
INVISIBLE = "Le mot de passe contient un caractère invisible : saisissez-le au clavier."
TOO_SIMPLE = (
    "Choisissez un mot de passe d’au moins 12 caractères avec des majuscules, des minuscules, des"
    " chiffres et des signes, ou d’au moins 14 caractères sans signes, ou une phrase d’au moins"
    " 7 mots différents."
)
GUESSABLE = (
    "Ce mot de passe est trop facile à deviner : évitez les mots courants, les suites de touches,"
    " les dates, votre nom et votre adresse."
)

# OWASP's Password Storage Cheat Sheet, first choice for Argon2id (RFC 9106): 46 MiB, one pass,
# one lane. The salt has 128 bits, the hash 256.
_HASHER = PasswordHasher(time_cost=1, memory_cost=47_104, parallelism=1, hash_len=32, salt_len=16)


def find_weakness(password: str, about: Iterable[str] = ()) -> str | None:
    """Find the weakness of a new password, and return a French sentence; None when it is good.

    `about` is what others know of the person: names, e-mail address.
    """
    text = _normalize(password)
    if len(text) > LONGEST:
        return TOO_LONG
    if any(unicodedata.category(character) in ("Cc", "Cs") for character in text):
        return INVISIBLE
    if not _meets_composition_rules(text):
        return TOO_SIMPLE
    # Not above: its dictionaries take 13 MB, and few requests choose a password.
    from graphql_api.identity_provider.guessing import is_guessable

    return GUESSABLE if is_guessable(text, (told[:LONGEST] for told in about)) else None


def hash_password(password: str) -> str:
    """Hash a password by Argon2id with a fresh salt, in PHC form."""
    return _HASHER.hash(_encode(password))


def verify(hash: str | None, password: str) -> bool:
    """Verify a password against a hash.

    Without a hash the answer is False, and takes as long: time does not tell who has an account.
    """
    try:
        return _HASHER.verify(_dummy_hash() if hash is None else hash, _encode(password))
    except VerifyMismatchError:
        return False


def needs_rehash(hash: str) -> bool:
    """Whether the hash was made with other parameters than today's."""
    return _HASHER.check_needs_rehash(hash)


def _normalize(password: str) -> str:
    spaced = "".join(
        " " if unicodedata.category(character) == "Zs" else character for character in password
    )
    return unicodedata.normalize("NFC", spaced)


def _encode(password: str) -> bytes:
    return _normalize(password).encode("utf-8", "surrogatepass")


def _dummy_hash() -> str:
    """Make a hash of no known password, without the work of hashing."""
    salt, digest = (
        base64.b64encode(os.urandom(length)).decode().rstrip("=")
        for length in (_HASHER.salt_len, _HASHER.hash_len)
    )
    cost = f"m={_HASHER.memory_cost},t={_HASHER.time_cost},p={_HASHER.parallelism}"
    return f"$argon2id$v=19${cost}${salt}${digest}"


def _meets_composition_rules(text: str) -> bool:
    words = {word for word in re.split(r"[\W\d_]+", text.casefold()) if len(word) > 1}
    kinds = (
        any(character.isupper() for character in text),
        any(character.islower() for character in text),
        any(character.isdecimal() for character in text),
    )
    signs = any(not character.isalnum() for character in text)
    three = all(kinds) and len(text) >= 14
    return three or (all(kinds) and signs and len(text) >= 12) or len(words) >= 7
